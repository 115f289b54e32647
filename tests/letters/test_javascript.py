"""The checking page's own judgement: the samples of both sides, and the browser's under Node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from simpul.letters.rules import proof
from tests.letters import make_vectors

HERE = Path(__file__).parent
OLDEST = 20


def test_the_samples_are_those_that_python_makes_and_judges() -> None:
    kept = json.loads(make_vectors.FILE.read_text(encoding="utf-8"))
    assert kept == make_vectors.made(), "renew them: python -m tests.letters.make_vectors"
    known, _body = proof.read_keys(json.dumps(kept["known"]))
    for one in kept["cases"]:
        verdict = proof.judge(one["text"], known, date.fromisoformat(one["today"]))
        assert verdict.state == one["state"], one["name"]


def test_the_browsers_side_gives_the_same_verdicts() -> None:
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Node is missing (Debian: nodejs)")
        return
    version = subprocess.run(
        [node, "--version"], capture_output=True, text=True, timeout=30, check=True
    ).stdout
    if int(version.strip().lstrip("v").partition(".")[0]) < OLDEST:
        pytest.skip("Node 20 or newer is needed here; the page is tried in Chromium as well")
    done = subprocess.run(
        [node, "--test", "core.test.mjs"],
        cwd=HERE,
        capture_output=True,
        text=True,
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
