"""The field app's door: a shell without data, one set of files that never mixes with another, words in both languages, a weight."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from simpul.web.field import pieces, texts

pytestmark = pytest.mark.django_db

APP = Path(pieces.__file__).resolve().parents[2] / "static" / "field"
MOST_BYTES = 150 * 1024
MODULES = sorted((APP / "app").rglob("*.js"))
CORE = sorted((APP / "core").glob("*.js"))
PLACE = re.compile(r"\{(\w+)\}")
KEY = re.compile(r"[a-z_]+(?:\.[a-zA-Z0-9_]+)*")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _page(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    return page


# --- the shell ------------------------------------------------------------------------------------------------------------


def test_the_shell_is_open_to_all_holds_no_data_and_reads_no_session(client: Client) -> None:
    """Nobody's name can be in it: it is the same for everybody, byte for byte."""
    client.cookies["sessionid"] = "somebody"
    answer = client.get("/lapangan/")
    assert answer.status_code == 200
    assert answer.content == Client().get("/lapangan/").content
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-cache"


def test_the_shell_has_no_inline_code_and_takes_scripts_from_here_alone(client: Client) -> None:
    answer = client.get("/lapangan/")
    page = _page(answer.content.decode())
    assert not [tag for tag, _attributes in page.found if tag == "style"]
    assert all(attributes.get("src") for tag, attributes in page.found if tag == "script")
    assert not [
        name
        for _tag, attributes in page.found
        for name in attributes
        if name.startswith("on") or name == "style"
    ]
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy
    assert "blob:" in policy.split("img-src", 1)[1].split(";", 1)[0]


def test_every_file_that_the_shell_names_is_there_under_its_version(client: Client) -> None:
    page = _page(client.get("/lapangan/").content.decode())
    made = pieces.current()
    named = [
        attributes.get("href") or attributes.get("src")
        for tag, attributes in page.found
        if tag in ("link", "script")
    ]
    assert len(named) > 12
    for address in named:
        assert address is not None
        assert address.startswith(made.base) or address == "/lapangan/manifest.json"
        assert client.get(address).status_code == 200


def test_a_file_of_another_version_is_not_there(client: Client) -> None:
    """Two versions never mix: an old page that is not kept by its worker asks for its own files, and gets none of the new ones."""
    assert client.get("/lapangan/berkas/0123456789ab/field/app/boot.js").status_code == 404
    assert client.get(f"{pieces.current().base}field/app/../../../settings.py").status_code == 404
    assert client.get("/lapangan/berkas/suara/tidak-ada.mp3").status_code == 404


def test_the_version_changes_with_the_institution_and_with_nothing_else() -> None:
    one = pieces.current().version
    assert pieces.current().version == one
    assert pieces._made("Kecamatan lain", "#123456", ()).version != one


# --- the set on the phone ---------------------------------------------------------------------------------------------------


def _set_of_worker(client: Client) -> dict[str, Any]:
    code = client.get("/lapangan/sw.js").content.decode()
    first, rest = code.split("\n", 1)
    assert "self.addEventListener" in rest
    said: dict[str, Any] = json.loads(first.removeprefix("const SET = ").removesuffix(";"))
    return said


def test_the_worker_lists_every_piece_with_the_digest_of_what_is_served(client: Client) -> None:
    said = _set_of_worker(client)
    assert len(said["pieces"]) > 60
    for name, digest, _is_bundled, kind in said["pieces"]:
        answer = client.get(said["base"] + name)
        assert answer.status_code == 200, name
        assert hashlib.sha256(answer.content).hexdigest() == digest
        assert answer["Content-Type"] == kind
        assert "immutable" in answer["Cache-Control"]


