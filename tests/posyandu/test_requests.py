"""Requests of the six fields: every act, what it refuses, who may not, its line; and what nobody sees before the head."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.cases import access as case_access
from simpul.cases.actions import intake, referral, settling
from simpul.cases.models import Answer, Case
from simpul.cases.queries import kinds as kind_queries
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.people.models import Person
from simpul.posyandu.access import requests as access
from simpul.posyandu.actions import _requests, erasing, moving, requests, requests_deciding
from simpul.posyandu.models import FieldRequest, RequestPaper, RequestPhoto, RequestVisit
from simpul.posyandu.queries import requests as queries
from simpul.posyandu.queries import services
from simpul.regions import queries as region_queries
from simpul.regions.models import Holiday
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble
from tests.posyandu import requests_help as help_

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def lines(request: FieldRequest) -> list[str]:
    found = Line.objects.filter(subject_id=request.id, subject_kind="fieldrequest").order_by("id")
    return list(found.values_list("kind", flat=True))


DECISIONS = {
    "check": requests_deciding.check_fieldrequest,
    "release": requests_deciding.release_fieldrequest,
    "verify": requests_deciding.verify_fieldrequest,
    "hand_over": requests_deciding.hand_over_fieldrequest,
    "forward": requests_deciding.forward_fieldrequest,
    "finish": requests_deciding.finish_fieldrequest,
    "set_aside": requests_deciding.set_aside_fieldrequest,
}


def do(act: str, cast: Cast, part: str, request: FieldRequest, **given: Any) -> FieldRequest:
    """Do a decision as somebody of the cast."""
    function: Any = DECISIONS[act]
    return function(by=getattr(cast, part), at=NOW, fieldrequest_id=request.id, **given)


def finds(cast: Cast, part: str, request: FieldRequest) -> bool:
    return access.visible(getattr(cast, part)).filter(id=request.id).exists()


def finds_case(cast: Cast, part: str, request: FieldRequest) -> bool:
    return case_access.visible(getattr(cast, part)).filter(id=request.case_id).exists()


# --- taking in --------------------------------------------------------------------------------------------------------


def test_a_request_is_a_matter_at_the_posyandus_desk_with_its_checklist_and_five_days(cast: Cast) -> None:
    taken = help_.taken(cast, "works/water", papers={"ktp": "seen", "kk": "copied", "land_letter": "seen"})
    request, case = taken.request, taken.opened.case
    assert (case.kind_id, case.holder.code, case.title) == ("spm_request", "posyandu", "Air bersih")
    assert case.answers["documents"] == ["ktp", "kk"] and case.reporter == request.person
    assert case.due_at is not None and case.due_at.date().isoformat() == "2026-11-30"
    assert taken.opened.pin and not taken.hidden
    marks = {one.code: one.mark for one in queries.papers_of(request)}
    assert marks == {"ktp": "seen", "kk": "copied", "rt_letter": "missing", "location": "missing"}
    assert request.stale_at is not None and request.stale_at.date().isoformat() == "2026-11-26"
    assert lines(request) == ["fieldrequest.take"]


def test_the_same_press_gives_the_same_request(cast: Cast) -> None:
    key, place = uuid4(), help_.posyandu(cast)
    first = help_.taken(cast, fieldrequest_id=key)
    again = requests.take_fieldrequest(
        by=cast.cadre, at=NOW, posyandu_id=place.id, service="works/water", words="Sumur kami kering.",
        reporter=intake.PersonGiven(name="Daeng Puji"), fieldrequest_id=key,
    )  # fmt: skip
    assert again.opened.again and again.request.id == first.request.id == key
    assert (FieldRequest.objects.count(), Case.objects.count(), RequestPaper.objects.count()) == (1, 1, 4)
    assert lines(first.request) == ["fieldrequest.take"]


def test_taking_in_refuses_what_cannot_be(cast: Cast) -> None:
    for service in ("works/gold", ""):
        with pytest.raises(requests.ServiceNotHere):
            help_.taken(cast, service, papers={})
    with pytest.raises(requests.NameNeeded):
        help_.taken(cast, reporter=None)
    with pytest.raises(requests.NameNeeded):
        help_.taken(cast, reporter=None, anonymous=True)
    with pytest.raises(intake.TextMissing):
        help_.taken(cast, words=" ")
    place = help_.posyandu(cast)
    place.fields = ["health"]
    place.save()
    with pytest.raises(requests.ServiceNotHere):
        help_.taken(cast)
    place.closed_date = NOW.date()
    place.save()
    with pytest.raises(requests.PosyanduClosed):
        help_.taken(cast, "health/visit")
    assert not FieldRequest.objects.exists() and not Case.objects.exists()


@pytest.mark.parametrize(
    ("own", "takes"), [(help_.SIX, False), ([], False), ([*help_.SIX, "dukcapil", "family"], True)]
)
def test_a_regency_with_eight_fields_takes_requests_in_all_of_them_and_one_with_six_in_six(
    cast: Cast, own: list[str], takes: bool
) -> None:
    place = help_.posyandu(cast, fields=own)
    eight = (*help_.SIX, "dukcapil", "family")
    assert (
        services.fields_of(place) == services.in_force([DUNGKAIT]) == (eight if takes else tuple(help_.SIX))
    )
    kind = kind_queries.get_kind(services.KIND)
    assert kind is not None
    asked = {one["key"]: one for one in services.questions(kind.fields, [DUNGKAIT])}
    assert [one["value"] for one in asked["field"]["options"]] == list(services.fields_of(place))
    assert ("dukcapil/birth" in {one["value"] for one in asked["service"]["options"]}) is takes
    assert services.in_force([BONTO_JAI]) == tuple(help_.SIX), "another regency keeps its own"
    if not takes:
        with pytest.raises(requests.ServiceNotHere):
            help_.taken(cast, "dukcapil/birth")
        return
    birth = help_.taken(cast, "dukcapil/birth")
    assert birth.opened.case.title == "Akta kelahiran" and birth.opened.case.answers["field"] == "dukcapil"
    asked_for = {"field": "family", "service": "family/planning"}
    case = cast.case(kind_code="spm_request", answers=asked_for, desk_id=cast.desk("posyandu").id)
    joined = requests.join_fieldrequest(by=cast.cadre, at=NOW, case_id=case.id, posyandu_id=place.id)
    assert joined.field == "family"


def test_who_takes_in_and_who_does_not(cast: Cast) -> None:
    for part in ("cadre", "posyandu_chair", "midwife"):
        assert help_.taken(cast, by=getattr(cast, part)).request.state == "papers"
    for part in ("neighbour_cadre", "neighbour_head", "neighbour_coordinator"):
        with pytest.raises(NotFound):
            help_.taken(cast, by=getattr(cast, part))
    for part in ("village_head", "secretary", "manager"):
        with pytest.raises(NotAllowed):
            help_.taken(cast, by=getattr(cast, part))


def test_a_matter_of_another_door_is_joined_once(cast: Cast) -> None:
    place = help_.posyandu(cast)
    answers = {"field": "social", "service": "social/aid"}
    case = cast.case(kind_code="spm_request", answers=answers, desk_id=cast.desk("posyandu").id)
    assert [one.id for one in queries.waiting_matters(cast.cadre)] == [case.id]
    request = requests.join_fieldrequest(by=cast.cadre, at=NOW, case_id=case.id, posyandu_id=place.id)
    again = requests.join_fieldrequest(by=cast.cadre, at=NOW, case_id=case.id, posyandu_id=place.id)
    assert request.id == again.id and not queries.waiting_matters(cast.cadre)
    assert {one.code for one in queries.papers_of(request)} == {"ktp", "kk", "village_statement"}
    assert lines(request) == ["fieldrequest.join"]
    assert queries.of_case(cast.cadre, case.id) == request and queries.is_joined(case.id)
    assert queries.of_case(cast.neighbour_cadre, case.id) is None


def test_only_an_open_request_of_the_village_is_joined(cast: Cast) -> None:
    place = help_.posyandu(cast)

    def join(case: Case, part: str = "posyandu_chair") -> FieldRequest:
        return requests.join_fieldrequest(
            by=getattr(cast, part), at=NOW, case_id=case.id, posyandu_id=place.id
        )

    with pytest.raises(requests.NotSuchAMatter):
        join(cast.case(desk_id=cast.desk("posyandu").id))
    answers = {"field": "works", "service": "works/well"}
    closed = cast.case(kind_code="spm_request", answers=answers, desk_id=cast.desk("posyandu").id)
    Case.objects.filter(id=closed.id).update(is_open=False, state="closed")
    with pytest.raises(requests.NotSuchAMatter):
        join(closed)
    elsewhere = cast.case(kind_code="spm_request", answers=answers)
    with pytest.raises(NotFound):
        join(elsewhere, "cadre")
    with pytest.raises(NotFound):
        join(elsewhere, "neighbour_cadre")
    with pytest.raises(NotAllowed):
        join(elsewhere, "manager")


# --- papers and visits ------------------------------------------------------------------------------------------------


def test_papers_are_marked_with_or_without_a_photo(cast: Cast) -> None:
    request = help_.taken(cast, papers={}).request

    def mark(code: str, mark: str, **given: Any) -> RequestPaper:
        return requests.mark_fieldrequest(
            by=cast.second_cadre,
            at=NOW + timedelta(days=1),
            fieldrequest_id=request.id,
            code=code,
            mark=mark,
            **given,
        )

    assert mark("ktp", "seen").mark == "seen"
    assert mark("kk", "seen", photo=help_.photo(), note="KK lama").mark == "copied"
    photo = RequestPhoto.objects.get()
    assert photo.file_mime == "image/jpeg" and queries.photo_for(cast.cadre, photo.id) == photo
    assert queries.photo_for(cast.neighbour_cadre, photo.id) is None
    assert mark("kk", "missing").mark == "missing" and not RequestPhoto.objects.exists()
    for code, word in (("passport", "seen"), ("ktp", "eaten")):
        with pytest.raises(requests.PaperUnknown):
            mark(code, word)
    with pytest.raises(Refused):
        mark("ktp", "seen", photo=requests.Photo(b"no picture", "foto.jpg"))
    request.refresh_from_db()
    assert request.stale_at is not None and request.stale_at.date().isoformat() == "2026-11-27"
    assert lines(request).count("fieldrequest.mark") == 3
    with pytest.raises(NotFound):
        requests.mark_fieldrequest(
            by=cast.neighbour_cadre, at=NOW, fieldrequest_id=request.id, code="ktp", mark="seen"
        )


def test_a_visit_keeps_what_was_seen_and_completes_what_it_shows(cast: Cast) -> None:
    request = help_.taken(cast, "housing/house", papers={}).request
    sides = [
        help_.photo(side, colour) for side, colour in (("front", "red"), ("left", "blue"), ("right", "green"))
    ]
    key = uuid4()
    for _press in range(2):
        visit = help_.inspected(
            cast, request, photos=sides, spot=requests.Spot(latitude=-2.9, longitude=118.8), visit_id=key
        )
    assert RequestVisit.objects.count() == 1 and visit.photos.count() == 3 and visit.visitor == "Hasniah Lino"
    assert request.papers.get(code="photos").mark == "copied"
    request.refresh_from_db()
    assert (request.latitude, request.longitude) == (-2.9, 118.8)
    well = help_.taken(cast, papers={}).request
    help_.inspected(cast, well, spot=requests.Spot(latitude=-2.9, longitude=118.8))
    assert well.papers.get(code="location").mark == "copied"
    assert lines(request) == ["fieldrequest.take", "fieldrequest.inspect"]


def test_a_visit_is_a_fact_in_any_state_but_not_ahead_of_time(cast: Cast) -> None:
    request = help_.verified(cast)
    do("finish", cast, "secretary", request, result="done", words="Sumur sudah digali.")
    assert help_.inspected(cast, request, meets=False).meets is False
    with pytest.raises(requests.DayAhead):
        help_.inspected(cast, request, visited_date=NOW.date() + timedelta(days=1))
    with pytest.raises(requests.NothingSeen):
        help_.inspected(cast, request, seen=" ")
    with pytest.raises(_requests.TooManyPhotos):
        help_.inspected(cast, request, photos=[help_.photo("front")] * 13)
    other = help_.taken(cast).request
    with pytest.raises(NotFound):
        help_.inspected(cast, other, visit_id=RequestVisit.objects.filter(request=request).first().id)  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        requests.inspect_fieldrequest(
            by=cast.neighbour_cadre,
            at=NOW,
            fieldrequest_id=request.id,
            visited_date=NOW.date(),
            seen="Dari jauh",
        )


# --- from verification to the result ----------------------------------------------------------------------------------


def test_a_request_goes_all_the_way_to_the_agency_and_back(cast: Cast) -> None:
    request = help_.handed(cast)
    case = Case.objects.get(id=request.case_id)
    assert (case.state, case.acting.code) == ("offered", "village")
    request = do(
        "forward", cast, "secretary", request, to_desk_id=cast.desk("water").id, note="Mohon sumur bor."
    )
    case.refresh_from_db()
    assert (case.holder.code, case.acting.code, request.state) == ("village", "water", "forwarded")
    assert request.forwarded_desk == cast.desk("water")
    referral.accept_case(by=cast.other_pokja, at=NOW, case_id=case.id)
    referral.answer_referral(by=cast.other_pokja, at=NOW, case_id=case.id, answer="Sumur bor selesai digali.")
    request = do("finish", cast, "secretary", request, result="done", words="Sumur bor selesai digali.")
    case.refresh_from_db()
    assert (request.state, request.stale_at, case.state, case.decision) == ("done", None, "answered", "done")
    assert Answer.objects.get(case=case).text == "Sumur bor selesai digali."
    assert lines(request) == [
        f"fieldrequest.{act}"
        for act in ("take", "check", "inspect", "verify", "hand_over", "forward", "finish")
    ]


def test_the_cadre_verifies_when_the_papers_are_complete(cast: Cast) -> None:
    request = help_.taken(cast, papers={"ktp": "seen"}).request
    with pytest.raises(requests_deciding.PapersMissing, match="Kartu Keluarga"):
        do("check", cast, "cadre", request, meets=True)
    RequestPaper.objects.filter(request=request).update(mark="seen")
    with pytest.raises(_requests.ReasonMissing):
        do("check", cast, "cadre", request, meets=False)
    assert do("check", cast, "cadre", request, meets=False, note="Sumur masih baik.").state == "checked"
    assert do("check", cast, "second_cadre", request, meets=True).checked_meets is True
    for part in ("secretary", "village_head"):
        with pytest.raises(NotAllowed):
            do("check", cast, part, request, meets=True)
    with pytest.raises(NotFound):
        do("check", cast, "neighbour_cadre", request, meets=True)


def test_optional_papers_hold_nothing_up(cast: Cast) -> None:
    request = help_.taken(cast, "health/visit", papers={"ktp": "seen", "kk": "seen"}).request
    assert request.papers.get(code="bpjs").mark == "missing"
    assert do("check", cast, "cadre", request, meets=True).state == "checked"


def test_the_village_verifies_after_the_visit_and_with_other_eyes(cast: Cast) -> None:
    request = help_.checked(cast)
    with pytest.raises(requests_deciding.VisitMissing):
        do("verify", cast, "secretary", request, meets=True)
    FieldRequest.objects.filter(id=request.id).update(checked_by_user_id=cast.seats["secretary"].user_id)
    help_.inspected(cast, request)
    with pytest.raises(requests_deciding.OwnVerification):
        do("verify", cast, "secretary", request, meets=True)
    for part in ("cadre", "posyandu_chair", "midwife"):
        with pytest.raises(NotAllowed):
            do("verify", cast, part, request, meets=True)
    for part in ("neighbour_head", "manager"):
        with pytest.raises((NotFound, NotAllowed)):
            do("verify", cast, part, request, meets=True)
    assert do("verify", cast, "village_head", request, meets=True).state == "verified"
    with pytest.raises(_requests.RequestMovedOn):
        do("verify", cast, "village_head", request, meets=True)


def test_criteria_not_met_ends_it_with_the_reason(cast: Cast) -> None:
    request = help_.checked(cast)
    with pytest.raises(_requests.ReasonMissing):
        do("verify", cast, "secretary", request, meets=False)
    request = do("verify", cast, "secretary", request, meets=False, why="Sudah ada sambungan air di rumah.")
    case = Case.objects.get(id=request.case_id)
    assert (request.state, case.state, case.decision) == ("refused", "answered", "not_eligible")
    assert Answer.objects.get(case=case).text == "Sudah ada sambungan air di rumah."


def test_handing_over_needs_a_village_desk_and_the_matter(cast: Cast) -> None:
    request = help_.verified(cast)
    with pytest.raises(NotAllowed):
        do("hand_over", cast, "secretary", request)
    referral.refer_case(
        by=cast.posyandu_chair,
        at=NOW,
        case_id=request.case_id,
        to_desk_id=cast.desk("centre").id,
        note="Mohon dibantu",
    )
    with pytest.raises(requests_deciding.MatterElsewhere, match="Call Center"):
        do("hand_over", cast, "posyandu_chair", request)
    other = help_.verified(cast)
    desk = cast.desk("village")
    desk.closed_at = NOW
    desk.save()
    with pytest.raises(requests_deciding.NoVillageDesk):
        do("hand_over", cast, "cadre", other)


def test_forwarding_is_the_villages(cast: Cast) -> None:
    request = help_.handed(cast)
    given = {"to_desk_id": cast.desk("water").id, "note": "Mohon sumur bor."}
    for part in ("cadre", "posyandu_chair"):
        with pytest.raises(NotAllowed):
            do("forward", cast, part, request, **given)
    with pytest.raises(NotFound):
        do("forward", cast, "secretary", request, to_desk_id=uuid4(), note="Ke mana?")
    assert Case.objects.get(id=request.case_id).state == "offered"
    do("forward", cast, "village_head", request, **given)
    with pytest.raises(_requests.RequestMovedOn):
        do("forward", cast, "secretary", request, **given)
    stray = help_.verified(cast)
    FieldRequest.objects.filter(id=stray.id).update(state="handed")
    with pytest.raises(requests_deciding.MatterElsewhere):
        do("forward", cast, "secretary", stray, **given)


def test_the_result_is_a_fact_even_when_the_matter_was_answered_before(cast: Cast) -> None:
    request = help_.verified(cast)
    with pytest.raises(requests_deciding.ResultUnknown):
        do("finish", cast, "secretary", request, result="maybe", words="Entahlah")
    with pytest.raises(_requests.ReasonMissing):
        do("finish", cast, "secretary", request, result="done", words="")
    with pytest.raises(NotAllowed):
        do("finish", cast, "cadre", request, result="done", words="Sudah beres.")
    settling.settle_case(
        by=cast.secretary, at=NOW, case_id=request.case_id, text="Sudah digali warga.", decision="done"
    )
    assert (
        do("finish", cast, "posyandu_chair", request, result="done", words="Sudah digali warga.").state
        == "done"
    )
    line = Line.objects.get(subject_id=request.id, kind="fieldrequest.finish")
    assert line.facts["told"] == "matter_closed"
    assert Answer.objects.filter(case_id=request.case_id).count() == 1


# --- public order -----------------------------------------------------------------------------------------------------


def test_public_order_is_hidden_until_the_head_releases_it(cast: Cast) -> None:
    request = help_.order(cast)
    trusted = ("posyandu_chair", "village_head")
    others = (
        "cadre",
        "second_cadre",
        "midwife",
        "secretary",
        "village_officer",
        "manager",
        "admin",
        "neighbour_head",
    )
    for part in trusted:
        assert finds(cast, part, request) and finds_case(cast, part, request)
    for part in others:
        assert not finds(cast, part, request) and not finds_case(cast, part, request), part
        with pytest.raises(NotFound):
            access.request_for(getattr(cast, part), request.id)
    assert (
        queries.counts(cast.cadre, NOW)["open"] == 0 and queries.counts(cast.village_head, NOW)["open"] == 1
    )
    do("check", cast, "posyandu_chair", request, meets=True)
    for act, part, given in (
        ("verify", "village_head", {"meets": True}),
        ("finish", "posyandu_chair", {"result": "done", "words": "Beres sudah."}),
    ):
        with pytest.raises((_requests.NotReleased, _requests.RequestMovedOn)):
            do(act, cast, part, request, **given)
    do("release", cast, "village_head", request, note="Diteruskan ke Satpol PP.")
    for part in ("cadre", "secretary"):
        assert finds(cast, part, request)
    assert finds_case(cast, "cadre", request) and not finds_case(cast, "manager", request)
    assert not finds(cast, "neighbour_head", request)
    with pytest.raises(requests_deciding.NothingToRelease):
        do("release", cast, "village_head", request)


def test_only_the_head_releases(cast: Cast) -> None:
    request = help_.order(cast)
    with pytest.raises(NotAllowed):
        do("release", cast, "posyandu_chair", request)
    for part in ("secretary", "cadre", "neighbour_head"):
        with pytest.raises(NotFound):
            do("release", cast, part, request)
    plain = help_.taken(cast).request
    with pytest.raises(requests_deciding.NothingToRelease):
        do("release", cast, "village_head", plain)


def test_a_cadre_who_took_it_in_still_sees_it_and_the_chair_too(cast: Cast) -> None:
    request = help_.order(cast, by=cast.cadre)
    assert finds(cast, "cadre", request) and finds_case(cast, "cadre", request)
    assert finds(cast, "posyandu_chair", request) and not finds(cast, "second_cadre", request)


def test_the_reporter_of_public_order_stays_hidden_from_the_agency(cast: Cast) -> None:
    request = help_.order(cast)
    case = Case.objects.get(id=request.case_id)
    assert case.hide_name and case.sensitivity == "restricted"
    with pytest.raises(Refused):
        referral.refer_case(
            by=cast.posyandu_chair,
            at=NOW,
            case_id=case.id,
            to_desk_id=cast.desk("centre").id,
            note="Diam-diam",
        )
    do("check", cast, "posyandu_chair", request, meets=True)
    do("release", cast, "village_head", request)
    do("verify", cast, "village_head", request, meets=True)
    do("hand_over", cast, "cadre", request)
    do("forward", cast, "village_head", request, to_desk_id=cast.desk("centre").id, note="Mohon patroli.")
    case.refresh_from_db()
    assert not case_access.sees_reporter(cast.admin, case) and finds_case(cast, "admin", request)
    hop = case.hops.get(to_desk=cast.desk("centre"))
    assert "Daeng Puji" not in hop.extract and not hop.shares_contact
    assert access.sees_name(cast.village_head, request) and not access.sees_name(cast.secretary, request)


def test_the_lines_of_public_order_tell_nothing_of_it(cast: Cast) -> None:
    request = help_.order(cast)
    facts = Line.objects.get(subject_id=request.id, kind="fieldrequest.take").facts
    assert "service" not in facts and "patrol" not in str(facts)


def test_an_anonymous_one_may_be_set_aside_with_a_reason(cast: Cast) -> None:
    request = help_.anonymous(cast)
    assert request.person is None and request.case.mode == "anonymous"
    with pytest.raises(_requests.ReasonMissing):
        do("set_aside", cast, "posyandu_chair", request, why="")
    for part in ("cadre", "secretary"):
        with pytest.raises(NotFound):
            do("set_aside", cast, part, request, why="Tidak jelas tempatnya.")
    do("set_aside", cast, "posyandu_chair", request, why="Tidak jelas tempatnya.")
    case = Case.objects.get(id=request.case_id)
    assert (case.state, request.case_id, case.decision) == ("answered", case.id, "not_eligible")
    assert lines(request) == ["fieldrequest.take", "fieldrequest.set_aside"]
    with pytest.raises(requests_deciding.NotAnonymous):
        do("set_aside", cast, "posyandu_chair", help_.order(cast), why="Tidak penting bagi kami.")


def test_words_that_seal_a_matter_take_the_request_out_of_sight(cast: Cast) -> None:
    taken = help_.taken(
        cast,
        "order/prevention",
        cast.posyandu_chair,
        words="Petugas minta ditemani tidur supaya kami dapat bantuan.",
    )
    assert taken.hidden and not finds(cast, "posyandu_chair", taken.request)
    assert not finds(cast, "village_head", taken.request) and finds(cast, "focal", taken.request) is False


def test_one_that_came_by_another_door_is_confined_when_it_is_joined(cast: Cast) -> None:
    place = help_.posyandu(cast)
    answers = {"field": "order", "service": "order/watch"}
    case = cast.case(kind_code="spm_request", answers=answers, desk_id=cast.desk("posyandu").id)
    request = requests.join_fieldrequest(
        by=cast.posyandu_chair, at=NOW, case_id=case.id, posyandu_id=place.id
    )
    assert not finds(cast, "cadre", request) and not finds_case(cast, "cadre", request)
    assert finds_case(cast, "posyandu_chair", request)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_red_flag_is_up_after_three_working_days_without_a_movement(cast: Cast) -> None:
    Holiday.objects.create(
        region_code="7602",
        day=(NOW + timedelta(days=1)).date(),
        name="Hari jadi Mamuju",
        kind="local",
        source="Perbup",
    )
    region_queries.forget()
    request = help_.taken(cast).request
    assert request.stale_at is not None and request.stale_at.date().isoformat() == "2026-11-27"
    friday, monday = NOW + timedelta(days=4), NOW + timedelta(days=7)
    flagged = queries.Filters(only="flagged")
    assert not queries.listed(cast.cadre, flagged, friday).rows
    assert [one.id for one in queries.listed(cast.cadre, flagged, monday).rows] == [request.id]
    assert queries.counts(cast.cadre, monday) == {"open": 1, "flagged": 1, "late": 0}
    requests.mark_fieldrequest(
        by=cast.cadre, at=monday, fieldrequest_id=request.id, code="ktp", mark="copied"
    )
    assert not queries.listed(cast.cadre, flagged, monday).rows
    assert queries.counts(cast.cadre, NOW + timedelta(days=30)) == {"open": 1, "flagged": 1, "late": 1}


def test_the_list_is_narrowed_and_the_neighbour_finds_nothing(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    first, second = help_.taken(cast).request, help_.taken(cast, "social/aid").request
    do("check", cast, "cadre", second, meets=False, note="Sudah menerima bantuan.")
    do("verify", cast, "secretary", second, meets=False, why="Sudah menerima bantuan.")
    with django_assert_num_queries(2):
        page = queries.listed(cast.cadre, queries.Filters(), NOW)
        assert [one.posyandu.name for one in page.rows] == ["Posyandu Melati"]
    assert page.complete == {first.id}
    assert [one.id for one in queries.listed(cast.cadre, queries.Filters(only="ended"), NOW).rows] == [
        second.id
    ]
    assert not queries.listed(cast.cadre, queries.Filters(field="health"), NOW).rows
    assert queries.listed(cast.cadre, queries.Filters(words="puji"), NOW).rows
    assert not queries.listed(cast.neighbour_cadre, queries.Filters(), NOW).rows
    assert not queries.listed(cast.manager, queries.Filters(), NOW).rows


# --- the person -------------------------------------------------------------------------------------------------------


def test_a_person_is_moved_and_emptied_here_too(cast: Cast) -> None:
    request = help_.checked(cast)
    help_.inspected(cast, request, photos=[help_.photo("front")])
    origin = request.person
    assert origin is not None
    target = Person.objects.create(
        full_name="Daeng Puji", name_key="puji", region_code=DUNGKAIT, registered_at=NOW
    )
    moving.move_participants(
        by=cast.posyandu_chair, at=NOW, origin_id=origin.id, target_id=target.id, region_code=DUNGKAIT
    )
    request.refresh_from_db()
    assert request.person_id == target.id
    done = erasing.blank_participants(by=MACHINE, at=NOW, person_id=target.id)
    assert done.files and not RequestPhoto.objects.exists()
    assert RequestVisit.objects.get().seen in ("", "[dihapus]")
