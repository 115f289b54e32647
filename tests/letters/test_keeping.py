"""What becomes of letters when their person is erased, or turns out to be another row."""

from __future__ import annotations

from typing import Any

import pytest

from simpul.letters.actions import drafting, erasing, moving, releasing, requesting
from simpul.letters.models import Letter
from simpul.letters.queries import keeping
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from simpul.people import actions as people_actions
from tests.cast import DUNGKAIT, NOW, Cast
from tests.letters import desk
from tests.letters.test_requesting import photo


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    """Files of a test stay with it."""
    settings.SIMPUL_FILES = tmp_path


def test_requests_are_emptied_and_released_letters_stay_whole(cast: Cast) -> None:
    desk.kind(body="Benar adanya.", requirements=["R3"])
    shown = {"R3": requesting.Upload(photo())}
    released = desk.asked(cast, requirements=shown).letter
    drafting.photograph_requirement(
        by=cast.village_officer, at=NOW, letter_id=released.id, code="R3", upload=shown["R3"]
    )
    drafting.draft_letter(by=cast.village_officer, at=NOW, letter_id=released.id, inputs={})
    done = releasing.release_letter(by=cast.village_head, at=NOW, letter_id=released.id)
    waiting = desk.asked(cast, purpose="Urusan pribadi").letter
    Letter.objects.filter(id=waiting.id).update(person=released.person)
    others = desk.asked(cast, subject_name="Nurhayati Daeng Baji").letter
    assert released.person_id is not None
    assert len(keeping.held(released.person_id)["letters"]) == 2
    with pytest.raises(NotFound):
        erasing.blank_letters(by=cast.village_head, at=NOW, person_id=released.person_id, words=["Nurhayati"])
    emptied = erasing.blank_letters(
        by=MACHINE, at=NOW, person_id=released.person_id, words=["Nurhayati Daeng Baji"]
    )
    kept = Letter.objects.get(id=released.id)
    assert (kept.body, kept.applicant_name, emptied.kept) == (done.body, "Nurhayati", {"letters": 1})
    gone = Letter.objects.get(id=waiting.id)
    assert (gone.applicant_name, gone.purpose, gone.facts) == ("[dihapus]", "", "")
    assert len(emptied.files) == 1
    assert "Nurhayati" not in Letter.objects.get(id=others.id).subject_name


def test_letters_move_with_their_person_and_back(cast: Cast) -> None:
    desk.kind()
    letter = desk.asked(cast).letter
    assert letter.person_id is not None
    other = people_actions.register_person(
        by=cast.manager, at=NOW, full_name="Nur Hayati", region_code=DUNGKAIT
    ).person
    move: dict[str, Any] = {"at": NOW, "origin_id": letter.person_id, "target_id": other.id}
    with pytest.raises(NotFound):
        moving.move_letters(by=cast.village_officer, region_code=DUNGKAIT, **move)
    moved = moving.move_letters(by=MACHINE, region_code=DUNGKAIT, **move)
    assert Letter.objects.get(id=letter.id).person_id == other.id
    back = {"origin_id": other.id, "target_id": letter.person_id, "at": NOW}
    moving.move_letters(by=MACHINE, region_code=DUNGKAIT, only=moved, **back)
    assert Letter.objects.get(id=letter.id).person_id == letter.person_id