def test_the_worker_is_asked_for_anew_and_rules_over_the_app_alone(client: Client) -> None:
    answer = client.get("/lapangan/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in answer.headers


def test_the_bundle_holds_the_texts_of_the_set_and_goes_on_where_a_line_broke(client: Client) -> None:
    said = _set_of_worker(client)
    name, size = said["bundle"]
    whole = client.get(said["base"] + name).content
    assert len(whole) == size
    cut = client.get(f"{said['base']}{name}?dari=20000").content
    assert whole[:20000] + cut == whole
    unpacked = json.loads(gzip.decompress(whole))
    for piece, digest, is_bundled, _kind in said["pieces"]:
        if is_bundled:
            assert hashlib.sha256(unpacked[piece].encode()).hexdigest() == digest
    for wrong in ("-1", "x", "9999999999", "%00"):
        assert client.get(f"{said['base']}{name}?dari={wrong}").status_code == 404


def test_the_app_weighs_less_than_150_kilobytes_on_its_way_to_a_phone() -> None:
    assert pieces.current().weight() <= MOST_BYTES


def test_no_text_in_a_module_runs_over_several_lines() -> None:
    """Else leaving out the lines of comments (``pieces.squeezed``) could change a text."""
    for path in MODULES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert line.count("`") % 2 == 0, f"{path.name}:{number}"


def test_leaving_out_comments_leaves_the_code() -> None:
    code = '/** Says. */\nexport const a = "/* no */"; // stays\n// goes\n  /* goes\n   * too */\n  const b = 1 /* in */ + 2;\n'
    assert pieces.squeezed(code) == 'export const a = "/* no */"; // stays\nconst b = 1 /* in */ + 2;\n'


def test_the_manifest_makes_it_installable(client: Client) -> None:
    answer = client.get("/lapangan/manifest.json")
    said = json.loads(answer.content)
    assert (said["start_url"], said["scope"], said["display"]) == ("/lapangan/", "/lapangan/", "standalone")
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    for icon in said["icons"]:
        picture = client.get(icon["src"])
        assert picture.status_code == 200
        assert picture.content.startswith(b"\x89PNG")


def test_the_kill_switch_is_said_without_a_session_and_never_kept(client: Client) -> None:
    answer = client.get("/lapangan/keadaan.json")
    assert json.loads(answer.content) == {"worker": "on", "version": pieces.current().version}
    assert answer["Cache-Control"] == "no-store"
    with override_settings(SIMPUL_FIELD="off"):
        assert json.loads(client.get("/lapangan/keadaan.json").content)["worker"] == "off"


# --- words --------------------------------------------------------------------------------------------------------------------


def test_every_sentence_is_there_in_both_languages_with_the_same_places() -> None:
    indonesian, english = texts.in_language("id"), texts.in_language("en")
    assert indonesian.keys() == english.keys() == texts.TEXTS.keys()
    alike = 0
    for key, text in english.items():
        assert text.strip() and indonesian[key].strip(), key
        assert set(PLACE.findall(text)) == set(PLACE.findall(indonesian[key])), key
        alike += text == indonesian[key]
    assert alike < len(english) // 20, "the catalogue was not read"


def _keys_asked_for() -> set[str]:
    found: set[str] = set()
    for path in MODULES:
        code = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'\btn?\("([^"]+)"', code))
        for choice in re.findall(r"\btn?\(([^()`]*\?[^()`]*)\)", code):
            found |= {key for key in re.findall(r'"([^"]+)"', choice.split("?", 1)[1]) if KEY.fullmatch(key)}
    return found


def test_every_key_that_a_module_asks_for_has_its_words() -> None:
    assert sorted(_keys_asked_for() - texts.TEXTS.keys()) == []


def test_every_key_made_from_a_code_has_words_for_each_code() -> None:
    """``codes(["a", "b"], "outcome")`` asks for outcome.a and outcome.b."""
    missing = []
    for path in MODULES:
        code = path.read_text(encoding="utf-8")
        lists = dict(re.findall(r"const (\w+) = (\[[^\]]*\]);", code))
        for given, prefix in re.findall(r'codes\((\w+|\[[^\]]*\]), "([a-z.]+)"', code):
            values = re.findall(
                r'"([a-z0-9_A-Z]+)"', given if given.startswith("[") else lists.get(given, "")
            )
            missing += [f"{prefix}.{value}" for value in values if f"{prefix}.{value}" not in texts.TEXTS]
    assert missing == []


def test_no_sentence_is_written_into_a_module() -> None:
    """Words for people stand in the catalogue: no quoted text in the app has two words of letters after each other."""
    sentence = re.compile(r'"([A-Z][a-z]+ [a-z]+[^"]*)"')
    found = [
        f"{path.name}: {match}"
        for path in MODULES
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith(("//", "/*", "*"))
        for match in sentence.findall(line)
    ]
    assert found == []


def test_no_module_writes_markup_from_data() -> None:
    for path in [*MODULES, *CORE]:
        code = path.read_text(encoding="utf-8")
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
        ):
            assert word not in code, f"{path.name}: {word}"
