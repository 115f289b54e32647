"""Education media, what was shown to whom, and telling families once, by the safe road only."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from simpul.jobs import inviting
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.messages import actions as message_actions
from simpul.messages.models import Message
from simpul.people.models import Contact
from simpul.posyandu.actions import days, education, participants, telling
from simpul.posyandu.models import Participant, Showing, Telling, Told
from simpul.posyandu.queries import education as queries
from tests.cast import DUNGKAIT, NOW, Cast
from tests.posyandu import day_help, follow_help

TODAY = date(2026, 11, 23)


@pytest.fixture
def there(cast: Cast) -> day_help.Furnished:
    """A posyandu whose day is the 25th at eight."""
    found = day_help.furnish(cast)
    found.melati.schedule, found.melati.starts = {"day": 25}, time(8)
    found.melati.save()
    message_actions.add_gateway(
        by=MACHINE,
        at=NOW,
        code="pusat",
        kind="smpp",
        name="Pusat SMS",
        region_code="7602",
        desk_id=cast.desk("centre").id,
        settings={"host": "127.0.0.1", "port": 9},
        secrets={"system_id": "simpul", "password": "x"},
    )
    return found


# --- media ------------------------------------------------------------------------------------------------------------


def test_every_topic_of_the_cards_has_a_sheet(cast: Cast) -> None:
    """In both languages, with its source, for at least one form."""
    topics = {one.topic for one in queries.shipped().values()}
    assert topics == set(queries.topics()) - {"other"}
    for one in queries.shipped().values():
        assert one.forms and one.source and len(one.points) >= 2
        assert all(words and english and words != english for words, english in one.points)


def test_an_area_has_media_of_its_own(cast: Cast) -> None:
    """Added by the regency for all its villages, or by a village for itself; ended by whoever serves that area."""
    wide = education.add_medium(
        by=cast.manager,
        at=NOW,
        region_code="7602",
        title="Film ASI",
        topic="breastfeeding",
        kind="film",
        forms_for="BA",
    )
    own = education.add_medium(
        by=cast.cadre,
        at=NOW,
        region_code=DUNGKAIT,
        title="Lembar balik gizi",
        topic="nutrition",
        medium_id=UUID(int=7),
    )
    again = education.add_medium(
        by=cast.cadre, at=NOW, region_code=DUNGKAIT, title="Lain", topic="nutrition", medium_id=own.id
    )
    assert again.title == "Lembar balik gizi" and wide.forms == "AB"
    titles = [one.title for one in queries.library(cast.cadre) if one.own]
    assert titles == ["Film ASI", "Lembar balik gizi"]
    assert [one.title for one in queries.library(cast.neighbour_cadre) if one.own] == []
    with pytest.raises(NotFound):
        education.end_medium(by=cast.cadre, at=NOW, medium_id=wide.id)
    education.end_medium(by=cast.manager, at=NOW, medium_id=wide.id)
    assert [one.title for one in queries.library(cast.cadre) if one.own] == ["Lembar balik gizi"]
    assert Line.objects.filter(kind__in=("medium.add", "medium.end")).count() == 3


def test_what_is_no_medium_is_refused(cast: Cast) -> None:
    """Without a title, with a topic nobody counts, by who shows nothing."""
    for given, wrong in (
        ({"title": "x", "topic": "nutrition"}, education.TitleMissing),
        ({"title": "Baik", "topic": "sihir"}, education.TopicUnknown),
    ):
        with pytest.raises(wrong):
            education.add_medium(by=cast.cadre, at=NOW, region_code=DUNGKAIT, **given)
    with pytest.raises(NotAllowed):
        education.add_medium(
            by=cast.village_head, at=NOW, region_code=DUNGKAIT, title="Baik", topic="nutrition"
        )
    with pytest.raises(NotAllowed):
        education.add_medium(
            by=cast.neighbour_cadre, at=NOW, region_code=DUNGKAIT, title="Baik", topic="nutrition"
        )


def test_what_was_shown_to_all_was_shown_to_who_came(cast: Cast, there: day_help.Furnished) -> None:
    """A child that came has seen it, one that stayed away has not; one shown alone is of one person."""
    came = day_help.enrol(cast, there.melati, there.child)
    away = day_help.enrol(cast, there.melati, day_help.person("Tidak Datang"))
    day = days.open_day(by=cast.cadre, at=NOW, posyandu_id=there.melati.id, day=TODAY, sure=["unscheduled"])
    days.arrive_participant(by=cast.cadre, at=NOW, day_id=day.id, participant_id=came.id)
    wanted = {"by": cast.cadre, "at": NOW, "posyandu_id": there.melati.id, "date": TODAY}
    (to_all,) = education.record_showing(**wanted, medium="mpasi", day_id=day.id, showing_id=UUID(int=9))
    assert to_all.people == 1
    assert (
        education.record_showing(**wanted, medium="asi", day_id=day.id, showing_id=to_all.id)[0].medium
        == "mpasi"
    )
    alone = education.record_showing(**wanted, medium="asi", participant_ids=[away.id])
    assert [one.medium for one in queries.shown_to(cast.cadre, came)] == ["mpasi"]
    assert [one.medium for one in queries.shown_to(cast.cadre, away)] == ["asi"]
    assert queries.by_topic(cast.manager, TODAY, TODAY) == {"complementary": 1, "breastfeeding": 1}
    education.withdraw_showing(by=cast.cadre, at=NOW, showing_id=alone[0].id)
    assert queries.shown_to(cast.cadre, away) == [] and Showing.objects.count() == 2
    assert Line.objects.filter(kind__in=("showing.record", "showing.withdraw")).count() == 3


def test_showing_that_cannot_be(cast: Cast, there: day_help.Furnished) -> None:
    """Tomorrow, to nobody, a medium nobody has, at somebody else's posyandu."""
    who = day_help.enrol(cast, there.melati, there.child)
    wanted = {"by": cast.cadre, "at": NOW, "posyandu_id": there.melati.id, "date": TODAY, "medium": "asi"}
    for given, wrong in (
        ({"date": TODAY + timedelta(days=1), "participant_ids": [who.id]}, education.ShownAhead),
        ({}, education.NobodyNamed),
        ({"medium": "sihir", "participant_ids": [who.id]}, NotFound),
        ({"by": cast.neighbour_cadre, "participant_ids": [who.id]}, NotFound),
        ({"by": cast.village_head, "participant_ids": [who.id]}, NotAllowed),
    ):
        with pytest.raises(wrong):
            education.record_showing(**{**wanted, **given})
    assert not Showing.objects.exists()


