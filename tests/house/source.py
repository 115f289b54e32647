"""Reading the source tree, so that a house rule can speak about it: modules as syntax trees, floors as numbers.

Every rule takes the folder that holds the package `simpul`. On the real tree that is the repository; in
`test_planted.py` it is a temporary folder with one planted fault.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PARTS = ("models", "rules", "access", "queries", "actions")
DOORS = frozenset({"web", "api", "hooks", "jobs", "cli", "demo"})
NO_ROOMS = DOORS | {"urls", "wsgi", "roles", "lib", "settings", "__main__", "__init__"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@lru_cache(maxsize=2000)
def _parsed(path: Path, _changed: int) -> ast.Module:
    """The syntax tree of a file, read once for all rules."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@dataclass(frozen=True)
class Module:
    """One Python file of the package."""

    root: Path
    path: Path

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.path, self.path.stat().st_mtime_ns)

    @property
    def names(self) -> tuple[str, ...]:
        """`simpul/cases/actions/intake.py` -> ("simpul", "cases", "actions", "intake")."""
        names = self.path.relative_to(self.root).with_suffix("").parts
        return names[:-1] if names[-1] == "__init__" else names

    @property
    def name(self) -> str:
        return ".".join(self.names)

    @property
    def room(self) -> str:
        """The seat in the house: "cases", "web", "roles"; "" for the package itself."""
        return self.names[1] if len(self.names) > 1 else ""

    @property
    def part(self) -> str:
        """The piece of furniture: "actions", "models", ...; "" for what lies directly in the room."""
        return self.names[2] if len(self.names) > 2 else ""

    def at(self, node: ast.AST) -> str:
        """Where a finding is, in the form editors open."""
        return f"{self.path.relative_to(self.root).as_posix()}:{getattr(node, 'lineno', 1)}"


def modules(root: Path, *, migrations: bool = False) -> Iterator[Module]:
    """The Python files of `simpul`, without migrations unless they are asked for."""
    for path in sorted((root / "simpul").rglob("*.py")):
        inside = "migrations" in path.relative_to(root).parts
        if inside == migrations:
            yield Module(root, path)


def rooms(root: Path) -> list[Path]:
    """The folders of the rooms: every package of `simpul` that is neither a door nor the ground floor."""
    return [
        folder
        for folder in sorted((root / "simpul").iterdir())
        if (folder / "__init__.py").exists() and folder.name not in NO_ROOMS
    ]


def floors(root: Path = REPOSITORY) -> dict[str, int]:
    """Height of each seat, 0 at the ground, as the import contract "floors" in pyproject.toml has it."""
    data = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(item for item in data["tool"]["importlinter"]["contracts"] if item["id"] == "floors")
    return {
        seat.strip(" ()"): height
        for height, line in enumerate(reversed(contract["layers"]))
        for seat in line.replace("|", ":").split(":")
    }


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function in a tree, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def imported_modules(module: Module) -> Iterator[tuple[ast.stmt, str]]:
    """Each import as (statement, dotted name), `from a import b` both as "a" and as "a.b"."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node, node.module
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"


def dotted(node: ast.AST | None) -> str:
    """`roles.require` for the syntax tree of it; "" for anything that is not a plain dotted name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""
