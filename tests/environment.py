"""What must be said before Django reads its settings; pytest loads this as a plugin (`-p tests.environment`).

The tests get a data folder of their own, outside the repository and gone afterwards, so that they can never touch, or
depend on, the files and keys of an installation. DATABASE_URL is left as it is: `tests.postgres` sets it, and without it
the settings choose SQLite inside the data folder.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA = tempfile.mkdtemp(prefix="simpul-test-data-")
(Path(DATA) / "static").mkdir()

os.environ["SIMPUL_DATA"] = DATA
os.environ["SIMPUL_TESTING"] = "1"  # for the programs that tests start: settings see pytest itself

atexit.register(shutil.rmtree, DATA, ignore_errors=True)
