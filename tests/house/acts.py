"""House rules on acts: their form, their names, and that each is known to the role table, the journal and a test.

An act is a public function in a room's `actions`. What acts of a room share is a *step*: it stands in `actions/steps.py` (or in a
file whose name starts with an underscore), or beside the act it was made for, takes its subject by position, has no name in the role
table, and is used inside the room only. What one file needs for itself starts with an underscore.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from simpul import roles
from tests.house.source import Function, Module, dotted, functions, imported_modules, modules
from tests.house.writing import is_write

# Public functions of `actions` that are no acts of their own, and why.
NO_ACTS: dict[str, str] = {
    "simpul.journal.actions.record": "writes the line with which every act ends; the act around it asked for permission",
    "simpul.messages.actions.hold_incoming": "locks a message and reads it, and writes nothing; the act around it asked",
    "simpul.accounts.actions.end_sessions": "part of acts that take something away; they asked and leave the line",
    "simpul.accounts.actions.keep_preference": "a person's own language and last seat: no decision, no line",
}
# Acts that leave no line of their own, and why.
NO_LINE: dict[str, str] = {
    "simpul.journal.actions.seal_journal": "a seal is itself the record, and a line per seal would never come to an end",
    "simpul.journal.actions.claim_turn": "takes up periodic work; what the work does leaves lines of its own",
    "simpul.journal.actions.finish_turn": "lays periodic work down; what the work did has left lines of its own",
    "simpul.messages.actions.poll_gateway": "asks every few seconds; what it keeps, and a change of health, leave lines",
    "simpul.messages.actions.hold_gateway": "which process holds a connection: no decision, no line",
    "simpul.messages.actions.leave_gateway": "which process holds a connection: no decision, no line",
    "simpul.messages.actions.take_delivery": "a sender was told that a delivery is here; keeping it left the line",
    "simpul.messages.actions.claim_incoming": "takes a message up for the machine; what becomes of it leaves a line",
    "simpul.messages.actions.carry_file": "notes that a matter has got a file; the act that brought it leaves the line",
    "simpul.messages.actions.step_correspondent": "what a menu waits for next; the message that moved it on leaves a line",
    "simpul.exchange.actions.use_token": "notes when a key was used last; what is done with it leaves lines of its own",
    "simpul.exchange.actions.claim_reply": "takes up a request under its key; what the request does leaves its line",
    "simpul.exchange.actions.keep_reply": "keeps an answer to be said again; the request it answers left its line",
    "simpul.exchange.actions.drop_reply": "lets the key of a refused request go: nothing was done",
    "simpul.exchange.actions.forget_exchanges": "sweeps copies: what they tell of has its own lines",
    "simpul.exchange.actions.gather_dispatches": "copies lines of the journal: a line for each would never come to an end",
    "simpul.exchange.actions.send_dispatch": "its row tells of every try; what it tells of has left its line",
}
# Permission need not be the very first line: where an act is done is often written in the row it is done to. But no write
# may come before it.
STEPS = "steps"


@dataclass(frozen=True)
class Act:
    """One public function of an `actions` module."""

    module: Module
    node: Function

    @property
    def path(self) -> str:
        """`simpul.cases.actions.answer_case`, without the topic file: where it is called from does not change its name."""
        return ".".join((*self.module.names[:3], self.node.name))

    @property
    def where(self) -> str:
        return f"{self.module.at(self.node)}: {self.node.name}"


def act_name(function_name: str) -> str:
    """`hand_in_case` -> `case.hand_in`, as in `simpul.roles.act_name`."""
    verb, _, noun = function_name.rpartition("_")
    return f"{noun}.{verb}"


def acts(root: Path) -> list[Act]:
    """Every act of the tree."""
    outside = _names_used_outside(root)
    return [
        act
        for module in modules(root)
        if module.part == "actions" and not _is_for_steps(module.names)
        for node in module.tree.body
        if isinstance(node, Function) and not node.name.startswith("_")
        for act in [Act(module, node)]
        if act.path not in NO_ACTS and not _is_step(act, outside)
    ]


def _is_for_steps(names: tuple[str, ...]) -> bool:
    """True for `actions/steps.py` and `actions/_shared.py`, given a module's dotted name in parts."""
    return len(names) > 3 and (names[3] == STEPS or names[3].startswith("_"))


def _is_step(act: Act, outside: Mapping[str, set[str]]) -> bool:
    """True for a function that takes its subject by position, is no known act, and is used by its own room alone."""
    if not act.node.args.args or act_name(act.node.name) in roles.ACTS:
        return False
    return not any(act.node.name in names for room, names in outside.items() if room != act.module.room)


def _names_used_outside(root: Path) -> dict[str, set[str]]:
    """Room or door -> the names that its code takes from anything (`x.name`, `from x import name`)."""
    used: dict[str, set[str]] = {}
    for module in modules(root):
        names = used.setdefault(module.room, set())
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute):
                names.add(node.attr)
            elif isinstance(node, ast.ImportFrom):
                names.update(alias.name for alias in node.names)
    return used


def malformed(root: Path) -> list[str]:
    """Acts that are not keyword-only, typed and explained, or lack `by` and `at`."""
    return [f"{act.where} {complaint}." for act in acts(root) for complaint in _form(act.node)]


