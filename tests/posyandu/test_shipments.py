"""Figures go to a DHIS2 and days to a SATUSEHAT that check them by their own rules: busy, locked out, refused, sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.posyandu.actions import connections, shipments
from simpul.posyandu.models import Connection, Examination, Shipment
from simpul.posyandu.queries import exchange as queries
from simpul.posyandu.rules import dhis2
from tests.cast import DUNGKAIT, NOW, Cast
from tests.peers import health
from tests.posyandu import day_help, follow_help

MONTH = date(2026, 11, 1)
ELEMENT, COMBO, UNIT = "fbfJHSPpUQD", "bjDvmb4bfuf", "DiszpKrYNg8"
PROGRAM = {"program": "IpHINAT79UW", "stage": "A03MvHHogjR", "type": "nEenWmSyUEp"}


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    """The other side stands on this machine."""
    settings.SIMPUL_WEBHOOK_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def there(cast: Cast) -> day_help.Furnished:
    """A posyandu with one weighed child that has a NIK, and one that has none."""
    found = day_help.furnish(cast)
    found.child.nik, found.child.nik_index = "7602135011250001", "index-of-child"
    found.child.save()
    day_help.record(
        cast, day_help.enrol(cast, found.melati, found.child), date(2026, 11, 12), weight=8400, height=725
    )
    other = day_help.person("Tanpa Nomor")
    day_help.record(
        cast, day_help.enrol(cast, found.melati, other), date(2026, 11, 12), weight=8000, height=715
    )
    return found


@pytest.fixture
def server() -> Iterator[health.Dhis2]:
    """A DHIS2 that knows two figures and one unit."""
    with health.running(health.Dhis2(elements={ELEMENT, "UXz7xuGCEhU"}, units={UNIT})) as peer:
        yield peer


@pytest.fixture
def ministry() -> Iterator[health.Satusehat]:
    """A SATUSEHAT."""
    with health.running(health.Satusehat()) as peer:
        yield peer


@pytest.fixture
def midwife(cast: Cast) -> Actor:
    """A health officer of the whole regency: who may read names may send them."""
    return replace(cast.midwife, region_code="7602")


def connected(cast: Cast, peer: health.Peer, there: day_help.Furnished, **more: Any) -> Connection:
    """A connection of the regency, set by its manager."""
    dhis = isinstance(peer, health.Dhis2)
    account = (
        {"data_set": "BfMAe6Itzgt", **PROGRAM}
        if dhis
        else {"organization": "10000004", "practitioner": "N10000001"}
    )
    names = {
        "elements": {"s": f"{ELEMENT}.{COMBO}", "d": ELEMENT},
        "units": {str(there.melati.id): UNIT},
        "attributes": {"name": "w75KJ2mc4zz"},
        "event_elements": {"weight": "UXz7xuGCEhU"},
    }
    wanted: dict[str, Any] = {
        "by": cast.manager,
        "at": NOW,
        "system": "dhis2" if dhis else "satusehat",
        "region_code": "7602",
        "url": peer.url,
        "user": health.USER,
        "secret": health.PASSWORD,
        "account": account,
        "names": names if dhis else {},
    }
    return connections.set_connection(**{**wanted, **more})


def prepared(by: Actor, row: Connection, kind: str, month: date = MONTH) -> shipments.Prepared:
    """The parcels of a month in the queue."""
    return shipments.prepare_shipments(by=by, at=NOW, connection_id=row.id, kind=kind, month=month)


def sent(at: Any = NOW) -> list[Shipment]:
    """What the worker does in one turn."""
    return [shipments.send_shipment(by=MACHINE, at=at, shipment_id=key) for key in queries.waiting(at, 100)]


# --- the connection -----------------------------------------------------------------------------------------------------


def test_a_connection_keeps_its_secret_and_says_nothing_of_it(
    cast: Cast, server: health.Dhis2, there: Any
) -> None:
    """An empty secret keeps the stored one; switched off it goes; the line names the address alone."""
    row = connected(cast, server, there)
    row = connected(cast, server, there, secret="")
    assert Connection.objects.get(id=row.id).secret == health.PASSWORD
    line = Line.objects.filter(kind="connection.set").latest("recorded_at")
    assert health.PASSWORD not in str(line.facts) + str(line.inputs) and line.facts["on"] is True
    assert connected(cast, server, there, on=False).secret == ""


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"system": "asik"}, "connection.system_unknown"),
        ({"url": "http://dhis2.example.org"}, "connection.address"),
        ({"url": "dhis2"}, "connection.address"),
        ({"url": "https://["}, "connection.address"),
        ({"url": "http://10.1.2.3/"}, "connection.address"),
        ({"user": ""}, "connection.account"),
        ({"names": {"elements": {"s": "kurang"}}}, "connection.name"),
    ],
)
def test_what_cannot_work_is_refused(
    cast: Cast, server: health.Dhis2, there: Any, wrong: dict[str, Any], code: str
) -> None:
    """Each with its sentence."""
    with pytest.raises(Refused) as refusal:
        connected(cast, server, there, **wrong)
    assert refusal.value.code == code


def test_who_may_not_connect(cast: Cast, server: health.Dhis2, there: Any) -> None:
    """Cadres set nothing up; the neighbour's manager knows of nothing."""
    row = connected(cast, server, there)
    for by in (cast.cadre, cast.midwife, cast.neighbour_manager):
        with pytest.raises(NotAllowed):
            connected(cast, server, there, by=by)
    with pytest.raises(NotFound):
        connections.try_connection(by=cast.neighbour_manager, at=NOW, connection_id=row.id)


