"""A notice to everybody in an area: each by a safe road, the others on paper, nobody twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.messages import actions, transports
from simpul.messages import queries as message_queries
from simpul.messages.models import Correspondent, MassNotice, Message
from simpul.messages.queries import mass as queries
from simpul.people import actions as people_actions
from simpul.people.models import Contact, Person
from tests.cast import BONTO_JAI, BOTTENG, DUNGKAIT, NOW, Cast, assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


class Road:
    """A mail server that takes everything."""

    def is_ready(self) -> bool:
        return True

    def send(self, outgoing: transports.Outgoing) -> None:
        """Take it."""


@pytest.fixture(autouse=True)
def mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transports, "TRANSPORTS", {"email": Road()})


def someone(cast: Cast, name: str, *, region_code: str = DUNGKAIT, email: str = "", **contact: Any) -> Person:
    person = people_actions.register_person(
        by=MACHINE, at=NOW, full_name=name, region_code=region_code, hamlet_id=cast.hamlet.id
    ).person
    if email:
        people_actions.add_contact(
            by=MACHINE, at=NOW, person_id=person.id, channel="email", as_typed=email,
            **({"safe_to_write": True} | contact),
        )  # fmt: skip
    return person


def send(cast: Cast, **given: Any) -> MassNotice:
    wanted: dict[str, Any] = {
        "by": cast.manager,
        "at": NOW,
        "region_code": "7602",
        "title": "Pembagian beras",
        "body": "Beras dibagikan besok pukul 09.00 di balai desa.",
        "decided_by": "Sekretaris Daerah",
    }
    return actions.send_notice(**(wanted | given))


def roads(notice: MassNotice) -> dict[str, str]:
    return dict(queries.messages_of(notice.id).values_list("to_name", "road"))


def test_everybody_of_the_area_is_told_once_by_a_safe_road(cast: Cast) -> None:
    someone(cast, "Aman", email="aman@contoh.id")
    someone(cast, "Takut", email="takut@contoh.id", safe_to_write=False)
    someone(cast, "Tetangga", email="tetangga@contoh.id", owner="neighbour")
    someone(cast, "Sunyi")
    someone(cast, "Serumah", email="aman@contoh.id", owner="family")
    someone(cast, "Jauh", region_code=BONTO_JAI, email="jauh@contoh.id")
    notice = send(cast)
    assert roads(notice) == {"Aman": "email", "Takut": "slip", "Tetangga": "slip", "Sunyi": "slip"}
    assert (notice.reached, notice.on_paper) == (4, 3)
    message = Message.objects.get(road="email")
    assert "Beras dibagikan besok" in message.body
    assert (message.subject_kind, message.subject_id, message.asked_key) == (
        "notice",
        notice.id,
        "mass_notice",
    )
    line = Line.objects.get(subject_id=notice.id)
    assert (line.kind, line.facts["people"], line.facts["paper"]) == ("notice.send", 4, 3)
    assert not Line.objects.filter(kind="message.queue").exists()


def test_who_wrote_to_the_area_is_told_and_who_asked_for_silence_is_not_written_to(cast: Cast) -> None:
    away = someone(cast, "Perantau", region_code=BONTO_JAI, email="rantau@contoh.id")
    Correspondent.objects.create(
        channel="email", address="rantau@contoh.id", person=away, region_code=DUNGKAIT, first_at=NOW
    )
    someone(cast, "Diam", email="diam@contoh.id")
    Correspondent.objects.create(
        channel="email", address="diam@contoh.id", region_code=DUNGKAIT, first_at=NOW, stopped_at=NOW
    )
    assert roads(send(cast)) == {"Perantau": "email", "Diam": "slip"}


def test_the_forecast_says_what_sending_does(cast: Cast) -> None:
    someone(cast, "Aman", email="aman@contoh.id")
    someone(cast, "Serumah", email="aman@contoh.id")
    someone(cast, "Sunyi")
    found = queries.forecast("7602", NOW, parts=2)
    assert (dict(found.by_road), found.shared, found.people) == ({"email": 1, "slip": 1}, 1, 2)
    assert "Beras" in queries.preview("Beras", "Besok pukul 09.00.").body


def test_at_night_only_what_is_urgent_goes_out(cast: Cast) -> None:
    someone(cast, "Aman", email="aman@contoh.id")
    night = NOW + timedelta(hours=12)
    calm, urgent = send(cast, at=night), send(cast, at=night, urgent=True)
    assert queries.messages_of(calm.id).get().next_try_at > night
    assert queries.messages_of(urgent.id).get().next_try_at == night


def test_sending_twice_sends_once(cast: Cast) -> None:
    someone(cast, "Aman", email="aman@contoh.id")
    key = uuid7()
    assert send(cast, notice_id=key) == send(cast, notice_id=key)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"title": " "}, "notice.words_missing"),
        ({"body": "pendek"}, "notice.words_missing"),
        ({"body": "x" * 1001}, "notice.too_long"),
        ({"decided_by": ""}, "notice.decision_missing"),
        ({"region_code": "760299"}, "notice.place_unknown"),
        ({"region_code": BOTTENG}, "notice.nobody"),
    ],
)
def test_what_cannot_be_told_is_refused(cast: Cast, given: dict[str, Any], code: str) -> None:
    someone(cast, "Aman", email="aman@contoh.id")
    with pytest.raises(Refused) as refusal:
        send(cast, **given)
    assert refusal.value.code == code
    assert not MassNotice.objects.exists()
    assert not Message.objects.exists()


def test_stopping_holds_what_has_not_gone_out(cast: Cast) -> None:
    someone(cast, "Aman", email="aman@contoh.id")
    someone(cast, "Sunyi")
    someone(cast, "Sudah", email="sudah@contoh.id")
    notice = send(cast)
    Message.objects.filter(to_name="Sudah").update(state="sent")
    with pytest.raises(actions.NoticeWordsMissing):
        actions.stop_notice(by=cast.manager, at=NOW, notice_id=notice.id, reason="")
    stopped = actions.stop_notice(by=cast.manager, at=NOW, notice_id=notice.id, reason="Jadwal berubah")
    assert stopped.stopped_by == "Marwah Tahir"
    assert queries.progress(notice.id) == {("email", "held"): 1, ("slip", "held"): 1, ("email", "sent"): 1}
    assert Line.objects.get(kind="notice.stop").facts["held"] == 2
    with pytest.raises(actions.NoticeStopped):
        actions.stop_notice(by=cast.manager, at=NOW, notice_id=notice.id, reason="Sekali lagi")


def test_a_hamlet_is_told_at_once_and_is_on_no_list_of_single_people(cast: Cast) -> None:
    someone(cast, "Sunyi")
    someone(cast, "Sepi")
    notice = send(cast)
    (hamlet,) = queries.hamlets(cast.village_officer, notice.id)
    assert (hamlet.region_code, hamlet.name, hamlet.people, hamlet.waiting) == (
        DUNGKAIT,
        "Dusun Taludu",
        2,
        2,
    )
    assert [one.to_name for one in queries.paper_of(cast.manager, notice.id, DUNGKAIT, "Dusun Taludu")] == [
        "Sepi",
        "Sunyi",
    ]
    assert message_queries.hamlet_list(cast.manager) == []
    given: dict[str, Any] = {
        "at": NOW, "notice_id": notice.id, "region_code": DUNGKAIT, "hamlet_name": "Dusun Taludu",
        "told_by": "Imam masjid",
    }  # fmt: skip
    with pytest.raises(NotFound):
        actions.tell_notice(by=cast.neighbour, **given)
    assert actions.tell_notice(by=cast.village_officer, **given) == 2
    with pytest.raises(actions.NothingToTell):
        actions.tell_notice(by=cast.village_officer, **given)
    assert Line.objects.get(kind="notice.tell").facts["people"] == 2
    assert Message.objects.filter(state="told", told_by="Imam masjid").count() == 2


def test_only_who_leads_the_area_tells_everybody(cast: Cast) -> None:
    someone(cast, "Aman", email="aman@contoh.id")
    for by in (ANYBODY, cast.admin, cast.pokja, cast.focal, cast.administrator, cast.neighbour_manager):
        with pytest.raises(NotAllowed):
            send(cast, by=by)
    notice = send(cast)
    assert queries.notices(cast.village_officer) == [notice]
    assert queries.notices(cast.neighbour_manager) == []
    for by in (cast.admin, cast.village_officer):
        with pytest.raises(NotAllowed):
            actions.stop_notice(by=by, at=NOW, notice_id=notice.id, reason="Salah")
    with pytest.raises(NotFound):
        actions.stop_notice(by=cast.neighbour_manager, at=NOW, notice_id=notice.id, reason="Salah")


def test_a_whole_regency_costs_queries_by_the_chunk(cast: Cast, django_assert_max_num_queries: Any) -> None:
    people = Person.objects.bulk_create(
        Person(full_name=f"Warga {n}", name_key=f"warga {n}", region_code=DUNGKAIT, registered_at=NOW)
        for n in range(2_000)
    )
    Contact.objects.bulk_create(
        Contact(
            person=person, channel="email", as_typed=f"w{n}@contoh.id", address=f"w{n}@contoh.id",
            safe_to_write=True,
        )
        for n, person in enumerate(people[::2])
    )  # fmt: skip
    with django_assert_max_num_queries(130):  # SQLite takes 999 values in one statement
        notice = send(cast)
    assert (notice.reached, notice.on_paper) == (2_000, 1_000)
