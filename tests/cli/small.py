"""A small real installation in a folder of its own, for tests that run the commands as a keeper does.

``python -m tests.cli.small`` fills the data folder at SIMPUL_DATA (and the database at DATABASE_URL, when there is one)
with the cast, a few matters, an identity number, a photo's bytes and sealed lines. It runs with production settings.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class Installation:
    """A data folder, and the environment in which its commands run."""

    data: Path
    database_url: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("SIMPUL_", "PYTEST"))
        }
        kept.pop("DATABASE_URL", None)
        kept |= {
            "SIMPUL_DATA": str(self.data),
            "LANG": "en_US.UTF-8",
            "LC_ALL": "en_US.UTF-8",
            "DJANGO_SETTINGS_MODULE": "simpul.settings",
            **self.extra,
        }
        return kept | ({"DATABASE_URL": self.database_url} if self.database_url else {})

    def run(
        self, *arguments: object, module: str = "simpul", seconds: float = 180
    ) -> subprocess.CompletedProcess[str]:
        """Run ``python -m simpul ARGUMENTS`` to its end, which comes within so many seconds."""
        words = [sys.executable, "-m", module, *map(str, arguments)]
        return subprocess.run(
            words,
            env=self.environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def python(self, code: str) -> str:
        """What a few lines print, run inside this installation."""
        done = subprocess.run(
            [sys.executable, "-c", f"from tests.cli import small; small.open_house()\n{code}"],
            env=self.environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def open_house() -> None:
    """Make Django ready in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simpul.settings")
    import django  # noqa: PLC0415 - the environment must be set before

    django.setup()


def fill(kind: str = "real") -> None:
    """Found the installation and put the cast and its matters in."""
    from simpul.cli import ground  # noqa: PLC0415 - settings are read after the folder is there

    ground._found(
        kind, hosts=["simpul.contoh.id"], https=True, database_url=os.environ.get("DATABASE_URL", "")
    )
    open_house()
    from simpul.cli import house  # noqa: PLC0415
    from simpul.journal import actions as journal_actions  # noqa: PLC0415
    from simpul.lib.actor import MACHINE  # noqa: PLC0415
    from tests import cast as cast_module  # noqa: PLC0415

    house.migrate()
    cast = cast_module.assemble()
    _matters(cast)
    journal_actions.seal_journal(by=MACHINE, at=cast_module.NOW)


def _matters(cast: Any) -> None:
    from simpul.cases.actions import intake  # noqa: PLC0415
    from simpul.lib.media import CleanFile  # noqa: PLC0415

    photo = CleanFile(data=b"\x89PNG not really a photo " * 400, kind="photo", mime="image/png")
    for number in range(5):
        reporter = intake.PersonGiven(name=f"Warga {number}", nik="7602132001900001" if number == 0 else "")
        cast.case(reporter=reporter, clean_files=[photo] if number == 1 else [])


if __name__ == "__main__":
    fill()
