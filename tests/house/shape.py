"""House rules on the form of the tree: furniture, length, imports in functions, migrations, docstrings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import DOORS, PARTS, Function, functions, imported_modules, modules, rooms

LONGEST_FUNCTION = 60
LONGEST_FILE = 500
BESIDES = {"__init__.py", "apps.py", "migrations", "catalogue", "locale", "__pycache__"}
NEVER = {
    "admin",
    "signals",
    "forms",
    "views",
    "urls",
    "managers",
    "utils",
    "helpers",
    "services",
    "tests",
    "management",
}


def furniture(root: Path) -> list[str]:
    """Rooms that hold a kind of file the house does not know, or more than one tool."""
    return [complaint for room in rooms(root) for complaint in _furniture_of(room)]


def _furniture_of(room: Path) -> Iterator[str]:
    known = BESIDES | {f"{part}.py" for part in PARTS} | set(PARTS)
    others = sorted(item.name for item in room.iterdir() if item.name not in known)
    for name in others:
        if name.removesuffix(".py") in NEVER:
            yield f"simpul/{room.name}/{name}: a room has no such file; docs/map.md says where its lines live."
    tools = [name for name in others if name.removesuffix(".py") not in NEVER]
    if len(tools) > 1:
        yield f"simpul/{room.name}/: {', '.join(tools)} are {len(tools)} tools; a room has one at most."
    for part in PARTS:
        if (room / part).is_dir() and (room / f"{part}.py").exists():
            yield f"simpul/{room.name}/: {part} is both a file and a folder."


def too_long(root: Path) -> list[str]:
    """Functions whose body is above 60 lines, and files above 500."""
    found = []
    for module in modules(root):
        lines = len(module.path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            found.append(
                f"{module.at(module.tree)}: {lines} lines; split it by topic (at most {LONGEST_FILE})."
            )
        for node in functions(module.tree):
            length = _length(node)
            if length > LONGEST_FUNCTION:
                found.append(
                    f"{module.at(node)}: {node.name} has {length} lines (at most {LONGEST_FUNCTION})."
                )
    return found


def _length(node: Function) -> int:
    """Lines of the body. The inputs, one a line, and the docstring do not count: nobody should save on them."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (node.end_lineno or node.lineno) - body[0].lineno + 1


def imports_in_functions(root: Path) -> list[str]:
    """Imports that hide inside functions, where the contracts' reader does not look for them."""
    return [
        f"{module.at(child)}: {node.name} imports inside itself. Import at the top; if that makes a circle, move the code."
        for module in modules(root)
        for node in functions(module.tree)
        for child in ast.walk(node)
        if isinstance(child, ast.Import | ast.ImportFrom)
    ]


def names_imported_from_rooms(root: Path) -> list[str]:
    """Imports of names, not modules, between rooms (`from simpul.people.queries import find_person`)."""
    seats = {room.name for room in rooms(root)}
    return [
        f"{module.at(node)}: import the module, not its names: from simpul.{parts[1]} import {parts[2]} as {parts[1]}_{parts[2]}."
        for module in modules(root)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for parts in [node.module.split(".")]
        if len(parts) == 3 and parts[0] == "simpul" and parts[1] in seats - {module.room}
        if parts[2] in ("access", "queries", "actions")
        and not (root / "simpul" / parts[1] / parts[2] / f"{node.names[0].name}.py").exists()
    ]


def unexplained(root: Path) -> list[str]:
    """Public functions of rules, access and queries without a docstring."""
    return [
        f"{module.at(node)}: {node.name} has no docstring; say the rule in one sentence (and its legal source)."
        for module in modules(root)
        if module.part in ("rules", "access", "queries") and module.room not in DOORS
        for node in module.tree.body
        if isinstance(node, Function) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]


CLOCKS = {
    "timezone.now",
    "datetime.now",
    "datetime.utcnow",
    "date.today",
    "datetime.today",
    "timezone.localdate",
    "time.time",
}


def clocks_in_rules(root: Path) -> list[str]:
    """Rules that look at the clock; "now" is an argument."""
    return [
        f"{module.at(node)}: a rule looks at the clock; take the time as an argument."
        for module in modules(root)
        if module.part in ("rules", "models")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and any(ast.unparse(node.func).endswith(clock) for clock in CLOCKS)
    ]


def signals(root: Path) -> list[str]:
    """Signal handlers and `save()` tricks: no act is finished behind its back."""
    found = []
    for module in modules(root):
        for node, name in imported_modules(module):
            if name.startswith("django.db.models.signals") or name == "django.dispatch.receiver":
                found.append(f"{module.at(node)}: no signals; the act makes the whole change.")
        if module.part == "models":
            found += [
                f"{module.at(node)}: no {node.name}() of a model's own; the act makes the whole change."
                for node in functions(module.tree)
                if node.name in ("save", "delete")
            ]
    return found


MIGRATION_NAME = re.compile(r"^\d{4}_[a-z][a-z0-9]*(_[a-z0-9]+)*$")
NAMELESS = re.compile(r"^\d{4}_(auto|alter|rename|remove|delete)?_?(\d|alter_|.*_and_more$|auto)")


def migrations(root: Path) -> list[str]:
    """Migrations that import code of the program (which changes under them), or whose name says nothing."""
    found = []
    for module in modules(root, migrations=True):
        stem = module.path.stem
        if stem == "__init__":
            continue
        if not MIGRATION_NAME.match(stem) or NAMELESS.match(stem):
            found.append(
                f"{module.at(module.tree)}: name the migration for what it does: 0007_cases_remember_their_weight."
            )
        found += [
            f"{module.at(node)}: a migration imports {name}; copy what it needs, the program will change."
            for node, name in imported_modules(module)
            if name.startswith("simpul.") and not _is_column(name)
        ]
    return found


def _is_column(name: str) -> bool:
    """Column types, constraints and key makers of the ground floor, which every migration of their tables must name for ever."""
    return (
        name.startswith(("simpul.lib.fields", "simpul.lib.ids", "simpul.lib.append_only"))
        or name == "simpul.lib"
    )
