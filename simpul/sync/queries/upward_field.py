"""Acts in the field and on matters, written as events for the server above: out of the line and the rows as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from simpul.cases.models import Case, Hop, Note
from simpul.cases.queries import reservations
from simpul.feedback.models import Coding, Record
from simpul.journal.models import Line
from simpul.meetings.models import Attendance, Count
from simpul.outreach.models import (
    Accompaniment,
    AccompanimentVisit,
    Guest,
    PersonCheck,
    Promise,
    Socialisation,
    Verification,
    Visit,
)
from simpul.programmes.models import Card, CardDoor, Delivery, DeliveryLine, Movement, Proof
from simpul.sync.queries.upward_frame import Builder, Built, clean, hundredths, micro, ms

PROOFS = {"goods_photo": "photos", "thumb_photo": "thumbs", "signature": "signature", "paper": "papers"}
"""The file of which proof stands under which input."""


def _visit(line: Line) -> Built | None:
    found = Visit.objects.filter(id=line.facts.get("visit"), undone_at=None).first()
    if found is None:
        return None
    data = clean(
        visit_id=found.id,
        household_id=found.household_id,
        visited_ms=found.visited_at,
        outcome=found.outcome,
        spoke_to=found.spoke_to,
        words=found.words,
        lat=micro(found.latitude),
        lon=micro(found.longitude),
    )
    return Built("visit.record/1", f"household:{found.household_id}", data)


def _verification(line: Line) -> Built | None:
    found = (
        Verification.objects.filter(household_id=line.subject_id).order_by("-changed_at").first()
        if line.subject_kind == "household"
        else None
    )
    if found is None:
        return None
    data = clean(verification_id=found.id)
    if line.kind != "verification.take":
        checks = PersonCheck.objects.filter(verification=found).order_by("id")
        data |= clean(
            presence=found.presence,
            persons=[
                clean(presence=one.presence, person_id=one.person_id, name=one.name, nik=one.nik)
                for one in checks
            ],
        )
    return Built(f"{line.kind}/1", f"household:{line.subject_id}", data)


# --- trips ----------------------------------------------------------------------------------------------------------


def _trip_start(line: Line) -> Built | None:
    data = clean(trip_id=line.subject_id, started_ms=_time(line, "started_at"))
    return Built("trip.start/1", f"trip:{line.subject_id}", data)


def _trip_return(line: Line) -> Built | None:
    data = clean(
        trip_id=line.subject_id,
        returned_ms=_time(line, "returned_at"),
        fuel=line.facts.get("fuel"),
        cost=line.facts.get("cost"),
        words=(line.inputs or {}).get("words"),
    )
    return Built("trip.return/1", f"trip:{line.subject_id}", data)


def _stop_arrive(line: Line) -> Built | None:
    typed = line.inputs or {}
    data = clean(
        stop_id=line.facts.get("stop"),
        arrived_ms=_time(line, "arrived_at"),
        official=typed.get("official"),
        office=typed.get("office"),
    )
    return Built("stop.arrive/1", f"trip:{line.subject_id}", data)


def _stop_open(line: Line) -> Built | None:
    typed = line.inputs or {}
    data = clean(
        stop_id=line.facts.get("stop"),
        opened_ms=_time(line, "opened_at"),
        place=typed.get("place") or line.facts.get("place"),
        shut_ms=_time(line, "shut_at"),
    )
    return Built("stop.open/1", f"trip:{line.subject_id}", data)


def _stop_close(line: Line) -> Built | None:
    typed = line.inputs or {}
    left = _time(line, "left_at")
    data = clean(
        stop_id=line.facts.get("stop"),
        left_ms=left,
        never=True if left is None else None,
        not_done=typed.get("not_done"),
        why=typed.get("why"),
    )
    return Built("stop.close/1", f"trip:{line.subject_id}", data)


def _guest(line: Line) -> Built | None:
    found = Guest.objects.filter(id=line.facts.get("guest"), withdrawn_at=None).first()
    if found is None:
        return None
    data = clean(
        guest_id=found.id,
        stop_id=found.stop_id,
        name=found.name,
        person_id=found.person_id,
        origin=found.origin,
        purpose=found.purpose,
        came_ms=found.came_at,
    )
    return Built("guest.sign/1", f"trip:{line.subject_id}", data)


def _socialisation(line: Line) -> Built | None:
    found = Socialisation.objects.filter(id=line.facts.get("socialisation"), withdrawn_at=None).first()
    if found is None:
        return None
    data = clean(
        socialisation_id=found.id,
        stop_id=found.stop_id,
        topic=found.topic,
        held_ms=found.held_at,
        men=found.men,
        women=found.women,
        elderly=found.elderly,
        disabled=found.disabled,
        youth=found.youth,
        words=found.words,
        photos=[one for one in found.photos if isinstance(one, str)],
    )
    return Built("socialisation.record/1", f"trip:{line.subject_id}", data)


def _matter(line: Line) -> Built | None:
    data = clean(stop_id=line.facts.get("stop"), case_id=line.facts.get("case"))
    return Built("matter.tie/1", f"trip:{line.subject_id}", data)


def _promise(line: Line) -> Built | None:
    found = Promise.objects.filter(id=line.facts.get("promise")).first()
    if found is None:
        return None
    data = clean(
        promise_id=found.id,
        trip_id=found.trip_id,
        words=found.words,
        promised_ms=found.promised_at,
        due=found.due_date,
        name=found.to_name,
        stop_id=found.stop_id,
        household_id=found.household_id,
        person_id=found.person_id,
    )
    return Built("promise.record/1", f"trip:{line.subject_id}", data)


def _accompaniment(line: Line) -> Built | None:
    rows = Accompaniment.objects.filter(recorded_at=line.at)
    found = rows.filter(id=line.subject_id).first() or rows.order_by("id").first()
    if found is None:
        return None
    data = clean(
        accompaniment_id=found.id,
        what=found.what,
        household_id=found.household_id,
        person_id=found.person_id,
        words=(line.inputs or {}).get("words"),
        case_id=found.case_id,
        stop_id=found.stop_id,
        next=line.facts.get("next"),
    )
    return Built("accompaniment.open/1", f"accompaniment:{found.id}", data)


def _accompanied(line: Line) -> Built | None:
    found = AccompanimentVisit.objects.filter(id=line.facts.get("visit")).first()
    if found is None:
        return None
    data = clean(
        visit_id=found.id,
        accompaniment_id=found.accompaniment_id,
        seen_ms=found.seen_at,
        how=found.how,
        outcome=found.outcome,
        words=found.words,
        next=found.next_date,
    )
    return Built("accompaniment.record/1", f"accompaniment:{found.accompaniment_id}", data)


# --- aid ------------------------------------------------------------------------------------------------------------


def _door(line: Line) -> Built | None:
    found = CardDoor.objects.filter(
        card_id=line.subject_id, at__lte=line.at, by_name=line.actor_name, found=line.facts.get("found")
    )
    door = found.order_by("-at", "-id").first()
    if door is None:
        return None
    data = clean(
        door_id=door.id,
        card_id=door.card_id,
        outcome=door.found,
        found_ms=door.at,
        need=door.need,
        need_words=door.need_words,
        consent=door.consent,
        words=door.words,
    )
    return Built("door.record/1", f"card:{door.card_id}", data)


def _card_ask(line: Line) -> Built | None:
    card = Card.objects.filter(id=line.subject_id).select_related("case").first()
    if card is None or card.case is None:
        return None
    data = clean(
        card_id=card.id,
        case_id=card.case_id,
        consent=line.facts.get("consent"),
        need=card.need,
        words=(line.inputs or {}).get("words"),
    )
    return Built("card.ask/1", f"card:{card.id}", data)


def _delivery(line: Line) -> Built | None:
    found = Delivery.objects.filter(id=line.facts.get("delivery")).first()
    if found is None:
        return None
    lines = DeliveryLine.objects.filter(delivery=found)
    files: dict[str, list[str]] = {}
    for proof in Proof.objects.filter(delivery=found).order_by("id"):
        if name := PROOFS.get(proof.kind):
            files.setdefault(name, []).append(proof.sha256)
    data = {
        **clean(
            delivery_id=found.id,
            household_id=found.household_id,
            person_id=found.person_id,
            outcome=found.outcome,
            to=found.receiver,
            proxy_name=found.receiver_name,
            proxy_authority=found.authority,
            proof=[one for one in found.proofs if PROOFS.get(one) not in files],
            witness=found.witness,
            words=found.words,
            delivered_ms=found.delivered_at,
            place=found.place,
            lat=found.latitude if isinstance(found.latitude, int) else micro(found.latitude),
            lon=found.longitude if isinstance(found.longitude, int) else micro(found.longitude),
            trip_id=found.trip_id,
            stop_id=found.stop_id,
            **files,
        ),
        **{f"l.{one.item_id}": hundredths(one.quantity) for one in lines},
    }
    if line.kind == "delivery.correct":
        data |= clean(corrects=found.corrects_id, why=(line.inputs or {}).get("why"))
    else:
        data |= clean(round_id=found.round_id, entry_id=found.entry_id)
    return Built(f"{line.kind}/1", f"{line.subject_kind}:{line.subject_id}", data)


def _goods(line: Line) -> Built | None:
    found = Movement.objects.filter(id=line.facts.get("movement")).select_related("item").first()
    if found is None:
        return None
    data = clean(
        movement_id=found.id,
        round_id=found.item.round_id,
        item_id=found.item_id,
        quantity=hundredths(found.quantity),
        holder=found.holder_kind,
        holder_key=found.holder_key,
        back_ms=found.moved_at,
        handed_by=found.handed_by,
        taken_by=found.taken_by,
    )
    return Built("goods.return/1", f"round:{found.item.round_id}", data)


# --- matters --------------------------------------------------------------------------------------------------------


def _case_open(line: Line) -> Built | None:
    found = Case.objects.filter(id=line.subject_id).select_related("reporter", "about").first()
    if found is None:
        return None
    typed = line.inputs or {}
    files = list(found.attachments.filter(removed_at=None, added_at=line.at).values_list("sha256", "kind"))
    data = {
        **clean(
            case_id=found.id,
            number=_handed_out(found),
            kind=found.kind_id,
            text=typed.get("text") or found.text,
            title=typed.get("title") or found.title,
            region=found.region_code,
            hamlet=found.hamlet_id,
            place=found.place,
            mode=found.mode,
            reporter_id=found.reporter_id,
            about_id=found.about_id,
            relation=found.relation,
            group_size=found.group_size,
            happened=found.happened_date,
            urgency=found.urgency,
            consent=found.consent,
            hide_name=True if found.hide_name else None,
            language=found.language,
            photos=[sha for sha, kind in files if kind != "audio"],
            voices=[sha for sha, kind in files if kind == "audio"],
        ),
        **{f"a.{name}": value for name, value in (typed.get("answers") or {}).items() if _is_plain(value)},
    }
    return Built("case.open/1", f"case:{found.id}", data)


def _handed_out(case: Case) -> str:
    """The number, when the server above set it aside for this node and the receipt names it; a sealed one was handed out without it."""
    secret = case.sensitivity == "sealed" or case.mode == "anonymous"
    return case.number if reservations.is_from_above(case.id) and not secret else ""


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | bool | list) and not isinstance(value, float)


def _case_note(line: Line) -> Built | None:
    found = Note.objects.filter(case_id=line.subject_id, at=line.at).order_by("id").first()
    if found is None:
        return None
    data = clean(note_id=found.id, case_id=found.case_id, text=found.text)
    return Built("case.note/1", f"case:{found.case_id}", data)


def _case_refer(line: Line) -> Built | None:
    rows = Hop.objects.filter(case_id=line.subject_id, position=line.facts.get("hop"))
    found = rows.first()
    if found is None:
        return None
    data = clean(
        hop_id=found.id,
        case_id=found.case_id,
        desk_id=found.to_desk_id,
        words=(line.inputs or {}).get("note") or found.note,
        extract=(line.inputs or {}).get("extract"),
        consent=found.consent,
        shares_contact=True if found.shares_contact else None,
        service_id=found.service_id,
    )
    return Built("case.refer/1", f"case:{found.case_id}", data)


# --- meetings and feedback ------------------------------------------------------------------------------------------


def _attendance(line: Line) -> Built | None:
    found = Attendance.objects.filter(meeting_id=line.subject_id, recorded_at=line.at).order_by("id").first()
    if found is None:
        return None
    data = clean(
        attendance_id=found.id,
        meeting_id=found.meeting_id,
        name=found.name,
        person_id=found.person_id,
        office=found.office,
        groups=list(found.groups),
        came=line.facts.get("came"),
        decides=True if found.decides else None,
    )
    return Built("attendance.add/1", f"meeting:{found.meeting_id}", data)


def _attended(line: Line) -> Built | None:
    data = clean(
        attendance_id=line.facts.get("line"),
        meeting_id=line.subject_id,
        came=line.facts.get("came"),
        signed=line.facts.get("signed"),
    )
    return Built("attendance.mark/1", f"meeting:{line.subject_id}", data)


def _counted(line: Line) -> Built | None:
    found = Count.objects.filter(meeting_id=line.subject_id, recorded_at=line.at).order_by("id").first()
    if found is None:
        return None
    data = clean(
        count_id=found.id, meeting_id=found.meeting_id, group=found.group, number=line.facts.get("number")
    )
    return Built("attendance.count/1", f"meeting:{found.meeting_id}", data)


def _feedback(line: Line) -> Built | None:
    found = Record.objects.filter(id=line.subject_id).first()
    if found is None:
        return None
    codes = Coding.objects.filter(record=found).order_by("id").values_list("code_id", flat=True)
    data = clean(
        record_id=found.id,
        text=found.text,
        region=found.region_code,
        hamlet=found.hamlet_id,
        codes=list(codes),
        sex=found.sex,
        age_band=found.age_band,
        disability=found.disability,
        voices=found.voices,
        language=found.language,
    )
    return Built("feedback.record/1", f"feedback:{found.id}", data)


def _time(line: Line, name: str) -> int | None:
    said = line.facts.get(name)
    if not isinstance(said, str):
        return None
    try:
        return ms(datetime.fromisoformat(said))
    except ValueError:
        return None


BUILDERS: Mapping[str, Builder] = {
    "visit.record": _visit,
    "verification.take": _verification,
    "verification.update": _verification,
    "verification.submit": _verification,
    "trip.start": _trip_start,
    "trip.return": _trip_return,
    "stop.arrive": _stop_arrive,
    "stop.open": _stop_open,
    "stop.close": _stop_close,
    "guest.sign": _guest,
    "socialisation.record": _socialisation,
    "matter.tie": _matter,
    "promise.record": _promise,
    "accompaniment.open": _accompaniment,
    "accompaniment.record": _accompanied,
    "door.record": _door,
    "card.ask": _card_ask,
    "delivery.record": _delivery,
    "delivery.correct": _delivery,
    "goods.return": _goods,
    "case.open": _case_open,
    "case.note": _case_note,
    "case.refer": _case_refer,
    "attendance.add": _attendance,
    "attendance.mark": _attended,
    "attendance.count": _counted,
    "feedback.record": _feedback,
}