# --- telling families ---------------------------------------------------------------------------------------------------


def contact(person: object, *, safe: bool | None = True) -> None:
    """A telephone of somebody."""
    Contact.objects.create(
        person=person,
        channel="phone",
        as_typed="0812-0000-1111",
        address=f"+62812000{Contact.objects.count():04d}",
        safe_to_call=safe,
        safe_to_write=safe,
    )


def switched_on(cast: Cast, there: day_help.Furnished, before: int = 2, missed: int = 3) -> Telling:
    """Families are told two days before and three days after."""
    return telling.set_telling(
        by=cast.posyandu_chair,
        at=NOW,
        posyandu_id=there.melati.id,
        before_days=before,
        missed_days=missed,
        bring="Buku KIA",
    )


def family(cast: Cast, there: day_help.Furnished) -> Participant:
    """A child whose mother has a telephone."""
    contact(there.mother)
    return day_help.enrol(cast, there.melati, there.child, mother_id=there.mother.id)


def test_nobody_is_told_until_it_is_set(cast: Cast, there: day_help.Furnished) -> None:
    """And 0 days switch it off again."""
    family(cast, there)
    assert inviting.tell(NOW).done == 0
    switched_on(cast, there, before=0, missed=0)
    assert inviting.tell(NOW).done == 0


def test_a_mother_is_told_once_before_the_day(cast: Cast, there: day_help.Furnished) -> None:
    """Of two children in one message that names neither their weight nor a reason; the same turn again says nothing."""
    family(cast, there)
    day_help.enrol(cast, there.melati, day_help.person("Adik", date(2026, 5, 1)), mother_id=there.mother.id)
    switched_on(cast, there)
    assert inviting.tell(NOW).done == 2
    assert inviting.tell(NOW + timedelta(hours=1)).done == 0
    (message,) = Message.objects.filter(text_key="posyandu_day")
    assert "25 Nov 2026, 08.00" in message.body and "Buku KIA" in message.body
    assert Told.objects.filter(kind="before", sent=True).count() == 2


def test_too_early_nobody_is_told(cast: Cast, there: day_help.Furnished) -> None:
    """Three days ahead is not two."""
    family(cast, there)
    switched_on(cast, there)
    assert inviting.tell(NOW - timedelta(days=1)).done == 0


def test_an_unsafe_road_is_not_taken(cast: Cast, there: day_help.Furnished) -> None:
    """Nothing is sent; the list says who has to be told by somebody."""
    contact(there.mother, safe=False)
    day_help.enrol(cast, there.melati, there.child, mother_id=there.mother.id)
    switched_on(cast, there)
    inviting.tell(NOW)
    assert not Message.objects.filter(text_key__startswith="posyandu").exists()
    found = queries.unreached(cast.cadre, there.melati, date(2026, 11, 25))
    assert [one.participant.person.full_name for one in found] == ["Nur Aisyah"]
    assert queries.unreached(cast.neighbour_cadre, there.melati, date(2026, 11, 25)) == []


def test_a_child_alone_is_never_written_to(cast: Cast, there: day_help.Furnished) -> None:
    """Without a mother on the card a cadre goes."""
    contact(there.child)
    day_help.enrol(cast, there.melati, there.child)
    switched_on(cast, there)
    inviting.tell(NOW)
    assert not Message.objects.filter(text_key__startswith="posyandu").exists()
    assert Told.objects.get().sent is False


