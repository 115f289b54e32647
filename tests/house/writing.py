"""House rules on who writes: only actions do, and an action writes only its own room's tables."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import Module, dotted, imported_modules, modules

# Where a write outside `actions` is right, and why.
ALLOWED: dict[str, str] = {
    "simpul.cases.search": "keeps the words of a case in step, called by the acts of its room alone",
    "simpul.cli.bench": "the bare-SQL side of a benchmark measures writing itself, in a database of its own",
    "simpul.cli.backup": "a restore puts whole tables back; it is no act of anybody on anything",
}

ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "insert_many", "insert_objects"}
ALWAYS |= {f"a{name}" for name in ALWAYS}
SOMETIMES = {"create", "update", "delete", "acreate", "aupdate", "adelete"}
QUERYSET = {
    "all", "filter", "exclude", "order_by", "select_for_update", "select_related", "using", "annotate", "distinct",
    "get_queryset", "in_bulk", "visible", "only", "defer", "values", "values_list", "first", "last",
}  # fmt: skip
WRITING_SQL = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|CREATE|DROP|ALTER)\b", re.IGNORECASE
)


def writes_outside_actions(root: Path) -> list[str]:
    """Writes in any file but `actions` (and the ground floor, whose fields and backends know no table of ours)."""
    return [
        f"{module.at(node)}: {what} writes outside actions. Move it into an act of the room that owns the table."
        for module in modules(root)
        if module.part != "actions" and module.room != "lib" and not _is_allowed(module)
        for node, what in _writes(module)
    ]


def _is_allowed(module: Module) -> bool:
    return any(module.name == name or module.name.startswith(f"{name}.") for name in ALLOWED)


def _writes(module: Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_write(node):
            yield node, f".{node.func.attr}()"


def is_write(call: ast.Call) -> bool:
    """True when the call writes a table, as far as its form shows. `dict.update(...)` and `image.save(path)` do not."""
    if not isinstance(call.func, ast.Attribute):
        return False
    name, receiver = call.func.attr, call.func.value
    if name in ALWAYS:
        return True
    if name in ("save", "asave"):
        return not call.args and not dotted(receiver).endswith("session")
    if name in ("execute", "executemany", "executescript"):
        return bool(call.args) and _is_writing_sql(call.args[0])
    if name not in SOMETIMES:
        return False
    if _comes_from_a_table(receiver):
        return True
    if name.endswith("delete"):
        return not call.args and not call.keywords and not dotted(receiver).endswith("session")
    return name.endswith("create") and isinstance(receiver, ast.Attribute) and not receiver.attr[:1].isupper()


def _comes_from_a_table(node: ast.expr) -> bool:
    """True when the chain holds a manager (`objects`), a related set, or a call of a QuerySet's method."""
    while True:
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in QUERYSET:
                return True
            node = node.func
        elif isinstance(node, ast.Attribute):
            if node.attr in ("objects", "_default_manager", "_base_manager") or node.attr.endswith("_set"):
                return True
            node = node.value
        else:
            return False


def _is_writing_sql(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(WRITING_SQL.match(node.value))
    )


def actions_on_foreign_tables(root: Path) -> list[str]:
    """Actions that read or write another room's tables. Naming a foreign model as the type of an argument is no harm."""
    return [
        f"{module.at(node)}: an action of {module.room} uses {what}. Call that room's actions or queries instead."
        for module in modules(root)
        if module.part == "actions"
        for node, what in _foreign_uses(module)
    ]


def _foreign_uses(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Where a name imported from another room's models is called, or something of it is taken."""
    foreign = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        if _is_models_of_another(f"{node.module}.{alias.name}", module.room)
    }
    for node in ast.walk(module.tree):
        used = (
            node.func
            if isinstance(node, ast.Call)
            else node.value
            if isinstance(node, ast.Attribute)
            else None
        )
        name = dotted(used)
        if name in foreign and not (foreign[name].endswith(".models") and _is_only_a_type(node, module.tree)):
            yield node, foreign[name]
    for node, name in imported_modules(module):
        if isinstance(node, ast.Import) and _is_models_of_another(name, module.room):
            yield node, name


def _is_models_of_another(name: str, room: str) -> bool:
    parts = name.split(".")
    return len(parts) in (3, 4) and parts[0] == "simpul" and parts[2] == "models" and parts[1] != room


def _is_only_a_type(node: ast.AST, tree: ast.Module) -> bool:
    """True when `models.Person` stands in an annotation."""
    annotations = [
        annotation
        for owner in ast.walk(tree)
        for annotation in (getattr(owner, "annotation", None), getattr(owner, "returns", None))
        if isinstance(annotation, ast.AST)
    ]
    return any(node is part for annotation in annotations for part in ast.walk(annotation))


def dynamic_tables(root: Path) -> list[str]:
    """Tables fetched by name (`apps.get_model`), which hides an import from the contracts."""
    return [
        f"{module.at(node)}: get_model() hides which table is meant. Import it, or ask the room that owns it."
        for module in modules(root)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and dotted(node.func).endswith("get_model")
    ]
