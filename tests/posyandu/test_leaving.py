"""What leaves for other systems, and what never does: early marriage, public order, people whose data stand still, passwords."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection as database

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.people.models import Person
from simpul.posyandu.actions import education, marriage, shipments
from simpul.posyandu.models import Connection, MarriageRisk, Participant, Shipment
from simpul.posyandu.queries import exchange as queries
from simpul.posyandu.rules import dhis2
from tests.cast import NOW, Cast
from tests.peers import health
from tests.posyandu import day_help, follow_help, requests_help
from tests.posyandu.test_shipments import MONTH, connected, prepared, sent

PATROL, TALK = "Mohon patroli malam di lorong masjid.", "Bicara dengan orang tua dan sekolah"
FORBIDDEN = (
    "patroli",
    "Bicara dengan",
    "nikah",
    "marriage",
    "kawin",
    "order/",
    "bdt/",
    "sekolah",
    "percentile",
)


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    """The other side stands on this machine."""
    settings.SIMPUL_WEBHOOK_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def peers() -> Iterator[tuple[health.Dhis2, health.Satusehat]]:
    """Both systems; the DHIS2 knows whatever it is told."""
    with (
        health.running(health.Dhis2(units={"DiszpKrYNg8"})) as figures,
        health.running(health.Satusehat()) as days,
    ):
        yield figures, days


@pytest.fixture
def girl(cast: Cast, there: day_help.Furnished) -> Person:
    """A girl at risk, measured this month as a child and as a pupil, with a plan of support, in a home that asked for a patrol."""
    home = follow_help.household(cast, "Daeng Sija")
    home.percentile = 12
    home.save()
    found = day_help.person("Nurlina", date(2010, 3, 4), household=home, hamlet=cast.hamlet)
    found.nik, found.nik_index = "7602134403100001", "index-of-girl"
    found.save()
    follow_help.schooling(found, "bdt/2")
    for form, values in (("C", {"weight": 41000, "height": 1500}), ("B", {"weight": 9000, "height": 800})):
        whom = found if form == "C" else there.child
        day_help.record(cast, day_help.enrol(cast, there.melati, whom, form), date(2026, 11, 12), **values)
    marriage.sweep_marriages(by=MACHINE, at=NOW, posyandu_id=there.melati.id)
    step = marriage.StepGiven(TALK, "Ibu Kartini", day_help.TODAY, None)
    risk = MarriageRisk.objects.get(person=found)
    marriage.plan_marriage(by=cast.midwife, at=NOW, risk_id=risk.id, goal="school", steps=[step])
    education.record_showing(
        by=cast.cadre,
        at=NOW,
        posyandu_id=there.melati.id,
        medium="kawin-anak",
        date=day_help.TODAY,
        participant_ids=[Participant.objects.get(person=found).id],
    )
    there.melati.fields = requests_help.SIX
    there.melati.save()
    requests_help.order(cast, words=PATROL)
    return found


def everything(cast: Cast, peers: tuple[health.Dhis2, health.Satusehat], there: Any) -> str:
    """All that both systems were sent and all files of the month, as one text; every name that can be mapped is mapped."""
    figures, days = peers
    uid = (f"a{number:010d}" for number in range(200))
    names = {
        "elements": {f"{name}{part}": next(uid) for name in queries.FIGURES for part in ("", ".L", ".P")},
        "units": {str(there.melati.id): "DiszpKrYNg8"},
        "attributes": {name: next(uid) for name in ("name", "nik", "sex", "birth_date")},
        "event_elements": {name: next(uid) for name in queries.VALUES},
    }
    figures.elements = set(names["elements"].values())
    row, other = connected(cast, figures, there, names=names), connected(cast, days, there)
    for connection, kind in ((row, "values"), (row, "tracker"), (other, "bundle")):
        prepared(cast.midwife, connection, kind)
    sent()
    over = (row.region_code,)
    found = queries.value_set(row, MONTH, over)
    return "\n".join(
        [
            json.dumps([figures.held, list(figures.jobs.values()), days.bundles], default=str),
            json.dumps(dhis2.as_json(found)) + dhis2.as_csv(found) + dhis2.as_adx(found, "2026-11-23"),
            json.dumps(list(queries.eppgbm_rows(cast.midwife, MONTH)), default=str),
        ]
    )


def test_early_marriage_and_public_order_never_leave(
    cast: Cast, there: day_help.Furnished, girl: Person, peers: tuple[health.Dhis2, health.Satusehat]
) -> None:
    """What was measured goes; that she is at risk, why, what is planned, and what her home asked for does not."""
    text = everything(cast, peers, there)
    assert girl.nik in text and there.child.full_name in text, "the parcels are not empty"
    assert [word for word in FORBIDDEN if word.casefold() in text.casefold()] == []
    kinds = {entry["resource"]["resourceType"] for one in peers[1].bundles for entry in one["entry"]}
    assert kinds <= {"Patient", "Encounter", "Observation", "Immunization"}


def test_whose_data_stand_still_is_nowhere(
    cast: Cast, there: day_help.Furnished, girl: Person, peers: tuple[health.Dhis2, health.Satusehat]
) -> None:
    """Neither by name nor by NIK, in no parcel and in no file."""
    Person.objects.filter(id__in=(girl.id, there.child.id)).update(restricted_at=NOW)
    other = day_help.person("Anak Lain")
    other.nik, other.nik_index = "7602135011250008", "index-of-other"
    other.save()
    day_help.record(
        cast, day_help.enrol(cast, there.melati, other), date(2026, 11, 12), weight=8000, height=715
    )
    text = everything(cast, peers, there)
    assert "Anak Lain" in text
    for person in (girl, there.child):
        assert person.full_name not in text and (not person.nik or person.nik not in text)


def test_the_password_is_in_no_table_no_line_and_no_log(
    cast: Cast, there: day_help.Furnished, caplog: pytest.LogCaptureFixture
) -> None:
    """Stored encrypted; not in the journal, not in what a server says that repeats it, not in a log."""
    caplog.set_level(logging.DEBUG)
    with health.running(health.Dhis2()) as peer:
        row = connected(cast, peer, there)
        peer.answer = lambda *_asked: (409, {"message": f"integrasi:{health.PASSWORD} was wrong"})  # type: ignore[method-assign]
        prepared(cast.manager, row, "values")
        (parcel,) = sent()
    assert parcel.state == "refused" and "integrasi:" in parcel.answer
    with database.cursor() as cursor:
        cursor.execute("select * from posyandu_connection")
        stored = str(cursor.fetchall())
    assert peer.url in stored and health.PASSWORD not in stored
    assert Connection.objects.get().secret == health.PASSWORD
    lines = str([(one.facts, one.inputs) for one in Line.objects.all()])
    for place in (lines, parcel.answer, caplog.text, str(row), repr(row)):
        assert health.PASSWORD not in place


def test_every_parcel_leaves_lines(
    cast: Cast, there: day_help.Furnished, girl: Person, peers: tuple[health.Dhis2, health.Satusehat]
) -> None:
    """Who prepared it and what became of it; without a name, a NIK or a value of anybody."""
    everything(cast, peers, there)
    assert Line.objects.filter(kind="shipments.prepare").count() == 3
    keys = {str(one.subject_id) for one in Line.objects.filter(kind="shipment.send")}
    assert keys == {str(key) for key in Shipment.objects.values_list("id", flat=True)}
    said = str([one.facts for one in Line.objects.filter(kind__startswith="shipment")])
    assert girl.nik not in said and girl.full_name not in said


@pytest.mark.parametrize(
    "part", ["cadre", "second_cadre", "village_head", "secretary", "focal", "neighbour_manager"]
)
def test_who_has_no_such_act_sends_nothing(
    cast: Cast, there: day_help.Furnished, peers: tuple[health.Dhis2, health.Satusehat], part: str
) -> None:
    """To them there is no connection; a manager sends figures and no names."""
    row = connected(cast, peers[0], there)
    by: Actor = getattr(cast, part)
    assert not queries.exchange_access.connections(by).exists()
    with pytest.raises(shipments.NamesNeeded):
        prepared(replace(cast.manager), row, "tracker")
    assert not Shipment.objects.exists()
