"""The one set of files that makes the field app, and its version.

A version is the digest of everything in the set, and every address inside the app carries it. So two versions never mix: a page that
was opened with one set asks for files of that set only, and a half-loaded update is simply not used. The set is read once in a process.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from simpul.desks import queries as desk_queries
from simpul.web import brand
from simpul.web.field import texts

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
HERE = "/lapangan/"
SHELL = "kulit.html"
KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".html": "text/html; charset=utf-8",
    ".wasm": "application/wasm",
}
SOUNDS = {".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".m4a": "audio/mp4", ".opus": "audio/ogg"}
FIRST = "field/app/boot.js"
STYLE = "field/field.css"
IMPORTED = re.compile(r'^(?:import|export)\b[^"\n]*from "([^"]+)";', re.MULTILINE)
WORDS = "teks.json"
BUNDLE = "set.gz"
ICONS_OF_SYSTEM = ("field/ikon-512.png", "field/ikon-penuh-512.png")
LEFT_OUT = ("field/sw.js", STYLE)
"""Given in another form: the worker at its own address, the style with the institution's colours before it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of the set."""

    name: str
    kind: str
    body: bytes

    @property
    def digest(self) -> str:
        """Hex sha256: the worker keeps only what has it."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def is_text(self) -> bool:
        """True for what can stand in the bundle."""
        return not self.kind.startswith("image/png") and self.kind != "application/wasm"

    @property
    def packed(self) -> bytes:
        """As it travels alone."""
        return gzip.compress(self.body, 9, mtime=0)


@dataclass(frozen=True)
class FieldSet:
    """Everything a phone needs to open the app without a network."""

    version: str
    pieces: dict[str, Piece]
    sounds: tuple[str, ...]
    bundle: bytes  # gzip of a JSON object: name -> text, of every kept text but the shell, whose own headers matter

    @property
    def base(self) -> str:
        """Where the files of this version are."""
        return base_of(self.version)

    @property
    def kept(self) -> dict[str, Piece]:
        """The pieces that a phone keeps: all but the large pictures of the app's icon, which the system fetches once."""
        return {name: piece for name, piece in self.pieces.items() if name not in ICONS_OF_SYSTEM}

    def weight(self) -> int:
        """Bytes that travel when the app is put on a phone: the bundle, and what comes beside it."""
        beside = [piece for piece in self.kept.values() if not piece.is_text or piece.name == SHELL]
        return len(self.bundle) + sum(len(piece.packed) for piece in beside)


def base_of(version: str) -> str:
    """The address of a version's files."""
    return f"{HERE}berkas/{version}/"


def current() -> FieldSet:
    """Today's set, in the institution's name and colour."""
    home = desk_queries.institution()
    stamp = tuple(path.stat().st_mtime_ns for path in _files()) if settings.DEBUG or settings.TESTING else ()
    return _made(home.short_name or home.name, brand.read_colour(home.brand), stamp)


@lru_cache(maxsize=4)
def _made(name: str, colour: str, _stamp: tuple[int, ...]) -> FieldSet:
    pieces = {piece.name: piece for piece in _without_shell(colour)}
    draft = _shell("", name, colour, _first_modules(pieces))
    seal = hashlib.sha256(draft.body)
    for piece in pieces.values():
        seal.update(f"{piece.name} {piece.digest}\n".encode())
    version = seal.hexdigest()[:12]
    texts_of_set = {key: piece.body.decode() for key, piece in sorted(pieces.items()) if piece.is_text}
    bundle = gzip.compress(_json(texts_of_set), 9, mtime=0)
    pieces[SHELL] = _shell(version, name, colour, _first_modules(pieces))
    sounds = tuple(sorted(path.name for path in _sounds()))
    return FieldSet(version, pieces, sounds, bundle)


