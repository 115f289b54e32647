"""The periodic work on letters: each person told once, files gone when nobody needs them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from simpul.jobs import letters
from simpul.journal.models import Line
from simpul.letters.models import Requirement
from simpul.lib.files import FileStore
from tests.cast import NOW, assemble
from tests.letters import sealed


@pytest.mark.django_db
def test_two_turns_tell_once_and_delete_only_what_nobody_needs(settings: Any, tmp_path: Path) -> None:
    settings.SIMPUL_FILES = tmp_path
    cast = assemble()
    store = FileStore(tmp_path)
    first = sealed.released(1, person_id=cast.opened().case.reporter_id)
    second = sealed.released(2, at=NOW + timedelta(days=60), valid_until=None)
    shared, alone = store.put(b"shared"), store.put(b"alone")
    for letter, digest, code in ((first, shared, "R1"), (first, alone, "R2"), (second, shared, "R1")):
        Requirement.objects.create(
            letter=letter, code=code, state="shown", file_sha256=digest, file_mime="image/jpeg"
        )
    soon = NOW + timedelta(days=25)
    assert (letters.remind(soon).done, letters.remind(soon).done) == (1, 0)
    later = NOW + timedelta(days=91)
    assert (letters.drop_photos(later).done, letters.drop_photos(later).done) == (1, 0)
    assert store.exists(shared) and not store.exists(alone)
    assert Line.objects.filter(kind="photos.drop").count() == 1
