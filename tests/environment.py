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

DATA = tempfile.mkdtemp(prefix="simpul-test-data-")

os.environ["SIMPUL_DATA"] = DATA
os.environ["SIMPUL_TESTING"] = "1"
os.environ["SIMPUL_SECRET"] = "a secret for tests, and for nothing else: 0123456789abcdef0123456789abcdef"

atexit.register(shutil.rmtree, DATA, ignore_errors=True)