def test_knocking_says_whether_we_are_let_in(
    cast: Cast, server: health.Dhis2, ministry: health.Satusehat, there: Any
) -> None:
    """With both systems, with the right secret and a wrong one, and when nobody answers."""
    for peer in (server, ministry):
        row = connected(cast, peer, there)
        assert connections.try_connection(by=cast.manager, at=NOW, connection_id=row.id).ok
        row = connected(cast, peer, there, secret="salah")
        tried = connections.try_connection(by=cast.manager, at=NOW, connection_id=row.id)
        assert not tried.ok and tried.said
    row = connected(cast, server, there, url="http://127.0.0.1:9")
    assert not connections.try_connection(by=cast.manager, at=NOW, connection_id=row.id).ok
    assert Line.objects.filter(kind="connection.try").count() == 5


def test_a_password_is_not_carried_elsewhere(cast: Cast, server: health.Dhis2, there: Any) -> None:
    """Another address wants the password anew."""
    connected(cast, server, there)
    with pytest.raises(connections.AccountMissing):
        connected(cast, server, there, url="https://dhis2.example.org", secret="")
    assert Connection.objects.get().secret == health.PASSWORD


def test_who_may_not_read_names_may_not_send_them(cast: Cast, server: health.Dhis2, there: Any) -> None:
    """The manager sends figures."""
    row = connected(cast, server, there)
    with pytest.raises(shipments.NamesNeeded):
        prepared(cast.manager, row, "tracker")