def test_after_a_missed_day(cast: Cast, there: day_help.Furnished) -> None:
    """The mother of the child that did not come, by its name; a pregnant woman without a word of why; not who came, not elders."""
    switched_on(cast, there, before=0)
    absent = family(cast, there)
    pregnant, elder, came = (
        day_help.person(name, date(1990, 1, 1)) for name in ("Ibu Hamil", "Kakek", "Yang Datang")
    )
    for person in (pregnant, elder):
        contact(person)
    day_help.enrol(cast, there.melati, pregnant, "A")
    day_help.enrol(cast, there.melati, elder, "D")
    there_too = day_help.enrol(cast, there.melati, day_help.person("Datang"), mother_id=came.id)
    day_help.record(cast, there_too, date(2026, 11, 18), weight=8000)
    held = datetime(2026, 11, 18, 2, tzinfo=UTC)
    day = days.open_day(
        by=cast.cadre, at=held, posyandu_id=there.melati.id, day=held.date(), sure=["unscheduled"]
    )
    assert inviting.tell(NOW).done == 0
    days.close_day(by=cast.cadre, at=held, day_id=day.id)
    assert inviting.tell(held + timedelta(days=2)).done == 0
    assert inviting.tell(NOW).done == 2
    keys = set(Message.objects.filter(text_key__startswith="posyandu").values_list("text_key", flat=True))
    assert keys == {"posyandu_missed", "posyandu_waited"}
    for message in Message.objects.filter(text_key="posyandu_waited"):
        assert "hamil" not in message.body.lower().replace("ibu hamil", "")
    assert "Nur Aisyah" in Message.objects.get(text_key="posyandu_missed").body
    assert Told.objects.filter(kind="missed", participant=absent).count() == 1


def test_who_was_weighed_on_the_old_card_before_a_move_did_not_miss(
    cast: Cast, there: day_help.Furnished
) -> None:
    """The card moved within the month; the month's weighing stands on the one that was closed."""
    switched_on(cast, there, before=0)
    contact(there.mother)
    old = day_help.enrol(cast, there.mawar, there.child, mother_id=there.mother.id)
    day_help.record(cast, old, date(2026, 11, 5), weight=8000)
    participants.move_participant(
        by=cast.cadre,
        at=NOW,
        participant_id=old.id,
        posyandu_id=there.melati.id,
        on_date=date(2026, 11, 10),
    )
    held = datetime(2026, 11, 18, 2, tzinfo=UTC)
    day = days.open_day(
        by=cast.cadre, at=held, posyandu_id=there.melati.id, day=held.date(), sure=["unscheduled"]
    )
    days.close_day(by=cast.cadre, at=held, day_id=day.id)
    assert queries.due(NOW, 10) == []


def test_what_cannot_be_set(cast: Cast, there: day_help.Furnished) -> None:
    """More than a week, without a day of the month, by a cadre, by the neighbour."""
    for given, wrong in (
        ({"before_days": 8}, telling.DaysUnknown),
        ({"posyandu_id": there.mawar.id}, telling.NoSchedule),
        ({"by": cast.cadre}, NotAllowed),
        ({"by": cast.neighbour_coordinator}, NotFound),
    ):
        wanted = {
            "by": cast.posyandu_chair,
            "at": NOW,
            "posyandu_id": there.melati.id,
            "before_days": 1,
            "missed_days": 1,
        }
        with pytest.raises((Refused, NotAllowed, NotFound)) as refusal:
            telling.set_telling(**{**wanted, **given})
        assert refusal.type is wrong
    assert not Telling.objects.exists()


def test_only_the_machine_tells_and_only_once(cast: Cast, there: day_help.Furnished) -> None:
    """Whoever asks twice gets the first row."""
    who = family(cast, there)
    switched_on(cast, there)
    wanted = {"at": NOW, "participant_id": who.id, "kind": "before", "day": date(2026, 11, 25)}
    with pytest.raises(NotAllowed):
        telling.tell_family(by=cast.cadre, **wanted)
    first = telling.tell_family(by=MACHINE, **wanted)
    assert telling.tell_family(by=MACHINE, **wanted).id == first.id
    assert Line.objects.filter(kind="family.tell").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_written_once(
    cast: Cast, there: day_help.Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A medium of one's own, and what was shown."""
    who = day_help.enrol(cast, there.melati, there.child)
    for name in ("topics", "medium_for"):
        monkeypatch.setattr(queries, name, follow_help.slowly(getattr(queries, name)))
    key = UUID(int=7)
    own = {"by": cast.cadre, "at": NOW, "region_code": DUNGKAIT, "title": "Dapur kita", "topic": "nutrition"}
    made = follow_help.at_once(*[lambda: education.add_medium(**own, medium_id=key)] * 2)
    assert [getattr(one, "id", one) for one in made] == [key, key]
    shown = {"by": cast.cadre, "at": NOW, "posyandu_id": there.melati.id, "date": TODAY, "medium": "asi"}
    found = follow_help.at_once(
        *[lambda: education.record_showing(**shown, participant_ids=[who.id], showing_id=key)] * 2
    )
    assert [[one.id for one in rows] for rows in found] == [[key], [key]] and Showing.objects.count() == 1
