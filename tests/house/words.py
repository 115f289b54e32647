"""House rules on words: every sentence of the interface has its Indonesian translation, checked, with its places kept."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation import templatize

from tests.house.source import modules

# Name of a translating function -> how many texts come first: (context?, singular, plural?).
TRANSLATORS = {
    "gettext": "s", "gettext_lazy": "s", "gettext_noop": "s", "ngettext": "sp", "ngettext_lazy": "sp",
    "pgettext": "cs", "pgettext_lazy": "cs", "npgettext": "csp", "npgettext_lazy": "csp",
}  # fmt: skip
IN_TEMPLATE = re.compile(r"(?<![\w.])(n?p?gettext|_)\(")
PLACE = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


@dataclass(frozen=True, order=True)
class Message:
    """A text to be translated, and where it stands."""

    app: str  # the room or door whose .po must hold it; "" when any may
    context: str
    text: str
    plural: str
    where: str


def untranslated(root: Path) -> list[str]:
    """Messages of templates and code without an Indonesian translation in their app's catalogue."""
    catalogues = _catalogues(root)
    everywhere = {key: entry for entries in catalogues.values() for key, entry in entries.items()}
    found = []
    for message in sorted(messages(root)):
        entries = catalogues.get(message.app, everywhere) if message.app not in ("", "web") else everywhere
        entry = entries.get((message.context, message.text))
        if entry is None or not _is_translated(entry):
            app = message.app if message.app in catalogues else "its app"
            found.append(
                f"{message.where}: {message.text[:80]!r} has no translation in the Indonesian catalogue of {app}."
            )
    return found


def badly_translated(root: Path) -> list[str]:
    """Entries that are fuzzy, or whose translation lost or gained a place such as %(name)s."""
    return [
        f"{app}: {entry.msgid[:80]!r} {complaint}."
        for app, entries in _catalogues(root).items()
        for entry in entries.values()
        for complaint in _faults(entry)
    ]


def _faults(entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield "is marked fuzzy; check it and remove the mark"
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    wanted = set(PLACE.findall(entry.msgid)) | set(PLACE.findall(entry.msgid_plural or ""))
    if "python-brace-format" not in entry.flags:
        wanted = {place for place in wanted if place.startswith("%")}
    for text in filter(None, texts):
        places = {place for place in PLACE.findall(text) if place.startswith("%") or place in wanted}
        if places != wanted:
            yield f"has other places in its translation: {', '.join(sorted(places ^ wanted))}"


def said_twice(root: Path) -> list[str]:
    """Sentences that two catalogues translate differently: which of them is shown would depend on the order of the apps."""
    said: dict[tuple[str | None, str], dict[str, str]] = {}
    for path in sorted((root / "simpul").rglob("locale/id/LC_MESSAGES/django.po")):
        place = path.relative_to(root / "simpul").parents[3].as_posix()
        for entry in polib.pofile(str(path)):
            if not entry.obsolete and not entry.msgid_plural:
                said.setdefault((entry.msgctxt, entry.msgid), {})[place] = entry.msgstr
    return [
        f"{words!r} is translated differently in {', '.join(sorted(places))}: choose one, or mark the meaning."
        for (_context, words), places in said.items()
        if len(set(places.values())) > 1
    ]


def _is_translated(entry: polib.POEntry) -> bool:
    return bool(all(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr) and not entry.fuzzy


def _catalogues(root: Path) -> dict[str, dict[tuple[str, str], polib.POEntry]]:
    """App -> its Indonesian entries, of all its catalogues (a door may have one a section); "" is the project's own."""
    found: dict[str, dict[tuple[str, str], polib.POEntry]] = {}
    for path in sorted((root / "simpul").rglob("locale/id/LC_MESSAGES/django.po")):
        app = path.relative_to(root / "simpul").parts[0]
        entries = polib.pofile(str(path))
        live = [entry for entry in entries if not entry.obsolete]
        known = found.setdefault("" if app == "locale" else app, {})
        known.update({(entry.msgctxt or "", entry.msgid): entry for entry in live})
    return found


def messages(root: Path) -> set[Message]:
    """Every text marked for translation in `simpul`."""
    return set(_messages_in_code(root)) | set(_messages_in_templates(root))


def _messages_in_code(root: Path) -> Iterator[Message]:
    for module in modules(root):
        names = _translators_of(module.tree)
        app = module.room if (root / "simpul" / module.room / "locale").is_dir() else ""
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in names:
                    texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                    yield from _message(names[name], texts, app, module.at(node))


def _translators_of(tree: ast.Module) -> dict[str, str]:
    """Local name -> shape, for imported translators and for a marker called `_` that the file defines itself."""
    names = dict(TRANSLATORS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {
                alias.asname or alias.name: TRANSLATORS[alias.name]
                for alias in node.names
                if alias.name in TRANSLATORS
            }
        elif (isinstance(node, ast.FunctionDef) and node.name == "_") or (
            isinstance(node, ast.ImportFrom)
            and any((alias.asname or alias.name) == "_" for alias in node.names)
        ):
            names.setdefault("_", "s")
    return names


def _message(shape: str, texts: Sequence[object], app: str, where: str) -> Iterator[Message]:
    parts = dict(zip(shape, (text for text in texts if isinstance(text, str)), strict=False))
    if parts.get("s"):
        yield Message(app, parts.get("c", ""), parts["s"], parts.get("p", ""), where)


def _messages_in_templates(root: Path) -> Iterator[Message]:
    for path in sorted((root / "simpul").rglob("templates/**/*")):
        if path.is_file() and path.suffix in (".html", ".txt", ".svg", ".xml"):
            where = path.relative_to(root).as_posix()
            owner = path.relative_to(root / "simpul").parts[0]
            app = "" if owner == "templates" else owner
            code = templatize(path.read_text(encoding="utf-8"), origin=where)
            for match in IN_TEMPLATE.finditer(code):
                line = code.count("\n", 0, match.start()) + 1
                shape = "s" if match[1] == "_" else TRANSLATORS[match[1]]
                yield from _message(shape, _texts_after(code, match.end()), app, f"{where}:{line}")


def _texts_after(code: str, start: int) -> list[object]:
    """The leading string arguments of a call in templatized code, which is not always whole Python."""
    texts: list[object] = []
    literal = re.compile(r"""\s*([urbURB]*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))\s*(,|\))""", re.DOTALL)
    while match := literal.match(code, start):
        texts.append(ast.literal_eval(match[1]))
        start = match.end()
        if match[2] == ")":
            break
    return texts