def test_a_month_larger_than_one_batch_goes_in_turns(
    cast: Cast, ministry: health.Satusehat, there: Any, midwife: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was never sent goes first, and what is left is said."""
    other = there.mother
    other.nik, other.nik_index = "7602134204980002", "index-of-mother"
    other.save()
    day_help.record(
        cast, day_help.enrol(cast, there.melati, other, "A"), date(2026, 11, 12), values={"muac": 250}
    )
    monkeypatch.setattr(shipments, "_MOST", 1)
    row = connected(cast, ministry, there)
    assert prepared(midwife, row, "bundle") == shipments.Prepared(1, 1, left=1)
    sent()
    assert prepared(midwife, row, "bundle") == shipments.Prepared(1, 1, left=0)
    sent(NOW + timedelta(minutes=1))
    assert len(ministry.bundles) == 2 and Shipment.objects.filter(state="sent").count() == 2


@pytest.mark.parametrize(
    "odd", [{"response": "x"}, {"response": {"importCount": [], "conflicts": {}}}, [], "ya", None]
)
def test_an_odd_answer_is_no_fault_of_ours(cast: Cast, server: health.Dhis2, there: Any, odd: Any) -> None:
    """Whatever JSON comes back, the parcel has an end."""
    row = connected(cast, server, there)
    prepared(cast.manager, row, "values")
    server.answer = lambda *_asked: (409, odd)  # type: ignore[method-assign]
    assert sent()[0].state == "refused"
    server.answer = lambda *_asked: (401, odd)  # type: ignore[method-assign]
    assert not connections.try_connection(by=cast.manager, at=NOW, connection_id=row.id).ok


# --- figures ------------------------------------------------------------------------------------------------------------


def test_the_figures_of_a_month_arrive(cast: Cast, server: health.Dhis2, there: Any) -> None:
    """Two children, both weighed; a posyandu without a unit there is named; sent again it is the same row there."""
    row = connected(cast, server, there)
    assert prepared(cast.manager, row, "values").parcels == 1
    (parcel,) = sent()
    assert (parcel.state, parcel.rows, parcel.answer) == ("sent", 2, "imported 2, updated 0, ignored 0")
    assert str(there.mawar.id) in parcel.left_out
    assert server.held == {f"{ELEMENT}|{COMBO}|{UNIT}|202611": "2", f"{ELEMENT}||{UNIT}|202611": "2"}
    prepared(cast.manager, row, "values")
    assert Shipment.objects.get().left_out == [], "what is said of the last time is not said of the next"
    (parcel,) = sent()
    assert parcel.answer == "imported 0, updated 2, ignored 0" and Shipment.objects.count() == 1
    assert Line.objects.filter(kind="shipment.send").count() == 2


def test_a_server_that_is_busy_is_asked_again(cast: Cast, server: health.Dhis2, there: Any) -> None:
    """Later and later, and nothing is lost; nobody else's turn is held up."""
    row = connected(cast, server, there)
    prepared(cast.manager, row, "values")
    server.busy = [503, 429]
    (parcel,) = sent()
    assert (parcel.state, parcel.tries, parcel.next_at) == ("waiting", 1, NOW + timedelta(minutes=1))
    assert sent() == []
    (parcel,) = sent(NOW + timedelta(minutes=1))
    assert parcel.next_at == NOW + timedelta(minutes=6)
    (parcel,) = sent(NOW + timedelta(minutes=7))
    assert parcel.state == "sent"


def test_what_the_other_side_refuses_waits_for_a_person(cast: Cast, server: health.Dhis2, there: Any) -> None:
    """With its own words; mended and sent again, it arrives."""
    row = connected(cast, server, there)
    prepared(cast.manager, row, "values")
    server.elements.clear()
    (parcel,) = sent()
    assert parcel.state == "refused" and ELEMENT in parcel.answer and parcel.next_at is None
    server.elements.add(ELEMENT)
    shipments.retry_shipment(by=cast.manager, at=NOW, shipment_id=parcel.id)
    assert sent()[0].state == "sent"
    with pytest.raises(shipments.SentAlready):
        shipments.drop_shipment(by=cast.manager, at=NOW, shipment_id=parcel.id)


def test_tracker_takes_its_time(cast: Cast, server: health.Dhis2, there: Any, midwife: Actor) -> None:
    """A job is asked after until it is done; the second time both children are updated."""
    row = connected(cast, server, there)
    for expected in ("created 2, updated 0, ignored 0", "created 0, updated 2, ignored 0"):
        prepared(midwife, row, "tracker")
        (parcel,) = sent()
        assert parcel.state == "waiting" and parcel.remote_id and parcel.rows == 2
        (parcel,) = sent(NOW + timedelta(minutes=1))
        assert parcel.state == "waiting"
        (parcel,) = sent(NOW + timedelta(minutes=3))
        assert (parcel.state, parcel.answer) == ("sent", expected)
    entity = server.held[dhis2.uid_of(str(there.child.id))]
    event = entity["enrollments"][0]["events"][0]
    assert event["dataValues"] == [{"dataElement": "UXz7xuGCEhU", "value": "8.4"}]
    assert server.jobs[parcel.remote_id]["mode"] == ["ALL"]


def test_tracker_that_refuses_says_why(cast: Cast, server: health.Dhis2, there: Any, midwife: Actor) -> None:
    """A unit that the server does not know: all or nothing."""
    row = connected(cast, server, there)
    server.units.clear()
    server.ripe = 0
    prepared(midwife, row, "tracker")
    sent()
    (parcel,) = sent(NOW + timedelta(minutes=1))
    assert parcel.state == "refused" and "OrganisationUnit" in parcel.answer and not server.held


# --- days of people -----------------------------------------------------------------------------------------------------


def test_a_day_arrives_as_fhir(cast: Cast, ministry: health.Satusehat, there: Any, midwife: Actor) -> None:
    """Whoever has a NIK; the patient is made once and found the next time."""
    row = connected(cast, ministry, there)
    found = prepared(midwife, row, "bundle")
    assert (found.parcels, found.without_nik) == (1, 1)
    assert [parcel.state for parcel in sent()] == ["sent"]
    kinds = [entry["resource"]["resourceType"] for entry in ministry.bundles[0]["entry"]]
    assert kinds == ["Patient", "Encounter", "Observation", "Observation"]
    prepared(midwife, row, "bundle")
    assert [parcel.state for parcel in sent()] == ["sent"]
    kinds = [entry["resource"]["resourceType"] for entry in ministry.bundles[1]["entry"]]
    assert kinds == ["Encounter", "Observation", "Observation"] and Shipment.objects.count() == 1


def test_sent_again_it_is_changed_and_not_doubled(
    cast: Cast, ministry: health.Satusehat, there: Any, midwife: Actor
) -> None:
    """Corrected here, corrected there; what was left out is marked as an error, and so is a line that was taken back."""
    row = connected(cast, ministry, there)
    prepared(midwife, row, "bundle")
    sent()
    first = dict(ministry.resources)
    line = Examination.objects.get(person=there.child)
    line.weight_g, line.height_mm = 8600, None
    line.save()
    prepared(midwife, row, "bundle")
    assert [parcel.state for parcel in sent(NOW + timedelta(minutes=1))] == ["sent"]
    assert set(ministry.resources) == set(first)
    found = {
        one["code"]["coding"][0]["code"]: one
        for one in ministry.resources.values()
        if one["resourceType"] == "Observation"
    }
    assert (found["29463-7"]["status"], found["29463-7"]["valueQuantity"]["value"]) == ("final", 8.6)
    assert found["8306-3"]["status"] == "entered-in-error"
    line.stands = False
    line.save()
    assert prepared(midwife, row, "bundle").parcels == 1
    assert [parcel.state for parcel in sent(NOW + timedelta(minutes=2))] == ["sent"]
    assert {one["status"] for one in ministry.resources.values() if one["resourceType"] != "Patient"} == {
        "entered-in-error"
    }


def test_an_answer_that_got_lost_doubles_nothing(
    cast: Cast, ministry: health.Satusehat, there: Any, midwife: Actor
) -> None:
    """They have it, we do not know: asked again they say where it is, and later it is changed there."""
    row = connected(cast, ministry, there)
    ministry.lost = 1
    prepared(midwife, row, "bundle")
    assert [parcel.state for parcel in sent()] == ["waiting"]
    first = set(ministry.resources)
    assert len(first) == 4
    (parcel,) = sent(NOW + timedelta(minutes=1))
    assert parcel.state == "sent" and set(ministry.resources) == first
    assert {*parcel.remote_ids.values()} == {one for one in first if not one.startswith("Patient/")}


def test_a_village_sends_its_own_over_the_regency(
    cast: Cast, ministry: health.Satusehat, server: health.Dhis2, there: Any
) -> None:
    """The midwife of a village uses what the regency connected; the neighbours' lines stay where they are."""
    other = day_help.person("Anak Tetangga")
    other.nik, other.nik_index = "7602135011250009", "index-of-neighbour"
    other.save()
    day_help.record(
        cast, day_help.enrol(cast, there.melati, other), date(2026, 11, 12), weight=8000, height=715
    )
    Examination.objects.filter(person=other).update(region_code="7602092002")
    figures, days = connected(cast, server, there), connected(cast, ministry, there)
    assert prepared(cast.midwife, days, "bundle").parcels == 1
    assert prepared(cast.midwife, figures, "values").parcels == 1
    assert {parcel.region_code for parcel in sent()} == {DUNGKAIT}
    assert there.child.full_name in str(ministry.bundles) and "Anak Tetangga" not in str(ministry.bundles)
    assert connections.try_connection(by=cast.midwife, at=NOW, connection_id=days.id).ok
    with pytest.raises(NotFound):
        prepared(cast.cadre, days, "bundle")


def test_what_has_no_name_there_is_said_before(
    cast: Cast, server: health.Dhis2, there: Any, midwife: Actor
) -> None:
    """Not an empty parcel: the sentence names what the connection lacks."""
    row = connected(cast, server, there, account={}, names={})
    for kind in ("values", "tracker"):
        with pytest.raises(shipments.NamesMissing) as refusal:
            prepared(midwife, row, kind)
        assert refusal.value.code == "shipment.names_missing"
    row = connected(
        cast, server, there, names={"elements": {"d": ELEMENT}, "units": {str(there.mawar.id): UNIT}}
    )
    Connection.objects.update(names={**row.names, "units": {"018f0000-0000-7000-8000-000000000000": UNIT}})
    prepared(midwife, row, "values")
    (parcel,) = sent()
    assert (parcel.state, parcel.answer) == ("refused", "nothing") and not server.held


def test_a_lost_session_is_opened_again(
    cast: Cast, ministry: health.Satusehat, there: Any, midwife: Actor
) -> None:
    """A token that ends between two calls: the next try has a new one."""
    row = connected(cast, ministry, there)
    prepared(midwife, row, "bundle")
    ministry.lasts = 1
    assert sent()[0].state == "waiting" and not ministry.bundles
    ministry.lasts = 1000
    assert sent(NOW + timedelta(minutes=2))[0].state == "sent"


def test_what_was_taken_back_is_not_sent(
    cast: Cast, ministry: health.Satusehat, there: Any, midwife: Actor
) -> None:
    """Nor what a person asked to let stand."""
    row = connected(cast, ministry, there)
    prepared(midwife, row, "bundle")
    Examination.objects.update(stands=False)
    assert sent()[0].state == "refused" and not ministry.bundles
    with pytest.raises(shipments.NothingThere):
        prepared(midwife, row, "bundle")


# --- refusals -----------------------------------------------------------------------------------------------------------


def test_what_cannot_be_prepared(cast: Cast, server: health.Dhis2, there: Any) -> None:
    """Another system's kind, a month that lies ahead, a connection that is off, a village that is not theirs."""
    row = connected(cast, server, there)
    for kind, month, wrong in (
        ("bundle", MONTH, shipments.KindUnknown),
        ("values", date(2026, 12, 1), shipments.MonthAhead),
    ):
        with pytest.raises(wrong):
            prepared(cast.manager, row, kind, month)
    with pytest.raises(NotFound):
        prepared(cast.neighbour_manager, row, "values")
    with pytest.raises(NotFound):
        prepared(cast.cadre, row, "values")
    connected(cast, server, there, on=False)
    with pytest.raises(shipments.SwitchedOff):
        prepared(cast.manager, row, "values")


def test_only_the_worker_sends(cast: Cast, server: health.Dhis2, there: Any) -> None:
    """A parcel goes once, whoever asks twice; nothing goes over a connection that is off."""
    row = connected(cast, server, there)
    prepared(cast.manager, row, "values")
    key = Shipment.objects.get().id
    with pytest.raises(NotAllowed):
        shipments.send_shipment(by=cast.manager, at=NOW, shipment_id=key)
    for _turn in range(2):
        shipments.send_shipment(by=MACHINE, at=NOW, shipment_id=key)
    assert server.asked.count(("POST", "/api/dataValueSets")) == 1
    prepared(cast.manager, row, "values")
    connected(cast, server, there, on=False)
    assert queries.waiting(NOW, 10) == []


def test_a_parcel_is_dropped_once(cast: Cast, server: health.Dhis2, there: Any) -> None:
    """Dropping twice is dropping once, with one line; the neighbour finds no parcel."""
    row = connected(cast, server, there)
    prepared(cast.manager, row, "values")
    key = Shipment.objects.get().id
    with pytest.raises(NotFound):
        shipments.drop_shipment(by=cast.neighbour_manager, at=NOW, shipment_id=key)
    for _turn in range(2):
        assert shipments.drop_shipment(by=cast.manager, at=NOW, shipment_id=key).state == "dropped"
    assert Line.objects.filter(kind="shipment.drop").count() == 1
    assert sent() == []


def test_a_village_sees_the_figures_of_its_own_posyandu(cast: Cast, there: Any) -> None:
    """The same counts as the recap, by posyandu."""
    found = queries.figures(DUNGKAIT, MONTH)
    assert found[str(there.melati.id)]["d"] == 2 and found[str(there.mawar.id)]["d"] == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_set_twice_at_once_there_is_one_connection(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second changes what the first made."""
    monkeypatch.setattr(connections, "_names", follow_help.slowly(connections._names))
    given = {
        "by": cast.manager,
        "at": NOW,
        "system": "dhis2",
        "region_code": "7602",
        "url": "https://dhis2.contoh.id",
    }
    found = follow_help.at_once(
        *[lambda: connections.set_connection(**given, user="simpul", secret="rahasia")] * 2
    )
    assert {getattr(one, "id", one) for one in found} == {Connection.objects.get().id}
