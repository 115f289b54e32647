"""The shapes of what partners' programs send and get. Names are those of the house; times are ISO 8601 with a zone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict

_CONTROLS = frozenset(map(chr, [*range(9), 11, 12, *range(14, 32), 127]))


def _storable(text: str) -> str:
    """Refuse what no table keeps: control signs, and halves of signs."""
    if any(sign in _CONTROLS or "\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("contains signs that are no text")
    return text


def _of_this_age(moment: datetime) -> datetime:
    """Refuse years that no clock of ours has shown or will: they do not fit into every zone."""
    if not 1900 <= moment.year <= 9000:
        raise ValueError("is out of range")
    return moment


Text = Annotated[str, AfterValidator(_storable)]
Moment = Annotated[datetime, AfterValidator(_of_this_age)]
Words = Annotated[Text, Field(min_length=3, max_length=5000)]
Line = Annotated[Text, Field(max_length=200)]
RegionCode = Annotated[str, Field(pattern=r"^[0-9]{2}(\.?[0-9]{2}(\.?[0-9]{2}(\.?[0-9]{4})?)?)?$")]
KindCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
IdempotencyKey = Annotated[str, Field(pattern=r"^[\x21-\x7e]{8,100}$")]


class Given(Schema):
    """What is sent: a name that is not known is a mistake, and is told."""

    model_config = ConfigDict(extra="forbid")


# --- what is sent -----------------------------------------------------------------------------------------------------


class PersonIn(Given):
    """Whoever the matter is from, as far as known and agreed."""

    name: Line = ""
    phone: Annotated[Text, Field(max_length=40)] = ""
    email: Annotated[Text, Field(max_length=100)] = ""


class CaseIn(Given):
    """A matter that a partner takes in for a resident."""

    kind: KindCode
    text: Words
    region: RegionCode = Field(
        description="Code of the village, or of the district when the village is not known."
    )
    title: Annotated[Text, Field(max_length=150)] = ""
    place: Line = ""
    answers: dict[KindCode, Text | int | bool | list[Text]] = Field(default_factory=dict, max_length=60)
    anonymous: bool = False
    person: PersonIn | None = None
    consent: Literal["", "spoken", "ticked", "paper", "proxy"] = ""
    urgency: Literal["normal", "urgent", "danger"] = "normal"
    happened_on: date | None = None
    language: Literal["id", "en"] = "id"


class ReasonIn(Given):
    """Why."""

    reason: Words


class AnswerIn(Given):
    """What was done, or not done and why."""

    answer: Words
    outcome: Literal["done", "partly", "not_possible"] = "done"


class NoteIn(Given):
    """A note for colleagues; the resident never sees it."""

    text: Words


class SubscriptionIn(Given):
    """Where events are to be sent."""

    url: Annotated[Text, Field(min_length=10, max_length=500)]
    events: list[Annotated[Text, Field(max_length=60)]] = Field(min_length=1, max_length=40)


class SubscriptionChangeIn(Given):
    """What is to be different; what is not given stays."""

    url: Annotated[Text, Field(min_length=10, max_length=500)] | None = None
    events: (
        Annotated[list[Annotated[Text, Field(max_length=60)]], Field(min_length=1, max_length=40)] | None
    ) = None
    active: bool | None = None


# --- what is given ----------------------------------------------------------------------------------------------------


class KeyOut(Schema):
    """The key this request came with."""

    name: str
    prefix: str
    desk: str | None
    scopes: list[str]
    per_minute: int
    expires_at: datetime


class KindOut(Schema):
    """A kind of matter and its questions."""

    code: str
    name: str
    about: str
    group: str
    anonymous_allowed: bool
    fields: list[dict[str, Any]]


class KindsOut(Schema):
    """The kinds a resident can bring."""

    items: list[KindOut]


class RegionOut(Schema):
    """A village or district."""

    code: str
    name: str
    kind: str
    level: int
    path: str


class RegionsOut(Schema):
    """Areas that may be meant, best first."""

    items: list[RegionOut]


class OpenedOut(Schema):
    """The receipt of a matter. Anonymous and protected ones have a 16-digit receipt in place of number and PIN."""

    id: UUID | None
    number: str | None
    pin: str | None
    receipt: str | None
    readable: bool = Field(description="Whether GET /cases/{id} shows it to this key.")


class PlaceOut(Schema):
    """Where a matter is about."""

    code: str
    name: str


class ContactWayOut(Schema):
    """A way to reach the person that is safe for them."""

    channel: str
    address: str
    owner: str
    warning: str


class ContactOut(Schema):
    """The person, when they agreed that name and contact go along."""

    name: str
    ways: list[ContactWayOut]


class HopOut(Schema):
    """The last hand-over to this desk."""

    state: str
    sent_by: str
    sent_at: datetime
    note: str
    answer: str
    outcome: str
    due_at: datetime | None


class CaseOut(Schema):
    """A matter as it was forwarded to this desk."""

    id: UUID
    number: str
    kind: str
    state: str
    title: str
    words: str
    place: PlaceOut
    urgency: str
    received_at: datetime
    changed_at: datetime
    your_turn: bool
    referral: HopOut | None
    contact: ContactOut | None


class CasesOut(Schema):
    """A page of matters. ``next`` asks for the following page; ``resume`` for what changes later, when there is no next."""

    items: list[CaseOut]
    next: str | None
    resume: str | None


class NoteOut(Schema):
    """A note that was written."""

    id: UUID
    at: datetime


class AttachmentOut(Schema):
    """A file that this partner attached."""

    id: UUID
    name: str
    mime: str
    size: int
    sha256: str
    added_at: datetime
    url: str


class AttachmentsOut(Schema):
    """The files of a matter."""

    items: list[AttachmentOut]


class PublicationOut(Schema):
    """A published answer: redacted words, released by a second person."""

    id: str
    url: str
    kind: str
    group: str
    place: PlaceOut
    title: str
    text: str
    answer: str
    desk: str
    decision: str
    received_on: date
    answered_on: date
    released_at: datetime
    corrected_at: datetime | None
    language: str


class PublicationsOut(Schema):
    """A page of published answers, newest first."""

    items: list[PublicationOut]
    next: str | None


class SubscriptionOut(Schema):
    """Where events are sent. ``secret`` is given once, when it is made."""

    id: UUID
    url: str
    events: list[str]
    active: bool
    added_at: datetime
    changed_at: datetime
    secret: str | None = None


class SubscriptionsOut(Schema):
    """The subscriptions of this desk."""

    items: list[SubscriptionOut]


class TestOut(Schema):
    """A test event that is on its way."""

    delivery: UUID
