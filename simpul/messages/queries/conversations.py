"""Conversations: the list with who waits longest, what the machine has said lately, the files of messages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Least

from simpul.lib import phone
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound
from simpul.lib.files import FileStore
from simpul.messages import access
from simpul.messages.models import Correspondent, CorrespondentSet, Incoming, IncomingFile, Message
from simpul.people.models import Person

PAGE = 40
VIEWS = ("waiting", "all", "sealed", "stopped")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of the list says."""

    view: str = "waiting"
    channel: str = ""
    desk: str = ""
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list. Rows carry ``since_at`` (who waits), ``last_kind``, ``last_text`` and ``last_at``."""

    rows: list[Correspondent]
    has_next: bool


def views_for(by: Actor) -> list[str]:
    """The lists this actor has a use for."""
    return [view for view in VIEWS if view != "sealed" or by.role == "focal_point"]


def without(rows: Any, subjects: Collection[UUID]) -> Any:
    """What was said, in messages or calls, but in none of these subjects; what belongs to no subject stays."""
    return rows.exclude(subject_id__isnull=False, subject_id__in=subjects) if subjects else rows


def conversations(by: Actor, filters: Filters, away: Collection[UUID] = ()) -> Page:
    """One page: who waits, the longest first; then everybody else, the latest first. In as many queries for one row as for forty.

    Args:
        away: subjects that this actor is kept away from; nothing said in them is shown or found.
    """
    found = _waits(by, access.correspondents(by))
    if filters.view == "waiting":
        found = found.exclude(since_at=None)
    elif filters.view == "sealed":
        found = found.exclude(sealed_since_at=None) if by.role == "focal_point" else found.none()
    elif filters.view == "stopped":
        found = found.exclude(stopped_at=None)
    if filters.channel:
        found = found.filter(channel=filters.channel)
    if filters.desk:
        found = found.filter(desk__code=filters.desk)
    if filters.words:
        found = found.filter(_with_words(by, filters.words, away))
    last = without(access.incoming(by), away).filter(correspondent=OuterRef("pk"))
    last = last.order_by("-received_at", "-id")
    found = found.select_related("person", "desk").annotate(
        last_kind=Subquery(last.values("kind")[:1]),
        last_text=Subquery(last.values("text")[:1]),
        last_at=Subquery(last.values("received_at")[:1]),
    )
    first = (filters.page - 1) * PAGE
    rows = list(
        found.order_by(F("since_at").asc(nulls_last=True), F("last_in_at").desc(nulls_last=True), "id")[
            first : first + PAGE + 1
        ]
    )
    return Page(rows[:PAGE], len(rows) > PAGE)


def waiting_count(by: Actor) -> int:
    """How many conversations wait for an answer of the people this actor answers for."""
    return _waits(by, access.correspondents(by)).exclude(since_at=None).count()


def _waits(by: Actor, found: CorrespondentSet) -> Any:
    """With ``since_at``, the oldest message without an answer that this actor may read."""
    if by.role != "focal_point":
        return found.annotate(since_at=F("waiting_since_at"))
    both = Least("waiting_since_at", "sealed_since_at")
    either = Coalesce("waiting_since_at", "sealed_since_at")
    pair = When(waiting_since_at__isnull=False, sealed_since_at__isnull=False, then=both)
    return found.annotate(since_at=Case(pair, default=either))


def _with_words(by: Actor, asked: str, away: Collection[UUID]) -> Q:
    """A name, a number in any spelling, or words that somebody wrote and this actor may read."""
    words = asked.strip()[:100]
    number = phone.normalise(words).e164
    said = without(access.incoming(by), away).filter(text__icontains=words).values("correspondent_id")
    people = Person.objects.filter(full_name__icontains=words).values("id")
    found = Q(shown_name__icontains=words) | Q(person_id__in=people) | Q(id__in=said)
    if any(sign.isdigit() for sign in words):
        found |= Q(number__contains="".join(sign for sign in words if sign.isdigit()))
    return found | Q(number=number) if number else found


# --- what the machine has said --------------------------------------------------------------------------------------


def machine_replies(correspondent_id: UUID, since: datetime) -> int:
    """How many times the menu has answered this contact since then, whatever became of it."""
    found = Message.objects.filter(correspondent_id=correspondent_id, queued_at__gt=since)
    return found.filter(asked_key__startswith="menu_").count()


def said_since(
    correspondent_id: UUID, since: datetime, *, text_key: str = "", by_officer: bool = False
) -> bool:
    """True when this text was sent there since then, or when an officer has written."""
    found = Message.objects.filter(correspondent_id=correspondent_id, queued_at__gt=since)
    if by_officer:
        return found.exclude(written_by__in=("", MACHINE.name)).exists()
    return found.filter(asked_key=text_key).exists()


def sealed_since(correspondent_id: UUID, since: datetime) -> bool:
    """True when a protected message came from there since then, or waits still."""
    found = Incoming.objects.filter(correspondent_id=correspondent_id, sealed=True)
    return found.filter(Q(received_at__gt=since) | Q(state="open")).exists()


def subject_answered(gateway_id: UUID | None, external_id: str) -> tuple[str, UUID] | None:
    """What a message of ours was about, by the provider's name of it; ``None`` when no message is called so.

    A reply of ours is about what the message it answered was about.
    """
    if not external_id or gateway_id is None:
        return None
    found = Message.objects.filter(gateway_id=gateway_id, external_id=external_id)
    message = found.select_related("answers").first()
    if message is None:
        return None
    answered = message.answers
    if message.subject_kind == "correspondent" and answered is not None and answered.subject_id is not None:
        return answered.subject_kind, answered.subject_id
    return message.subject_kind, message.subject_id


def edited(message: Incoming) -> Incoming | None:
    """The message of the same contact whose words this one changes; None when it is not here."""
    if not message.reply_to:
        return None
    found = Incoming.objects.filter(correspondent_id=message.correspondent_id, external_id=message.reply_to)
    return found.exclude(id=message.id).first()


def same_words(message: Incoming, since: datetime) -> Incoming | None:
    """A message of the same contact with the very same words that became a matter since then: sent twice, not told twice."""
    found = Incoming.objects.filter(
        correspondent_id=message.correspondent_id, text=message.text, outcome="case", received_at__gt=since
    )
    return found.exclude(id=message.id).exclude(subject_id=None).order_by("-received_at").first()


# --- files ----------------------------------------------------------------------------------------------------------


def files_of(message_ids: Iterable[UUID]) -> list[IncomingFile]:
    """The files of messages, in their order. The caller has checked that its actor may read the messages."""
    return list(IncomingFile.objects.filter(incoming_id__in=list(message_ids)).order_by("incoming", "place"))


def file_for(by: Actor, file_id: UUID, away: Collection[UUID] = ()) -> IncomingFile:
    """A file that was fetched, of a message this actor may read and that belongs to none of the subjects ``away``.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = IncomingFile.objects.filter(
        id=file_id, incoming__in=without(access.incoming(by), away).values("id")
    )
    file = found.select_related("incoming").first()
    if file is None:
        raise NotFound
    return file


def read_file(file: IncomingFile) -> bytes:
    """The bytes of a file that was fetched and cleaned.

    Raises:
        NotFound: it is not here, or not any more.
    """
    if file.state != "kept":
        raise NotFound
    return FileStore(settings.SIMPUL_FILES).read(file.sha256)


def uncarried(message_id: UUID) -> list[IncomingFile]:
    """Files that the matter of their message has not got yet, or not with the words that were written down since."""
    fresh = Q(carried_at=None) | Q(transcribed_at__gt=F("carried_at"))
    found = IncomingFile.objects.filter(fresh, incoming_id=message_id, state="kept")
    return list(found.order_by("place"))


def to_carry(limit: int = 200) -> list[UUID]:
    """Messages that belong to a matter and have files it has not got yet."""
    fresh = Q(carried_at=None) | Q(transcribed_at__gt=F("carried_at"))
    found = IncomingFile.objects.filter(
        fresh, state="kept", incoming__subject_kind="case", incoming__outcome__in=("case", "added")
    )
    rows = found.values("incoming_id").annotate(files=Count("id")).order_by("incoming_id")
    return [row["incoming_id"] for row in rows[:limit]]
