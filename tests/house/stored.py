"""House rules on tables: what they may point to, and what they say about the personal data they hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.house.source import Module, dotted, modules

CLASSES = {"public", "personal", "specific", "identity", "safeguarding"}
LINKS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
MODEL_BASES = {"Model", "AbstractUser", "AbstractBaseUser", "PermissionsMixin"}


@dataclass(frozen=True)
class Table:
    """One model class."""

    module: Module
    node: ast.ClassDef
    abstract: bool

    @property
    def where(self) -> str:
        return f"{self.module.at(self.node)}: {self.node.name}"

    def value(self, name: str) -> ast.expr | None:
        """What the class assigns to `name` in its own body."""
        for statement in self.node.body:
            if isinstance(statement, ast.AnnAssign) and dotted(statement.target) == name:
                return statement.value
            if isinstance(statement, ast.Assign) and any(
                dotted(target) == name for target in statement.targets
            ):
                return statement.value
        return None

    def assigned(self) -> set[str]:
        """Every name the class assigns: among them its columns."""
        targets = [
            target
            for statement in self.node.body
            for target in (
                statement.targets
                if isinstance(statement, ast.Assign)
                else [statement.target]
                if isinstance(statement, ast.AnnAssign)
                else []
            )
        ]
        return {dotted(target) for target in targets}


def tables(root: Path) -> list[Table]:
    """The model classes of all rooms, also those that stand on another model of the tree."""
    classes = [
        (module, node)
        for module in modules(root)
        if module.part == "models" and module.room != "lib"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    ]
    known = set(MODEL_BASES)
    while True:
        found = {node.name for _, node in classes if _bases(node) & known}
        if found <= known:
            break
        known |= found
    return [Table(module, node, _is_abstract(node)) for module, node in classes if _bases(node) & known]


def _bases(node: ast.ClassDef) -> set[str]:
    return {dotted(base).split(".")[-1] for base in node.bases}


def _is_abstract(node: ast.ClassDef) -> bool:
    return any(
        isinstance(inner, ast.ClassDef)
        and inner.name == "Meta"
        and any(isinstance(line, ast.Assign) and dotted(line.targets[0]) == "abstract" for line in inner.body)
        for inner in node.body
    )


def silent_tables(root: Path) -> list[str]:
    """Models that do not say which personal data they hold, and for how long a row is kept."""
    found = []
    everything = tables(root)
    columns = {table.node.name: table.assigned() for table in everything}
    for table in everything:
        if not table.abstract:
            inherited = set().union(*(columns.get(base, set()) for base in _bases(table.node)))
            found += [
                f"{table.where} {complaint}." for complaint in _silence(table, table.assigned() | inherited)
            ]
    return found


def _silence(table: Table, columns: set[str]) -> Iterator[str]:
    data = table.value("personal_data")
    if not isinstance(data, ast.Dict):
        yield "does not declare `personal_data` (column -> class; an empty dict says: none)"
    else:
        for key, value in zip(data.keys, data.values, strict=True):
            name = str(key.value) if isinstance(key, ast.Constant) else "?"
            kind = str(value.value) if isinstance(value, ast.Constant) else "?"
            if kind not in CLASSES:
                yield f"calls {name} {kind!r}; the classes are {', '.join(sorted(CLASSES))}"
            if name not in columns and name.removesuffix("_id") not in columns:
                yield f"says what {name!r} holds, but has no such column"
    kept = table.value("retention")
    if not (isinstance(kept, ast.Constant) and isinstance(kept.value, str) and kept.value.strip()):
        yield "does not declare `retention`: say in words how long a row is kept"


def upward_links(root: Path, heights: Mapping[str, int]) -> list[str]:
    """Foreign keys to a table on a higher floor, or beside on the same one."""
    found = []
    labels = _labels(root)
    for table in tables(root):
        for node in ast.walk(table.node):
            if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] in LINKS:
                target = _target_room(table.module, node)
                target = labels.get(target, target)
                if target == table.module.room or target not in heights:
                    continue
                if heights[target] >= heights.get(table.module.room, 0):
                    found.append(
                        f"{table.module.at(node)}: {table.node.name} points up to {target}. Links go down: "
                        "let the upper room hold the key."
                    )
    return found


def _target_room(module: Module, call: ast.Call) -> str:
    """The room a foreign key points to, from `"cases.Case"`, a class imported from it, or the user setting."""
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "to"), None)
    target = call.args[0] if call.args else named
    if isinstance(target, ast.Constant) and isinstance(target.value, str):
        return target.value.split(".")[0] if "." in target.value else module.room
    name = dotted(target)
    if name.endswith("AUTH_USER_MODEL"):
        return "accounts"
    first = name.split(".")[0]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("simpul."):
            for alias in node.names:
                if (alias.asname or alias.name) == first:
                    return node.module.split(".")[1]
    return module.room


def _labels(root: Path) -> dict[str, str]:
    """App label -> room, for rooms whose label differs from their name."""
    return {
        value.value: module.room
        for module in modules(root)
        if module.part == "apps"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign) and dotted(node.targets[0]) == "label"
        for value in [node.value]
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def long_memory(root: Path) -> list[str]:
    """Default orderings, which slow every query in silence."""
    return [
        f"{table.where} sets Meta.ordering; say the order where a list is made."
        for table in tables(root)
        for inner in table.node.body
        if isinstance(inner, ast.ClassDef) and inner.name == "Meta"
        for line in inner.body
        if isinstance(line, ast.Assign) and dotted(line.targets[0]) == "ordering"
    ]
