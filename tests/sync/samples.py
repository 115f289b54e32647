"""For every kind of event one that is done; a test sees that none is missing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from simpul.outreach import actions as outreach_actions
from simpul.people.models import House
from simpul.people.rules.history import seen_hash
from simpul.programmes.actions import delivering
from simpul.sync.queries import short
from tests.cast import BONTO_JAI, NOW
from tests.sync import works
from tests.sync.works import Builder, Sample, Stage, key

MS = int(NOW.timestamp() * 1000)


def _visit(here: Stage) -> Sample:
    data = {"visit_id": key(), "household_id": str(here.home().id), "visited_ms": MS, "outcome": "met",
            "spoke_to": "Ibu Ngemba", "words": "Atap bocor.", "lat": -5512345, "lon": 119912345}  # fmt: skip
    return Sample(here.walker, data)


def _visit2(here: Stage) -> Sample:
    one = _visit(here)
    return Sample(one.by, {**one.data, "photos": ["ab" * 32]})


def _household_open(here: Stage) -> Sample:
    data = {
        "household_id": key(),
        "house_id": key(),
        "region": BONTO_JAI,
        "hamlet": str(here.hamlet.id),
        "name": "Daeng Baso",
        "lat": -5512345,
        "lon": 119912345,
        "address": "RT 2",
        "landmark": "dekat sumur",
        "f.floor": "bdt/6",
        "f.floor_area_dm2": "2250",
        "f.fridge": "no",
        "f.meals_per_day": "2",
        "f.income_month": "750000",
    }
    return Sample(here.walker, data)


def _household_change(here: Stage) -> Sample:
    home = here.home()
    return Sample(here.walker, {"household_id": short.of(home.id), "f.fridge": "yes"}, {"fridge": ""})


def _house_change(here: Stage) -> Sample:
    home = here.home()
    home.house = House.objects.create(region_code=BONTO_JAI, changed_at=NOW)
    home.save()
    return Sample(here.walker, {"household_id": str(home.id), "f.roof": "bdt/3"}, {"roof": ""})


def _household_join(here: Stage) -> Sample:
    home, person = here.home(), here.person("Rahma")
    data = {"household_id": str(home.id), "person_id": short.of(person.id), "relation": "bdt/3"}
    return Sample(here.walker, data, {"household_id": ""})


def _household_leave(here: Stage) -> Sample:
    person = here.person("Rahma", household=here.home())
    return Sample(here.walker, {"person_id": str(person.id), "why": "married"})


def _family_open(here: Stage) -> Sample:
    home = here.home()
    data = {"family_id": key(), "region": BONTO_JAI, "kk": "7303010101200001", "household_id": str(home.id)}
    return Sample(here.walker, data)


def _family_join(here: Stage) -> Sample:
    card, person = works.family(here, here.home()), here.person("Rahma")
    return Sample(here.walker, {"family_id": str(card.id), "person_id": str(person.id), "relation": "bdt/3"})


def _family_change(here: Stage) -> Sample:
    card = works.family(here, here.home())
    return Sample(here.walker, {"family_id": str(card.id), "f.decile": "2"}, {"decile": ""})


def _person_register(here: Stage) -> Sample:
    data = {"person_id": key(), "name": "Nur Aisyah", "sex": "P", "birth": "2015-08-09", "region": BONTO_JAI,
            "phone": "0812-3344-5566", "household_id": short.of(here.home().id), "relation": "bdt/3"}  # fmt: skip
    return Sample(here.walker, data)


def _person_change(here: Stage) -> Sample:
    person = here.person("Rahma")
    return Sample(
        here.walker,
        {"person_id": str(person.id), "f.needs": "juru bahasa", "f.called": "Ama"},
        {"needs": "", "called": ""},
    )


def _profile_change(here: Stage) -> Sample:
    person = here.person("Rahma")
    return Sample(here.walker, {"person_id": str(person.id), "f.works": "no"}, {"works": ""})


def _contact_add(here: Stage) -> Sample:
    data = {
        "contact_id": key(),
        "person_id": str(here.person().id),
        "address": "0813-1111-2222",
        "safe_call": True,
    }
    return Sample(here.walker, data)


def _contact_change(here: Stage) -> Sample:
    done = _contact_add(here)
    works.run(here.walker, "contact.add/1", done.data)
    return Sample(
        here.walker, {"contact_id": done.data["contact_id"], "safe_write": False}, {"safe_write": ""}
    )


def _birth(here: Stage) -> Sample:
    data = {
        "person_id": key(),
        "household_id": str(here.home().id),
        "name": "Bayi",
        "birth": "2026-11-20",
        "sex": "L",
    }
    return Sample(here.walker, data)


def _death(here: Stage) -> Sample:
    return Sample(here.walker, {"person_id": str(here.person().id), "died": "2026-11-20"})


def _move(here: Stage) -> Sample:
    home = here.home()
    person = here.person("Rahma", household=home)
    return Sample(here.walker, {"person_ids": [short.of(person.id)], "on": "2026-11-20"})


def _consent(here: Stage) -> Sample:
    data = {"consent_id": key(), "person_id": str(here.person().id), "purpose": "messaging", "how": "paper",
            "given_by": "Sitti", "proof": ["cd" * 32]}  # fmt: skip
    return Sample(here.walker, data)


def _flag(here: Stage) -> Sample:
    return Sample(here.chief, {"person_id": str(here.person().id), "category": 5, "note": "dilihat di rumah"})


def _verification_take(here: Stage) -> Sample:
    row = works.verification(here, taken=False)
    return Sample(here.walker, {"verification_id": str(row.id)})


def _verification_update(here: Stage) -> Sample:
    row = works.verification(here, taken=True)
    persons = [{"person_id": short.of(row.household.head_id), "presence": 1}]
    return Sample(here.walker, {"verification_id": str(row.id), "presence": 1, "persons": persons})


def _verification_submit(here: Stage) -> Sample:
    return _verification_update(here)


def _trip_start(here: Stage) -> Sample:
    made, _stop = works.trip(here, started=False)
    return Sample(here.walker, {"trip_id": str(made.id), "started_ms": MS})


def _trip_return(here: Stage) -> Sample:
    made, _stop = works.trip(here)
    return Sample(here.walker, {"trip_id": str(made.id), "returned_ms": MS, "cost": 250_000})


def _of_stop(**data: Any) -> Builder:
    def build(here: Stage) -> Sample:
        _trip, stop = works.trip(here)
        return Sample(
            here.walker,
            {
                "stop_id": str(stop.id),
                **{name: key() if value is key else value for name, value in data.items()},
            },
        )

    return build


def _matter_tie(here: Stage) -> Sample:
    _trip, stop = works.trip(here)
    return Sample(here.walker, {"stop_id": str(stop.id), "case_id": str(works.matter(here).id)})


def _promise(here: Stage) -> Sample:
    made, _stop = works.trip(here)
    data = {"promise_id": key(), "trip_id": str(made.id), "words": "Terpal dikirim.", "due": "2026-12-01"}
    return Sample(here.walker, {**data, "household_id": str(here.home().id)})


def _accompaniment_open(here: Stage) -> Sample:
    data = {
        "accompaniment_id": key(),
        "what": "kis",
        "household_id": str(here.home().id),
        "next": "2026-12-01",
    }
    return Sample(here.walker, data)


def _accompaniment_record(here: Stage) -> Sample:
    row = outreach_actions.open_accompaniment(by=here.walker, at=NOW, what="kis", household_id=here.home().id)
    data = {
        "visit_id": key(),
        "accompaniment_id": str(row.id),
        "how": "visit",
        "outcome": "progress",
        "next": "2026-12-01",
    }
    return Sample(here.walker, data)


def _door(here: Stage) -> Sample:
    return Sample(
        here.walker, {"door_id": key(), "card_id": str(works.card(here).id), "outcome": "visited_found"}
    )


def _card_ask(here: Stage) -> Sample:
    return Sample(here.walker, {"card_id": str(works.card(here).id), "case_id": key(), "consent": "spoken"})


def _delivery(here: Stage) -> Sample:
    home = here.home()
    made, item = works.rice(here, home)
    works.allotted(here, item)
    return Sample(here.post, works.delivery(here, made, item, home))


def _delivery_correct(here: Stage) -> Sample:
    home = here.home()
    made, item = works.rice(here, home)
    works.allotted(here, item)
    first = delivering.record_delivery(
        by=here.post, at=NOW, round_id=made.id,
        given=delivering.DeliveryGiven("delivered", NOW, home.id, lines={item.id: Decimal(10)}, receiver="self", proofs=("signature",)),
    )  # fmt: skip
    data = {
        **works.delivery(here, made, item, home),
        "corrects": str(first.id),
        "why": "Salah hitung.",
        f"l.{item.id}": 500,
    }
    data.pop("round_id")
    return Sample(here.post, data)


def _goods(here: Stage) -> Sample:
    made, item = works.rice(here)
    works.allotted(here, item)
    data = {"movement_id": key(), "round_id": str(made.id), "item_id": str(item.id), "quantity": 1250}
    return Sample(here.post, data)


def _case_open(here: Stage) -> Sample:
    data = {"case_id": key(), "kind": "complaint", "text": "Jembatan ke dusun putus sejak banjir.", "region": BONTO_JAI,
            "reporter_name": "Nurhayati", "reporter_phone": "0812-4455-6677", "photos": ["ef" * 32]}  # fmt: skip
    return Sample(here.walker, data)


def _case_add(here: Stage) -> Sample:
    data = {"addition_id": key(), "case_id": str(works.matter(here).id), "text": "Kini dua jembatan putus."}
    return Sample(here.walker, data, line="case.note")


def _case_note(here: Stage) -> Sample:
    data = {"note_id": key(), "case_id": str(works.matter(here).id), "text": "Saya lihat sendiri."}
    return Sample(here.walker, data)


def _case_refer(here: Stage) -> Sample:
    case = works.matter(here)
    desk = here.cast.desk("puskesos")
    data = {
        "hop_id": key(),
        "case_id": str(case.id),
        "desk_id": str(desk.id),
        "words": "Mohon diperiksa di tempat.",
    }
    return Sample(here.walker, data)


def _attendance_add(here: Stage) -> Sample:
    data = {
        "attendance_id": key(),
        "meeting_id": str(works.meeting(here).id),
        "name": "Hasna",
        "groups": ["women"],
        "came": True,
    }
    return Sample(here.post, data)


def _attendance_mark(here: Stage) -> Sample:
    made = works.meeting(here)
    row = works.attendance(here, made)
    return Sample(
        here.post, {"attendance_id": str(row.id), "meeting_id": str(made.id), "came": True, "signed": True}
    )


def _attendance_count(here: Stage) -> Sample:
    return Sample(
        here.post,
        {"count_id": key(), "meeting_id": str(works.meeting(here).id), "group": "women", "number": 4},
    )


def _feedback(here: Stage) -> Sample:
    return Sample(
        here.walker, {"record_id": key(), "text": "Kapan beras berikutnya dibagikan?", "region": BONTO_JAI}
    )


SAMPLES: Mapping[str, Builder] = {
    "visit.record/1": _visit,
    "visit.record/2": _visit2,
    "household.open/1": _household_open,
    "household.change/1": _household_change,
    "house.change/1": _house_change,
    "household.join/1": _household_join,
    "household.leave/1": _household_leave,
    "family.open/1": _family_open,
    "family.join/1": _family_join,
    "family.change/1": _family_change,
    "person.register/1": _person_register,
    "person.change/1": _person_change,
    "profile.change/1": _profile_change,
    "contact.add/1": _contact_add,
    "contact.change/1": _contact_change,
    "birth.record/1": _birth,
    "death.record/1": _death,
    "move.record/1": _move,
    "consent.give/1": _consent,
    "flag.set/1": _flag,
    "verification.take/1": _verification_take,
    "verification.update/1": _verification_update,
    "verification.submit/1": _verification_submit,
    "trip.start/1": _trip_start,
    "trip.return/1": _trip_return,
    "stop.arrive/1": _of_stop(arrived_ms=MS, official="Kades", office="Kepala desa"),
    "stop.open/1": _of_stop(opened_ms=MS, place="Balai desa"),
    "stop.close/1": _of_stop(left_ms=MS, not_done="Dusun Atas", why="Sungai naik"),
    "guest.sign/1": _of_stop(guest_id=key, name="Hasnah", purpose="Bertanya"),
    "socialisation.record/1": _of_stop(
        socialisation_id=key, topic="Kartu KIS", men=4, women=9, photos=["12" * 32]
    ),
    "matter.tie/1": _matter_tie,
    "promise.record/1": _promise,
    "accompaniment.open/1": _accompaniment_open,
    "accompaniment.record/1": _accompaniment_record,
    "door.record/1": _door,
    "card.ask/1": _card_ask,
    "delivery.record/1": _delivery,
    "delivery.correct/1": _delivery_correct,
    "goods.return/1": _goods,
    "case.open/1": _case_open,
    "case.add/1": _case_add,
    "case.note/1": _case_note,
    "case.refer/1": _case_refer,
    "attendance.add/1": _attendance_add,
    "attendance.mark/1": _attendance_mark,
    "attendance.count/1": _attendance_count,
    "feedback.record/1": _feedback,
}
UNSEEN = seen_hash("something that stands no more")
