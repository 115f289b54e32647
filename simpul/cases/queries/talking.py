"""Everything that was said with a person, on every channel, as far as this actor may read it; and the words of a message."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from simpul.cases import access
from simpul.cases.models import Case
from simpul.cases.queries import protection
from simpul.cases.rules import moves
from simpul.lib.actor import SYSTEM, Actor
from simpul.messages import access as message_access
from simpul.messages.models import Call, Correspondent, Incoming, IncomingFile, Message
from simpul.messages.queries import conversations
from simpul.messages.rules import menu

MOST = 200
MOST_CASES = 20


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is used."""
    return words


WORDLESS: Mapping[str, str] = {
    "voice": _("(A voice message. It is among the files.)"),
    "audio": _("(A recording. It is among the files.)"),
    "image": _("(A photo without words. It is among the files.)"),
    "video": _("(A video without words.)"),
    "document": _("(A document without words. It is among the files.)"),
    "location": _("(A place on the map.)"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said: a message that came (``heard``), one that left (``told``), or a call."""

    at: datetime
    way: str  # in, out, call
    channel: str
    heard: Incoming | None = None
    told: Message | None = None
    call: Call | None = None
    files: Sequence[IncomingFile] = ()
    number: str = ""  # of the matter it belongs to, when this actor sees it


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: everything said, oldest first, the contacts it runs over, the matters of the person."""

    who: Correspondent
    contacts: list[Correspondent]
    said: list[Said]
    cases: list[Case]
    is_cut: bool = False
    open_messages: list[Incoming] = field(default_factory=list)


def talk(by: Actor, correspondent_id: UUID) -> Talk:
    """A conversation as this actor may read it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    who = message_access.correspondent_for(by, correspondent_id)
    contacts = [who]
    if who.person_id:
        linked = message_access.correspondents(by).filter(person_id=who.person_id)
        contacts += list(linked.exclude(id=who.id).order_by("first_at"))
    keys = [one.id for one in contacts]
    away = protection.about(by)
    rows = message_access.incoming(by).filter(correspondent__in=keys)
    heard = _latest(conversations.without(rows, away), "received_at")
    told = _latest(_told(by, who, keys, away), "queued_at")
    calls = _latest(
        conversations.without(message_access.calls(by).filter(correspondent__in=keys), away), "started_at"
    )
    seen = _seen_cases(by, [*(one.subject_id for one in (*heard, *told))])
    told = [one for one in told if one.subject_kind != "case" or one.subject_id in seen]
    files = _by_message(conversations.files_of(one.id for one in heard))
    said = [
        *(
            Said(
                one.received_at,
                "in",
                one.channel,
                heard=one,
                files=files.get(one.id, ()),
                number=_number(seen, one.subject_id),
            )
            for one in heard
        ),
        *(
            Said(one.queued_at, "out", one.road, told=one, number=_number(seen, one.subject_id))
            for one in told
        ),
        *(Said(one.started_at, "call", "phone", call=one) for one in calls),
    ]
    said.sort(key=lambda one: one.at)
    return Talk(
        who=who,
        contacts=contacts,
        said=said[-MOST:],
        cases=cases_of(by, who, [*seen.values()]),
        is_cut=len(said) > MOST,
        open_messages=sorted(
            (one for one in heard if one.state != "settled"), key=lambda one: one.received_at
        ),
    )


def _latest(rows: Any, moment: str) -> list[Any]:
    return list(rows.order_by(f"-{moment}", "-id")[: MOST + 1])


def _told(by: Actor, who: Correspondent, keys: Sequence[UUID], away: Collection[UUID]) -> Any:
    """What was written to the contact, and on any road to its person; protected ones for focal points alone.

    What was written in another conversation with the person is not read here by who may not read that one.
    """
    mine = Q(correspondent__in=keys)
    if who.person_id:
        mine |= Q(to_person_id=who.person_id) & ~Q(subject_kind="correspondent")
    found = Message.objects.filter(mine)
    if away:
        found = found.exclude(subject_id__in=away).exclude(answers__subject_id__in=away)
    return found if by.role in ("focal_point", SYSTEM) else found.filter(sealed=False)


def _seen_cases(by: Actor, case_ids: Iterable[UUID | None]) -> dict[UUID, Case]:
    wanted = {one for one in case_ids if one is not None}
    rows = access.visible(by).select_related("holder", "acting")
    return {case.id: case for case in rows.filter(id__in=wanted)} if wanted else {}


def _number(seen: Mapping[UUID, Case], subject_id: UUID | None) -> str:
    return seen[subject_id].number if subject_id is not None and subject_id in seen else ""


def _by_message(files: Iterable[IncomingFile]) -> dict[UUID, list[IncomingFile]]:
    found: dict[UUID, list[IncomingFile]] = {}
    for file in files:
        found.setdefault(file.incoming_id, []).append(file)
    return found


def cases_of(by: Actor, who: Correspondent, mentioned: Sequence[Case] = ()) -> list[Case]:
    """The matters of the person this actor sees, and those the conversation is about; open ones first, then the newest.

    A matter whose reporter asked not to be named is no way to learn that this is the person.
    """
    found = {case.id: case for case in mentioned}
    if who.person_id:
        theirs = Q(reporter_id=who.person_id, hide_name=False) | Q(about_id=who.person_id)
        if by.role == "focal_point":
            theirs |= Q(reporter_id=who.person_id)
        rows = access.visible(by).select_related("holder", "acting").filter(theirs).exclude(mode="anonymous")
        found |= {case.id: case for case in rows.order_by("-is_open", "-received_at")[:MOST_CASES]}
    ranked = sorted(found.values(), key=lambda case: case.received_at, reverse=True)
    return sorted(ranked, key=lambda case: not case.is_open)[:MOST_CASES]


def talks_of(by: Actor, case: Case, *, sees_reporter: bool) -> list[Correspondent]:
    """The conversations a matter came from, or in which its reporter is met, that this actor may read."""
    about = Q(id__in=message_access.incoming(by).filter(subject_id=case.id).values("correspondent_id"))
    if sees_reporter and case.reporter_id is not None:
        about |= Q(person_id=case.reporter_id)
    return list(message_access.correspondents(by).filter(about).order_by("-last_in_at", "id")[:5])


def waiting_case(person_id: UUID) -> Case | None:
    """The one matter of a person in which a question waits for them; ``None`` when there is none, or more than one."""
    found = list(Case.objects.filter(reporter_id=person_id, state=moves.WAITING)[:2])
    return found[0] if len(found) == 1 else None


# --- words ----------------------------------------------------------------------------------------------------------


def words_of(message: Incoming, files: Sequence[IncomingFile] | None = None) -> str:
    """What a message says, as a matter can hold it: its words, the captions of its files, what was written down of its voices,
    the place it points to; and when it says nothing, what it is.
    """
    given = conversations.files_of([message.id]) if files is None else files
    parts = [message.subject, message.text]
    parts += [part for file in given for part in (file.caption, file.transcript)]
    parts.append(place_words(message.data))
    said = list(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if not said and (given or message.kind in WORDLESS):
        kinds = dict.fromkeys([message.kind, *(file.kind for file in given)])
        said = [gettext(WORDLESS[kind]) for kind in kinds if kind in WORDLESS][:1]
    return "\n\n".join(said)


def place_words(data: Any) -> str:
    """A place that was sent, in words and co-ordinates; "" for anything else."""
    if not isinstance(data, Mapping):
        return ""
    inner = data.get("location")
    place: Mapping[str, Any] = inner if isinstance(inner, Mapping) else data
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return ""
    named = [str(place[name])[:200] for name in ("name", "address") if place.get(name)]
    return gettext("Place: %(place)s") % {"place": ", ".join([*named, f"{latitude:.5f}, {longitude:.5f}"])}


def shown_words(text: str, prefix: str) -> str:
    """Words as a page shows them: a PIN that somebody typed or was told is not for the eyes of officers."""
    return menu.without_pin(text, prefix)
