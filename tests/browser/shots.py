"""Take the pictures of the guides anew: ``python -m tests.browser.shots``.

The stories themselves take them while they are walked, so a picture shows what is really there, or the story fails.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.browser.conftest import ROOT


def main() -> int:
    """Walk the stories with the camera on; the exit status is pytest's."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/browser", "-q", "-k", "not look"],
        cwd=ROOT,
        env={**os.environ, "SIMPUL_SHOTS": "1"},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
