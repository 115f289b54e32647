"""A restricted matter that is kept to named people: its own desk does not find it until it is freed."""

from __future__ import annotations

from typing import Any

import pytest

from simpul.cases import access
from simpul.cases.actions import confining, protection, referral
from simpul.cases.actions.mirroring import _cases
from simpul.cases.models import Case
from simpul.cases.queries import inbox
from simpul.journal.models import Line
from simpul.lib import mirror
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed
from tests.cast import DUNGKAIT, NOW, Cast

WHY = "Menunggu persetujuan kepala desa."


def order(cast: Cast, **given: Any) -> Case:
    """A request about public order at the posyandu."""
    answers = {"field": "order", "service": "order/patrol"}
    wanted = {
        "by": cast.posyandu_chair,
        "kind_code": "spm_request",
        "answers": answers,
        "channel": "desk",
        **given,
    }
    return cast.case(text_given="Mohon patroli malam.", desk_id=cast.desk("posyandu").id, **wanted)


def sees(cast: Cast, part: str, case: Case) -> bool:
    """Whether somebody of the cast finds it."""
    return access.visible(getattr(cast, part)).filter(id=case.id).exists()


def confine(cast: Cast, case: Case, *parts: str) -> None:
    readers = [cast.seats[part].user_id for part in parts or ("posyandu_chair",)]
    confining.confine_case(by=MACHINE, at=NOW, case_id=case.id, reader_ids=readers, reason=WHY)


def test_only_the_readers_find_it_until_it_is_freed(cast: Cast) -> None:
    case = order(cast)
    assert case.sensitivity == "restricted" and sees(cast, "cadre", case)
    confine(cast, case, "posyandu_chair", "village_head")
    assert sees(cast, "posyandu_chair", case) and sees(cast, "village_head", case)
    for part in (
        "cadre",
        "second_cadre",
        "midwife",
        "secretary",
        "manager",
        "admin",
        "neighbour_head",
    ):
        assert not sees(cast, part, case), part
    assert inbox.counts(cast.cadre, NOW).get("turn", 0) == 0
    assert inbox.counts(cast.posyandu_chair, NOW)["turn"] == 1
    confining.free_case(by=MACHINE, at=NOW, case_id=case.id, reason="Disetujui.")
    assert sees(cast, "cadre", case) and not sees(cast, "village_head", case)
    kinds = list(Line.objects.filter(subject_id=case.id).order_by("id").values_list("kind", flat=True))
    assert kinds == ["case.open", "case.confine", "case.free"]


def test_it_is_not_handed_on_nor_given_to_a_node(cast: Cast) -> None:
    case = order(cast)
    confine(cast, case)
    with pytest.raises(referral.DeskUnfit, match="kepala desa"):
        referral.refer_case(
            by=cast.posyandu_chair,
            at=NOW,
            case_id=case.id,
            to_desk_id=cast.desk("village").id,
            note="Teruskan",
        )
    scope = mirror.Scope(areas=(DUNGKAIT,), desk_ids=frozenset({cast.desk("posyandu").id}), at=NOW)
    assert not _cases(scope).filter(id=case.id).exists()


def test_it_refuses_what_is_not_restricted_and_readers_who_are_none(cast: Cast) -> None:
    with pytest.raises(confining.NotRestricted):
        confine(cast, cast.case())
    case = order(cast)
    for readers in ([], [cast.desk("village").id]):
        with pytest.raises(protection.ReaderUnknown):
            confining.confine_case(by=MACHINE, at=NOW, case_id=case.id, reader_ids=readers, reason=WHY)
    plain = cast.case()
    confining.free_case(by=MACHINE, at=NOW, case_id=plain.id, reason="Tidak perlu.")
    assert not Line.objects.filter(kind="case.free").exists()


def test_no_seat_confines_or_frees_by_itself(cast: Cast) -> None:
    case = order(cast)
    readers = [cast.seats["posyandu_chair"].user_id]
    for part in ("posyandu_chair", "village_head", "manager", "administrator"):
        by = getattr(cast, part)
        with pytest.raises(NotAllowed):
            confining.confine_case(by=by, at=NOW, case_id=case.id, reader_ids=readers, reason=WHY)
        with pytest.raises(NotAllowed):
            confining.free_case(by=by, at=NOW, case_id=case.id, reason=WHY)