def squeezed(code: str) -> str:
    """A module without the lines that only speak to whoever reads it, and without indentation: a third less to carry.

    Only whole lines go, so nothing inside a text changes, as long as no text runs over several lines (a test looks).
    """
    code = re.sub(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n", "", code, flags=re.DOTALL | re.MULTILINE)
    code = re.sub(r"^[ \t]*//.*\n", "", code, flags=re.MULTILINE)
    return re.sub(r"^[ \t]+|\n(?=\n)", "", code, flags=re.MULTILINE)


def _without_shell(colour: str) -> Iterator[Piece]:
    for path in _files():
        inside = path.relative_to(STATIC).as_posix()
        if path.suffix == ".js" and inside not in LEFT_OUT:
            yield Piece(inside, KINDS[path.suffix], squeezed(path.read_text(encoding="utf-8")).encode())
        elif inside not in LEFT_OUT:
            yield Piece(inside, KINDS[path.suffix], path.read_bytes())
    css = brand.colour_properties(colour) + (STATIC / STYLE).read_text(encoding="utf-8")
    yield Piece(STYLE, KINDS[".css"], squeezed(css).encode())
    yield Piece("ikon.svg", KINDS[".svg"], _icons().encode())
    yield Piece(WORDS, KINDS[".json"], _json(texts.in_both()))


def _icons() -> str:
    """The pictures that the app's modules name, out of those of the whole house."""
    code = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "field" / "app").rglob("*.js"))
    whole = (STATIC / "img" / "icons.svg").read_text(encoding="utf-8")
    parts = re.split(r"(?=<symbol )", whole.removesuffix("</svg>\n").removesuffix("</svg>"))
    named = [part for part in parts[1:] if f'"{part.split(chr(34), 2)[1]}"' in code]
    return parts[0] + "".join(named) + "</svg>"


def _files() -> list[Path]:
    """Every file of the app that stands in the static folder, except sounds and what a vendored part was made from."""
    folders = (STATIC / "field", STATIC / "vendor" / "field")
    found = (
        path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix in KINDS
    )
    return sorted(path for path in found if "audio" not in path.parts and path.name != "entry.js")


def _sounds() -> Iterator[Path]:
    """Recordings in local languages: laid into ``static/field/audio`` by whoever has them."""
    folder = STATIC / "field" / "audio"
    return (path for path in folder.iterdir() if path.suffix in SOUNDS) if folder.is_dir() else iter(())


def sound(name: str) -> Piece | None:
    """One recording; None when it is not there."""
    found = next((path for path in _sounds() if path.name == name), None)
    return Piece(name, SOUNDS[found.suffix], found.read_bytes()) if found else None


def _first_modules(pieces: dict[str, Piece]) -> list[str]:
    """What the first page imports, directly or through others: asked for at once, not one after another as each is read."""
    found, waiting = [FIRST], [FIRST]
    while waiting:
        name = waiting.pop()
        for said in IMPORTED.findall(pieces[name].body.decode()):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), said))
            if path in pieces and path not in found:
                found.append(path)
                waiting.append(path)
    return found


def _shell(version: str, name: str, colour: str, names: list[str]) -> Piece:
    given = {
        "base": base_of(version),
        "version": version,
        "institution_name": name,
        "colour": colour,
        "modules": names,
        "first": FIRST,
    }
    with translation.override(settings.LANGUAGE_CODE):
        return Piece(SHELL, KINDS[".html"], render_to_string("field/shell.html", given).encode())


def manifest() -> dict[str, Any]:
    """What makes the app installable."""
    made = current()
    home = desk_queries.institution()
    with translation.override(settings.LANGUAGE_CODE):
        words = texts.in_language(settings.LANGUAGE_CODE)
    sizes = ((192, "any"), (512, "any"), (512, "maskable"))
    return {
        "id": HERE,
        "name": words["app.name"].replace("{place}", home.short_name or home.name),
        "short_name": words["app.short"],
        "description": words["app.about"],
        "lang": settings.LANGUAGE_CODE,
        "dir": "ltr",
        "start_url": HERE,
        "scope": HERE,
        "display": "standalone",
        "orientation": "any",
        "background_color": "#ffffff",
        "theme_color": brand.readable(brand.read_colour(home.brand)),
        "icons": [
            {
                "src": f"{made.base}field/ikon-{'penuh-' if purpose == 'maskable' else ''}{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size, purpose in sizes
        ],
    }


def worker() -> str:
    """The service worker with the list of today's set before it."""
    made = current()
    with translation.override(settings.LANGUAGE_CODE):
        words = texts.in_language(settings.LANGUAGE_CODE)
    said = {
        "version": made.version,
        "base": made.base,
        "home": HERE,
        "shell": SHELL,
        "bundle": [BUNDLE, len(made.bundle)],
        "pieces": [
            [name, piece.digest, int(piece.is_text and name != SHELL), piece.kind]
            for name, piece in sorted(made.kept.items())
        ],
        "sounds": list(made.sounds),
        "words": {"title": words["worker.title"], "text": words["worker.text"]},
    }
    code = (STATIC / "field" / "sw.js").read_text(encoding="utf-8")
    return f"const SET = {_json(said).decode()};\n{code}"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
