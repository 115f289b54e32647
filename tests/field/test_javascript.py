"""The core of the field app under Node: its own tests, and what it sealed opened here. Node is needed: `nodejs` of Debian, 20 or newer."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from simpul.lib import sealing
from simpul.sync.rules import chain, segments
from simpul.sync.rules.canonical import b64, canonical, unb64
from simpul.web.field import pieces
from tests.sync import make_vectors

HERE = Path(__file__).parent
MOST_BYTES = 50_500
"""Of the whole core as it travels: a third of the field app's 150 kB."""
OLDEST = 20
"""The first with raw DEFLATE in its streams, as browsers have it."""
CORE = HERE.parents[1] / "simpul" / "static" / "field" / "core"


@pytest.fixture(scope="module")
def node() -> str:
    """Where Node is. In continuous integration it has to be there; Debian 12 brings an older one than its streams need."""
    found = shutil.which("node") or shutil.which("nodejs")
    if found is None:
        words = "Node is missing: the JavaScript side was not tested (Debian: nodejs)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(words)
    if _version(found) < OLDEST:
        pytest.skip(
            "Node 20 or newer is needed here; the same modules are tried in Chromium (test_real_browser)"
        )
    return found


def _version(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    return int(said.strip().lstrip("v").partition(".")[0])


def _run(node: str, *words: str) -> str:
    quiet = {**os.environ, "NODE_NO_WARNINGS": "1"}
    done = subprocess.run(
        [node, *words], cwd=HERE, capture_output=True, text=True, env=quiet, timeout=180, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    return done.stdout


def test_the_core_passes_its_tests(node: str) -> None:
    files = sorted(path.name for path in HERE.glob("*.test.mjs"))
    assert len(files) >= 3
    _run(node, "--test", *files)


def test_what_javascript_sealed_and_signed_opens_and_holds_here(node: str) -> None:
    public = sealing.public_of(make_vectors.SERVER)
    said: dict[str, Any] = json.loads(_run(node, "seal.mjs", b64(public)))
    envelopes = segments.read(unb64(said["framed"]))
    assert [one.name for one in envelopes] == said["names"]
    for one, (algorithm, key) in zip(envelopes, said["keys"], strict=True):
        assert sealing.signed_by(algorithm, unb64(key), one.signed, one.signature)
        assert not sealing.signed_by(algorithm, unb64(key), one.signed + b" ", one.signature)
        found = segments.unpack(sealing.unseal(make_vectors.SERVER, one.sealed, one.info))
        assert b64(found.head) == said["head"] == b64(one.head)
        assert found.events[0].prev == chain.genesis(one.device, one.epoch) == one.prev
        assert [event.data["visit_id"] for event in found.events] == said["ids"]
        assert [event.data["words"] for event in found.events[:2]] == ["~0 é 🤟", "~1 é 🤟"]
        assert [event.seen for event in found.events[:2]] == [{}, {"a": "8a798890"}]
        assert found.offset == -5
    hello = json.loads(unb64(said["hello"]))
    assert canonical(hello) == unb64(said["hello"])


def test_every_module_says_what_it_is_and_stays_small() -> None:
    modules = sorted(CORE.glob("*.js"))
    assert modules
    for path in modules:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("/**"), f"{path.name} does not begin by saying what it is"
        assert text.count("\n") <= 700, path.name
    whole = "".join(pieces.squeezed(path.read_text(encoding="utf-8")) for path in modules)
    assert len(gzip.compress(whole.encode(), 9, mtime=0)) <= MOST_BYTES