def _form(node: Function) -> Iterator[str]:
    arguments = node.args
    if arguments.args or arguments.posonlyargs or arguments.vararg:
        yield "takes arguments by position; put `*,` first, so that a call reads like a sentence"
    named = {argument.arg: argument for argument in arguments.kwonlyargs}
    for name, kind in (("by", "Actor"), ("at", "datetime")):
        if name not in named:
            yield f"does not take `{name}: {kind}`; who acts and when are always given"
        elif named[name].annotation is None or dotted(named[name].annotation).split(".")[-1] != kind:
            yield f"takes `{name}`, but not as {kind}"
    untyped = [name for name, argument in named.items() if argument.annotation is None]
    if untyped or node.returns is None or arguments.kwarg:
        yield f"is not fully typed ({', '.join(untyped) or 'its result, or **options'})"
    if not ast.get_docstring(node):
        yield "has no docstring; say in one sentence what it does, and what it refuses"


def unguarded(root: Path) -> list[str]:
    """Acts that write before they asked `roles.require`, or never ask, or ask for another act's name."""
    found = []
    helpers = _functions_by_room(root)
    for act in acts(root):
        reach = Reach(act, helpers[act.module.room])
        if not reach.calls("roles.require"):
            found.append(f"{act.where} never calls roles.require(by, {act_name(act.node.name)!r}, ...).")
        elif reach.writes_before("roles.require"):
            found.append(f"{act.where} writes before roles.require; permission comes first.")
        elif act_name(act.node.name) not in reach.texts():
            found.append(
                f"{act.where} must ask for its own name, {act_name(act.node.name)!r}, and nobody else's."
            )
    return found


def unrecorded(root: Path) -> list[str]:
    """Acts that leave no line in the journal."""
    helpers = _functions_by_room(root)
    return [
        f"{act.where} leaves no line; end with journal_actions.record(by=by, at=at, kind={act_name(act.node.name)!r}, ...)."
        for act in acts(root)
        if act.path not in NO_LINE and not Reach(act, helpers[act.module.room]).calls("record")
    ]


class Reach:
    """What an act does itself or through helpers of its own room: the calls, in the order of the source."""

    def __init__(self, act: Act, helpers: Mapping[str, Function]) -> None:
        self.helpers = helpers
        self.steps = list(self._steps(act.node, frozenset({act.node.name})))
        self.node = act.node

    def _steps(self, node: Function, seen: frozenset[str]) -> Iterator[ast.Call]:
        """The calls in source order; a call of a helper is followed by the helper's own."""
        for call in sorted(_calls(node), key=lambda call: (call.lineno, call.col_offset)):
            yield call
            name = dotted(call.func).split(".")[-1]
            if name in self.helpers and name not in seen:
                yield from self._steps(self.helpers[name], seen | {name})

    def calls(self, wanted: str) -> bool:
        return any(_names(call, wanted) for call in self.steps)

    def writes_before(self, wanted: str) -> bool:
        first = next(index for index, call in enumerate(self.steps) if _names(call, wanted))
        return any(is_write(call) for call in self.steps[:first])

    def texts(self) -> set[str]:
        """The texts in the act's own calls, where its name must stand."""
        return {
            node.value
            for node in ast.walk(self.node)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }


def _names(call: ast.Call, wanted: str) -> bool:
    name = dotted(call.func)
    return name == wanted or name.endswith(f".{wanted}")


def _calls(node: ast.AST) -> list[ast.Call]:
    return [child for child in ast.walk(node) if isinstance(child, ast.Call)]


def _functions_by_room(root: Path) -> Mapping[str, Mapping[str, Function]]:
    """Functions of each room's `actions`, by name: acts may share helpers and call each other. Read once for all its acts."""
    found: dict[str, dict[str, Function]] = {}
    for module in modules(root):
        if module.part == "actions":
            found.setdefault(module.room, {}).update((node.name, node) for node in functions(module.tree))
    return found


def borrowed_steps(root: Path) -> list[str]:
    """Steps, or names with an underscore, of one room's actions that are used by another room or a door."""
    return [
        f"{module.at(node)}: {name} is inside {name.split('.')[1]}; call one of its acts."
        for module in modules(root)
        for node, name in imported_modules(module)
        for parts in [name.split(".")]
        if len(parts) > 3 and parts[0] == "simpul" and parts[2] == "actions" and parts[1] != module.room
        if parts[3] == STEPS or any(part.startswith("_") for part in parts[3:])
    ]


def unknown_to_roles(root: Path, known: Mapping[str, str]) -> list[str]:
    """Acts without a name and journal label in the role table."""
    return [
        f"{act.where}: add {act_name(act.node.name)!r} with its journal words to ACTS in simpul/roles/acts.py."
        for act in acts(root)
        if not known.get(act_name(act.node.name))
    ]


def known_but_missing(root: Path, known: Mapping[str, str]) -> list[str]:
    """Names in the role table for which there is no act."""
    made = {act_name(act.node.name) for act in acts(root)}
    return [
        f"simpul/roles/acts.py: ACTS names {name!r}, but no act does it."
        for name in known
        if name not in made and name not in roles.SEEING
    ]


def untested(root: Path) -> list[str]:
    """Acts that no test names."""
    folder = root / "tests"
    words = "\n".join(
        path.read_text(encoding="utf-8")
        for path in folder.rglob("test_*.py")
        if "house" not in path.relative_to(folder).parts
    )
    words += (folder / "cast.py").read_text(encoding="utf-8") if (folder / "cast.py").exists() else ""
    return [
        f"{act.where} is named in no test; write one under tests/{act.module.room}/."
        for act in acts(root)
        if act.node.name not in words
    ]
