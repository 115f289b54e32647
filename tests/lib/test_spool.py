"""The spool: what was promised is there after a kill, what is torn is laid aside, and taking twice is harmless."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.lib.spool import ASIDE, NEW, Spool, SpoolFull

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
RECORDS = st.lists(st.dictionaries(st.text(max_size=10), JSON, max_size=4), max_size=12)


@given(records=RECORDS, limit=st.integers(1, 20))
def test_what_was_added_comes_back_oldest_first_and_once(records: list[dict[str, Any]], limit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        spool = Spool(Path(folder) / "spool")
        for record in records:
            spool.add(record)
        assert spool.length() == len(records)
        back = []
        while taken := spool.take(limit):
            assert len(taken) <= limit
            for record in taken:
                back.append(record.data)
                spool.done(record)
                spool.done(record)  # asking twice does no harm
        assert back == records
        assert spool.length() == 0 and spool.oldest_at() is None and spool.laid_aside() == 0


@given(cut=st.integers(0, 10_000), flip=st.booleans())
def test_a_torn_file_is_laid_aside_and_hides_no_other(cut: int, flip: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        spool = Spool(Path(folder))
        torn = spool.add({"body": "tolong" * 20})
        whole = spool.add({"body": "aman"})
        data = torn.read_bytes()
        place = cut % len(data)
        torn.write_bytes(
            data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :] if flip else data[:place]
        )
        damaged = torn.read_bytes()
        assert [record.path for record in spool.take(10)] == [whole]
        assert (spool.length(), spool.laid_aside()) == (1, 1)
        assert (spool.root / ASIDE / torn.name).read_bytes() == damaged
        assert set(spool.names()) == {whole, spool.root / ASIDE / torn.name}


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    path = spool.add({"body": "rahasia"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(spool.root.stat().st_mode) == 0o700


def test_a_full_disk_promises_nothing_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path / "spool")
    spool.add({"number": 1})

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(SpoolFull):
            spool.add({"number": 2})
    assert [record.data for record in spool.take(5)] == [{"number": 1}]
    assert not list(spool.root.glob(f"{NEW}*"))


def test_a_dead_process_leaves_a_half_file_that_is_laid_aside_later(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.add({"number": 1})
    left = spool.root / f"{NEW}left"
    left.write_bytes(b"half")
    assert spool.sweep() == 0  # it may still be written
    os.utime(left, (0, 0))
    assert spool.sweep() == 1
    assert (spool.root / ASIDE / left.name.removeprefix(".")).read_bytes() == b"half"
    assert spool.length() == 1


def test_an_empty_spool_needs_no_folder(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "never")
    assert (spool.take(5), spool.length(), spool.names(), spool.laid_aside(), spool.sweep()) == (
        [],
        0,
        [],
        0,
        0,
    )


WRITER = """
import os, sys
from pathlib import Path
from simpul.lib.spool import Spool
spool, number = Spool(Path(sys.argv[1])), 0
while True:
    spool.add({"number": number})
    os.write(1, f"{number}\\n".encode())
    number += 1
"""


def test_what_was_said_before_the_kill_is_there_after_it(tmp_path: Path) -> None:
    said: set[int] = set()
    for turn in range(3):
        program = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / str(turn))], stdout=subprocess.PIPE
        )
        assert program.stdout is not None
        lines = [program.stdout.readline() for _line in range(20)]
        os.kill(program.pid, signal.SIGKILL)
        lines += program.communicate()[0].splitlines()
        said = {int(line) for line in lines if line.strip()}
        spool = Spool(tmp_path / str(turn))
        kept = [record.data["number"] for record in spool.take(100_000)]
        assert kept == sorted(kept) and said <= set(kept) and len(kept) <= len(said) + 1
        assert spool.laid_aside() == 0


def test_several_add_while_one_takes(tmp_path: Path) -> None:
    spool, seen, stop = Spool(tmp_path / "spool"), [], threading.Event()

    def write(start: int) -> None:
        for number in range(start, start + 50):
            spool.add({"number": number})

    def take() -> None:
        while not stop.is_set() or spool.length():
            for record in spool.take(7):
                seen.append(record.data["number"])
                spool.done(record)

    writers = [threading.Thread(target=write, args=(turn * 50,)) for turn in range(4)]
    reader = threading.Thread(target=take)
    for thread in [reader, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    assert sorted(seen) == list(range(200))
