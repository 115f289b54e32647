"""A posyandu is set up, numbered, named pilot, closed; its papers and people: who may, what is refused, what the journal says."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from simpul.journal.models import Line
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.people.models import Person
from simpul.posyandu.access import institution as own_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import _institution as steps
from simpul.posyandu.actions import institution, institution_papers, institution_people
from simpul.posyandu.models import Cadre, Decree, Posyandu
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.rules import institution as rules
from tests.cast import BONTO_JAI, BOTTENG, DUNGKAIT, NOW, Cast

TODAY = NOW.date()
NUMBER = "76.02.13.2001.001"
SIX = ["education", "health", "works", "housing", "order", "social"]


@pytest.fixture
def melati(cast: Cast) -> Posyandu:
    return set_up(cast)


def set_up(
    cast: Cast, name: str = "Posyandu Melati", part: str = "secretary", region: str = DUNGKAIT, **given: Any
) -> Posyandu:
    key = given.pop("posyandu_id", None)
    said = institution.PosyanduGiven(**{"name": name, **given})
    by = getattr(cast, part)
    return institution.set_up_posyandu(by=by, at=NOW, region_code=region, given=said, posyandu_id=key)


def appoint(
    cast: Cast, posyandu: Posyandu, name: str = "Hasniah", part: str = "secretary", **given: Any
) -> Cadre:
    key = given.pop("cadre_id", None)
    said = institution_people.CadreGiven(
        **{"name": name, "field": "health", "since_date": TODAY - timedelta(days=30), **given}
    )
    return institution_people.appoint_cadre(
        by=getattr(cast, part), at=NOW, posyandu_id=posyandu.id, given=said, cadre_id=key
    )


def paper(cast: Cast, posyandu: Posyandu, kind: str = "meeting", **given: Any) -> Decree:
    key = given.pop("decree_id", None)
    said = institution_papers.DecreeGiven(**{"kind": kind, "decree_date": TODAY, **given})
    return institution_papers.record_decree(
        by=cast.secretary, at=NOW, posyandu_id=posyandu.id, given=said, decree_id=key
    )


def line(kind: str) -> Line:
    found = Line.objects.filter(kind=kind).last()
    assert found is not None, kind
    return found


# --- setting up ------------------------------------------------------------------------------------------------------------------


def test_a_posyandu_is_set_up_with_six_fields_and_its_desk(cast: Cast) -> None:
    made = set_up(
        cast,
        desk_id=cast.desk("posyandu").id,
        hamlet_id=cast.hamlet.id,
        schedule={"day": 12},
        starts=time(8, 30),
    )
    assert made.fields == SIX
    assert (made.desk_id, made.hamlet_id, made.norm) == (cast.desk("posyandu").id, cast.hamlet.id, 15)
    assert line("posyandu.set_up").facts["schedule"] == {"day": 12}


def test_two_more_fields_are_data_alone(cast: Cast) -> None:
    made = set_up(cast, fields=(*SIX, "dukcapil", "family"))
    assert len(queries.fields_of(made)) == 8
    with pytest.raises(steps.ChoiceNotThere):
        set_up(cast, "Posyandu Mawar", fields=("health", "astrology"))


def test_the_same_key_gives_the_same_posyandu(cast: Cast) -> None:
    key = uuid7()
    assert set_up(cast, posyandu_id=key) == set_up(cast, posyandu_id=key)
    assert Line.objects.filter(kind="posyandu.set_up").count() == 1


def test_two_posyandu_of_a_village_do_not_look_alike(cast: Cast, melati: Posyandu) -> None:
    with pytest.raises(institution.NameTaken):
        set_up(cast, "posyandu  MELATI")
    assert set_up(cast, part="manager", region=BOTTENG).name == melati.name


def test_hamlet_desk_and_place_must_fit(cast: Cast, melati: Posyandu) -> None:
    with pytest.raises(steps.ChoiceNotThere):
        set_up(cast, "Posyandu Jauh", part="manager", region=BOTTENG, hamlet_id=cast.hamlet.id)
    with pytest.raises(institution.DeskTaken):
        set_up(cast, "Posyandu Mawar", desk_id=cast.desk("village").id)
    set_up(cast, "Posyandu Anggrek", desk_id=cast.desk("posyandu").id)
    with pytest.raises(institution.DeskTaken):
        set_up(cast, "Posyandu Mawar", desk_id=cast.desk("posyandu").id)
    with pytest.raises(institution.PlaceNotKnown):
        set_up(cast, "Posyandu Kabupaten", part="manager", region="7602")


def test_who_may_not_set_up(cast: Cast) -> None:
    for part in ("cadre", "midwife", "neighbour_head", "village_officer"):
        with pytest.raises(NotAllowed):
            set_up(cast, part=part)


def test_a_posyandu_is_changed_and_a_field_with_people_stays(cast: Cast, melati: Posyandu) -> None:
    appoint(cast, melati, "Salma", field="social")
    change = institution.PosyanduGiven(name="Posyandu Melati I", fields=("health", "social"), norm=10)
    done = institution.change_posyandu(by=cast.posyandu_chair, at=NOW, posyandu_id=melati.id, given=change)
    assert (done.name, done.fields, done.norm) == ("Posyandu Melati I", ["health", "social"], 10)
    assert line("posyandu.change").facts["norm"] == 10
    gone = institution.PosyanduGiven(name="Posyandu Melati I", fields=("health",))
    with pytest.raises(institution.FieldServed, match="Salma"):
        institution.change_posyandu(by=cast.posyandu_chair, at=NOW, posyandu_id=melati.id, given=gone)
    with pytest.raises(NotFound):
        institution.change_posyandu(by=cast.neighbour_head, at=NOW, posyandu_id=melati.id, given=change)


# --- the number ---------------------------------------------------------------------------------------------------------------------


def number(cast: Cast, posyandu: Posyandu, given: str, **more: Any) -> Posyandu:
    by = cast.manager
    return institution.number_posyandu(by=by, at=NOW, posyandu_id=posyandu.id, number=given, **more)


def test_a_number_is_taken_in_its_one_form(cast: Cast, melati: Posyandu) -> None:
    assert number(cast, melati, " 7602132001001 ", number_date=TODAY).number == NUMBER
    assert line("posyandu.number").facts["number"] == NUMBER
    assert number(cast, melati, "").number == ""


@pytest.mark.parametrize(
    "given", ["76.02.13.2001", "76.02.13.2001.1", "7602.13.2001.001", "76.02.13.2001.00١", "abc"]
)
def test_a_number_of_another_form_is_refused(cast: Cast, melati: Posyandu, given: str) -> None:
    with pytest.raises(rules.NumberWrong, match=r"76\.02\.13\.2001\.001"):
        number(cast, melati, given)


def test_a_number_of_another_village_is_refused_and_says_both(cast: Cast, melati: Posyandu) -> None:
    with pytest.raises(rules.NumberElsewhere, match=r"73\.05\.11\.2005.*76\.02\.13\.2001"):
        number(cast, melati, "73.05.11.2005.001")


def test_a_number_is_given_once(cast: Cast, melati: Posyandu) -> None:
    number(cast, melati, NUMBER)
    with pytest.raises(institution.NumberTaken, match="Melati"):
        number(cast, set_up(cast, "Posyandu Mawar"), NUMBER)
    with pytest.raises(steps.DayAhead):
        number(cast, melati, NUMBER, number_date=TODAY + timedelta(days=1))


# --- the pilot ----------------------------------------------------------------------------------------------------------------------


def pilot(cast: Cast, posyandu: Posyandu, part: str = "manager", since: date = TODAY) -> Posyandu:
    return institution.mark_pilot(by=getattr(cast, part), at=NOW, posyandu_id=posyandu.id, since_date=since)


def test_a_kecamatan_has_one_pilot(cast: Cast, melati: Posyandu) -> None:
    assert pilot(cast, melati, since=date(2024, 11, 6)).pilot_since == date(2024, 11, 6)
    assert line("pilot.mark").facts["since"] == "2024-11-06"
    other = set_up(cast, "Posyandu Mawar")
    with pytest.raises(institution.PilotTaken, match=r"Melati.*6/11/2024"):
        pilot(cast, other)
    institution.end_pilot(by=cast.manager, at=NOW, posyandu_id=melati.id, why="Pindah")
    assert line("pilot.end").facts["why"] == "Pindah"
    assert pilot(cast, other).pilot
    elsewhere = set_up(cast, part="manager", region=BOTTENG)
    assert pilot(cast, elsewhere).pilot


def test_the_database_holds_the_one_pilot_too(cast: Cast, melati: Posyandu) -> None:
    pilot(cast, melati)
    other = set_up(cast, "Posyandu Mawar")
    with pytest.raises(IntegrityError), transaction.atomic():
        Posyandu.objects.filter(id=other.id).update(pilot=True)


def test_the_village_names_no_pilot(cast: Cast, melati: Posyandu) -> None:
    for part in ("secretary", "village_head", "posyandu_chair", "cadre"):
        with pytest.raises(NotAllowed):
            pilot(cast, melati, part)
    with pytest.raises(NotAllowed):
        institution.end_pilot(by=cast.secretary, at=NOW, posyandu_id=melati.id, why="Tidak boleh")


def test_closing_ends_the_pilot_and_new_people_are_refused(cast: Cast, melati: Posyandu) -> None:
    pilot(cast, melati)
    given = {"by": cast.village_head, "at": NOW, "posyandu_id": melati.id}
    with pytest.raises(steps.WordMissing):
        institution.close_posyandu(**given, closed_date=TODAY)
    closed = institution.close_posyandu(**given, closed_date=TODAY, why="Digabung")
    assert (closed.pilot, closed.closed_date) == (False, TODAY)
    assert line("posyandu.close").facts == {
        "posyandu": str(melati.id),
        "closed": TODAY.isoformat(),
        "why": "Digabung",
    }
    with pytest.raises(steps.PosyanduClosed):
        appoint(cast, melati)
    assert queries.own_posyandu(cast.secretary) == []
    assert institution.close_posyandu(**given).closed_date is None


# --- papers -------------------------------------------------------------------------------------------------------------------------


def test_the_chain_goes_from_the_meeting_to_the_number(cast: Cast, melati: Posyandu) -> None:
    assert queries.chain(melati, []).next == "meeting"
    paper(cast, melati, "founding", number="411/1/DM/2026")
    paper(cast, melati, "meeting")
    assert line("decree.record").facts["kind"] == "meeting"
    found = queries.chain(melati, queries.decrees(cast.manager, melati))
    assert (found.done, found.next, found.total) == (("meeting", "founding"), "team", 6)
    for kind in ("team", "board", "matrix"):
        paper(cast, melati, kind)
    number(cast, melati, NUMBER)
    melati.refresh_from_db()
    assert queries.chain(melati, queries.decrees(cast.manager, melati)).next == ""


def test_a_paper_is_taken_back_with_a_reason(cast: Cast, melati: Posyandu) -> None:
    one = paper(cast, melati)
    given = {"by": cast.secretary, "at": NOW, "decree_id": one.id}
    with pytest.raises(steps.WordMissing):
        institution_papers.withdraw_decree(**given, why="")
    institution_papers.withdraw_decree(**given, why="Salah desa")
    assert queries.decrees(cast.secretary, melati) == []
    assert line("decree.withdraw").inputs["why"] == "Salah desa"
    with pytest.raises(NotAllowed):
        institution_papers.withdraw_decree(by=cast.cadre, at=NOW, decree_id=one.id, why="Coba")


def test_papers_lie_behind_and_of_a_known_kind_and_are_photos_or_pdf(cast: Cast, melati: Posyandu) -> None:
    key = uuid7()
    assert paper(cast, melati, decree_id=key) == paper(cast, melati, decree_id=key)
    with pytest.raises(steps.DayAhead):
        paper(cast, melati, decree_date=TODAY + timedelta(days=1))
    with pytest.raises(steps.ChoiceNotThere):
        paper(cast, melati, "poem")
    with pytest.raises(NotFound):
        own_access.decree_for(cast.neighbour_head, key)
    said = institution_papers.DecreeGiven("meeting", decree_date=TODAY)
    with pytest.raises(NotAllowed):
        institution_papers.record_decree(by=cast.cadre, at=NOW, posyandu_id=melati.id, given=said)


# --- people -------------------------------------------------------------------------------------------------------------------------


def test_board_and_cadres_stand_in_the_order_of_the_decree(cast: Cast, melati: Posyandu) -> None:
    appoint(cast, melati, "Suriati", seat_id=None)
    appoint(cast, melati, "Kartini", position="chair", field="health")
    appoint(cast, melati, "Hasniah", position="field_head")
    assert [(one.name, one.field) for one in queries.serving(melati)] == [
        ("Kartini", ""),
        ("Hasniah", "health"),
        ("Suriati", "health"),
    ]
    assert line("cadre.appoint").inputs["name"] == "Hasniah"
    gap = queries.gap(melati)
    assert (gap.have, gap.norm, gap.missing) == (3, 15, 12)


def test_a_cadre_with_an_account_is_found_by_the_seat(cast: Cast, melati: Posyandu) -> None:
    institution.change_posyandu(
        by=cast.secretary,
        at=NOW,
        posyandu_id=melati.id,
        given=institution.PosyanduGiven(name=melati.name, desk_id=cast.desk("posyandu").id),
    )
    seat = cast.seats["cadre"].id
    one = appoint(cast, melati, seat_id=seat)
    assert queries.cadre_of(cast.cadre, melati) == one
    with pytest.raises(institution_people.SeatTaken):
        appoint(cast, melati, "Rahmania", seat_id=seat)
    with pytest.raises(institution_people.SeatTaken):
        appoint(cast, melati, "Ilham", seat_id=cast.seats["village_officer"].id)


def test_nobody_serves_in_two_fields(cast: Cast, melati: Posyandu) -> None:
    person = register(cast, "Nurbaeti Aminah")
    appoint(cast, melati, person_id=person.id, name="")
    with pytest.raises(institution_people.ServesAlready):
        appoint(cast, melati, "Nurbaeti", person_id=person.id, field="social")
    other = set_up(cast, "Posyandu Mawar")
    with pytest.raises(institution_people.TwoFields, match="Melati"):
        appoint(cast, other, "Nurbaeti", person_id=person.id, field="social")
    assert appoint(cast, other, "Nurbaeti", person_id=person.id, position="chair").field == ""


def register(cast: Cast, name: str) -> Any:
    return Person.objects.create(
        full_name=name, name_key=name.lower(), region_code=DUNGKAIT, registered_at=NOW, resident=True
    )


def test_the_same_name_is_asked_about_once(cast: Cast, melati: Posyandu) -> None:
    appoint(cast, melati, "Sitti Hajrah")
    with pytest.raises(institution_people.SameName, match="Sitti Hajrah"):
        appoint(cast, melati, "sitti hajrah", field="social")
    assert appoint(cast, melati, "sitti hajrah", field="social", another=True).field == "social"


def test_one_holder_of_each_position_and_a_field_that_is_served(cast: Cast, melati: Posyandu) -> None:
    appoint(cast, melati, "Kartini", position="chair")
    with pytest.raises(institution_people.PositionHeld, match="Kartini"):
        appoint(cast, melati, "Rosdiana", position="chair")
    appoint(cast, melati, "Hasniah", position="field_head")
    with pytest.raises(institution_people.PositionHeld):
        appoint(cast, melati, "Salma", position="field_head")
    assert appoint(cast, melati, "Salma", position="field_head", field="social").field == "social"
    with pytest.raises(institution_people.FieldMissing):
        appoint(cast, melati, "Ani", field="dukcapil")
    with pytest.raises(institution_people.TermWrong):
        appoint(cast, melati, "Ani", until_date=date(2020, 1, 1))


def test_a_term_is_changed_and_ended(cast: Cast, melati: Posyandu) -> None:
    one = appoint(cast, melati)
    said = institution_people.CadreGiven(
        "Hasniah Lino", "cadre", "social", one.since_date, phone="0812-4455-6677"
    )
    done = institution_people.change_cadre(by=cast.posyandu_chair, at=NOW, cadre_id=one.id, given=said)
    assert (done.name, done.field, done.phone) == ("Hasniah Lino", "social", "+6281244556677")
    assert line("cadre.change").facts["field"] == "social"
    end = {"by": cast.posyandu_chair, "at": NOW, "cadre_id": one.id}
    with pytest.raises(institution_people.TermWrong):
        institution_people.end_cadre(**end, ended_date=one.since_date - timedelta(days=1))
    with pytest.raises(steps.DayAhead):
        institution_people.end_cadre(**end, ended_date=TODAY + timedelta(days=1))
    institution_people.end_cadre(**end, ended_date=TODAY, why="Pindah")
    assert line("cadre.end").facts["ended"] == TODAY.isoformat()
    assert (queries.serving(melati), queries.ended(melati)) == ([], [one])
    with pytest.raises(institution_people.TermOver):
        institution_people.change_cadre(by=cast.secretary, at=NOW, cadre_id=one.id, given=said)


def test_who_may_not_appoint(cast: Cast, melati: Posyandu) -> None:
    one = appoint(cast, melati)
    for part in ("cadre", "midwife", "administrator"):
        with pytest.raises(NotAllowed):
            appoint(cast, melati, "Salma", part)
    with pytest.raises(NotFound):
        appoint(cast, melati, "Salma", "neighbour_coordinator")
    with pytest.raises(NotFound):
        institution_people.end_cadre(by=cast.neighbour_head, at=NOW, cadre_id=one.id, ended_date=TODAY)


# --- lists --------------------------------------------------------------------------------------------------------------------------


def test_own_posyandu_are_those_of_the_desk_else_of_the_area(cast: Cast, melati: Posyandu) -> None:
    mawar = set_up(cast, "Posyandu Mawar", desk_id=cast.desk("posyandu").id)
    assert queries.own_posyandu(cast.cadre) == [mawar]
    assert queries.own_posyandu(cast.secretary) == [mawar, melati]
    assert queries.own_posyandu(cast.neighbour_cadre) == []
    with pytest.raises(NotFound):
        access.posyandu_for(cast.neighbour_cadre, melati.id)


def test_the_list_is_narrowed_and_counted_in_a_fixed_number_of_queries(cast: Cast, melati: Posyandu) -> None:
    appoint(cast, melati)
    pilot(cast, melati)
    number(cast, melati, NUMBER)
    full = set_up(cast, "Posyandu Mawar", norm=1)
    appoint(cast, full, "Salma")
    set_up(cast, part="manager", region=BOTTENG, name="Posyandu Kenanga")
    set_up(cast, part="neighbour_manager", region=BONTO_JAI)

    def names(**given: Any) -> list[str]:
        return [one.name for one in queries.listed(cast.manager, queries.Filters(**given))[0]]

    assert names() == ["Posyandu Kenanga", "Posyandu Mawar", "Posyandu Melati"]
    assert names(district="760213") == ["Posyandu Mawar", "Posyandu Melati"]
    assert names(words="melati") == names(words="76.02.13.2001") == names(only="pilot") == ["Posyandu Melati"]
    assert names(only="gap") == ["Posyandu Kenanga", "Posyandu Melati"]
    assert names(only="unnumbered") == ["Posyandu Kenanga", "Posyandu Mawar"]
    assert [name for _code, name in queries.districts(cast.manager)] == ["Simboro", "Tapalang Barat"]
    assert queries.totals(cast.manager) == queries.Totals(3, 1, 1, 2, 29)
    with CaptureQueriesContext(connection) as seen:
        queries.listed(cast.manager, queries.Filters())
    assert len(seen) == 1


def test_the_next_days_name_a_holiday_and_keep_it(cast: Cast, melati: Posyandu) -> None:
    melati.schedule = {"day": 25}
    found = queries.next_days(melati, date(2026, 12, 1))
    assert [one.day for one in found] == [date(2026, 12, 25), date(2027, 1, 25), date(2027, 2, 25)]
    assert found[0].holiday
    melati.schedule = {}
    assert queries.next_days(melati, TODAY) == []
