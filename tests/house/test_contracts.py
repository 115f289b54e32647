"""The import contracts of pyproject.toml, each proved by a planted fault in a small house of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.house.plant import plant
from tests.house.source import REPOSITORY

CLEAN = {
    "simpul/__init__.py": "",
    "simpul/settings.py": "",
    "simpul/roles/__init__.py": "",
    "simpul/roles/table.py": "",
    "simpul/lib/__init__.py": "",
    "simpul/cases/__init__.py": "",
    "simpul/cases/models.py": "",
    "simpul/cases/rules.py": "",
    "simpul/cases/access.py": "from simpul.cases import models",
    "simpul/cases/queries.py": "from simpul.cases import access",
    "simpul/cases/actions.py": "from simpul.cases import access, models, rules",
    "simpul/web/__init__.py": "",
    "simpul/web/desk.py": "from simpul.cases import actions, queries",
}
FAULTS = {
    "Imports go down the floors only": {"simpul/lib/__init__.py": "from simpul import roles"},
    "Inside a room": {"simpul/cases/access.py": "from simpul.cases import actions"},
    "Rules are pure": {"simpul/cases/rules.py": "from django.db import models"},
    "The role table is pure": {"simpul/roles/table.py": "import django.conf"},
    "Only access, queries and actions import models": {
        "simpul/web/desk.py": "from simpul.cases import models"
    },
    "Nobody imports the settings": {"simpul/web/desk.py": "from simpul import settings"},
}


def contracts_of(root: Path, files: Mapping[str, str]) -> str:
    """What import-linter says of a planted house under the real contracts."""
    plant(root, files)
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c(['--no-logo', '--no-cache'])",
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout + result.stderr


def test_a_clean_house_keeps_every_contract(tmp_path: Path) -> None:
    said = contracts_of(tmp_path, CLEAN)
    assert "0 broken" in said, said


def test_every_contract_finds_its_planted_fault(tmp_path: Path) -> None:
    for number, (name, fault) in enumerate(FAULTS.items()):
        said = contracts_of(tmp_path / str(number), {**CLEAN, **fault})
        verdicts = [line for line in said.splitlines() if line.startswith(name)]
        assert any("BROKEN" in line for line in verdicts), f"{name}\n{said}"


def test_a_package_without_a_seat_is_refused(tmp_path: Path) -> None:
    said = contracts_of(tmp_path, {**CLEAN, "simpul/helpers/__init__.py": ""})
    assert "helpers" in said, said
    assert "BROKEN" in said or "not present" in said or "exhaustive" in said.lower(), said
