"""What comes in: raw deliveries first, then who wrote, what they wrote, and the files they sent.

A delivery is kept before anybody reads it. Reading it makes rows whose keys are unique, so that the same delivery read a
hundred times, in any order, makes them once.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.desks.models import Desk
from simpul.lib import areas
from simpul.lib.fields import Model
from simpul.messages.models.gateways import Gateway
from simpul.people.models import Person


class DeliverySet(models.QuerySet["Delivery"]):
    """Filters over raw deliveries."""

    def due(self, now: object) -> DeliverySet:
        """To be read now."""
        return self.filter(state="stored", next_try_at__lte=now)


class Delivery(Model):
    """One raw request of a provider, or one row that was fetched from it, exactly as it came.

    ``state``: stored (to be read), read, refused (kept for the reason, never read), broken (could not be read: a person looks).
    """

    personal_data: ClassVar[dict[str, str]] = {
        "body": "personal",
        "headers": "personal",
        "query": "personal",
        "sender": "personal",
    }
    retention: ClassVar[str] = "90 days after it was read; a broken one until somebody has dealt with it"

    gateway = models.ForeignKey(Gateway, null=True, on_delete=models.PROTECT, related_name="deliveries")
    received_at = models.DateTimeField()
    method = models.CharField(max_length=10)  # POST, or what fetched it: gammu, imap, smpp
    query = models.TextField(blank=True)
    headers = models.JSONField(default=dict)  # those that reading needs, no cookies and no secrets
    sender = models.CharField(max_length=60, blank=True)  # the address that delivered it
    body = models.BinaryField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the body
    repeat_key = models.CharField(max_length=100, unique=True)  # the same delivery again is not kept twice
    repeats = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, default="stored")
    reason = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    made = models.PositiveIntegerField(default=0)  # messages and statuses that came out of it

    objects = DeliverySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "next_try_at"], name="delivery_state_next"),
            models.Index(fields=["gateway", "received_at"], name="delivery_gateway_received"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.size} bytes"


class CorrespondentSet(models.QuerySet["Correspondent"]):
    """Filters over correspondents."""

    def waiting(self) -> CorrespondentSet:
        """Those who wrote and have no answer yet."""
        return self.exclude(waiting_since_at=None)

    def inside(self, code: str) -> CorrespondentSet:
        """Those whose matters lie inside a region."""
        return self.filter(areas.inside(code)) if code else self


class Correspondent(Model):
    """Somebody on a channel: a channel and an opaque id, and nothing more until somebody says who it is.

    WhatsApp may hide the number, a mailbox is shared, a telephone goes from hand to hand: the person is a link that can be
    undone, never a property of the number. A message without any sender gets a correspondent of its own (``is_nameless``).
    """

    personal_data: ClassVar[dict[str, str]] = {
        "address": "personal",
        "number": "personal",
        "shown_name": "personal",
        "person": "personal",
    }
    retention: ClassVar[str] = "two years after the last message, or as long as its matters"

    channel = models.CharField(max_length=12)  # whatsapp, sms, email, telegram, phone
    scope = models.CharField(
        max_length=60, blank=True
    )  # an id that a provider made holds for its account only
    address = models.CharField(max_length=190)  # E.164, e-mail, BSUID, chat id: opaque
    number = models.CharField(max_length=20, blank=True)  # E.164 when it is known
    shown_name = models.CharField(max_length=150, blank=True)  # what they call themselves there
    is_nameless = models.BooleanField(default=False)
    is_verified = models.BooleanField(
        default=False
    )  # the channel vouches for the sender; SMS and mail do not
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="correspondents", db_index=True
    )
    contact_id = models.UUIDField(null=True)  # the person's contact that the link made
    linked_at = models.DateTimeField(null=True)
    linked_by = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=5, default="id")
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")  # who listens
    region_code = models.CharField(max_length=10, blank=True)
    gateway = models.ForeignKey(Gateway, null=True, on_delete=models.SET_NULL, related_name="+")
    stopped_at = models.DateTimeField(null=True)  # they asked for silence, or a person shut spam out
    stopped_why = models.CharField(max_length=12, blank=True)  # asked, spam
    first_at = models.DateTimeField()
    last_in_at = models.DateTimeField(null=True)
    last_out_at = models.DateTimeField(null=True)
    waiting_since_at = models.DateTimeField(null=True)  # the oldest ordinary message without an answer
    sealed_since_at = models.DateTimeField(null=True)  # the oldest protected one
    menu_step = models.CharField(max_length=20, blank=True)  # what the menu waits for
    menu_until_at = models.DateTimeField(null=True)
    menu_subject_id = models.UUIDField(null=True)  # the matter that following messages belong to

    objects = CorrespondentSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("channel", "scope", "address", name="correspondent_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["desk", "waiting_since_at"], name="corr_desk_waiting"),
            models.Index(fields=["region_code", "last_in_at"], name="corr_region_last"),
            models.Index(fields=["number"], name="corr_number"),
        ]

    def __str__(self) -> str:
        return self.shown_name or self.number or self.address


class IncomingSet(models.QuerySet["Incoming"]):
    """Filters over incoming messages."""

    def to_hear(self, now: object) -> IncomingSet:
        """Whole messages that the machine has not looked at yet."""
        return self.filter(state="new", hear_at__lte=now)


class Incoming(Model):
    """One message of a person, whole: parts of a long SMS are joined before anybody reads it.

    ``state``: parts (some are missing), new (the machine looks next), open (a person looks), settled (see ``outcome``).
    ``outcome``: case (made one), added (to one), menu (answered by keyword), answered, feedback, no_action, spam.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "text": "personal",
        "subject": "personal",
        "data": "personal",
        "sender_shown": "personal",
        "note": "personal",
    }
    retention: ClassVar[str] = "two years after it came, or as long as the matter it belongs to"

    gateway = models.ForeignKey(Gateway, null=True, on_delete=models.PROTECT, related_name="incoming")
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.SET_NULL, related_name="incoming")
    correspondent = models.ForeignKey(Correspondent, on_delete=models.PROTECT, related_name="incoming")
    channel = models.CharField(max_length=12)
    once_key = models.CharField(
        max_length=190, unique=True
    )  # gateway and the provider's id, or a content hash
    external_id = models.CharField(max_length=190, blank=True)
    reply_to = models.CharField(max_length=190, blank=True)  # the external id it answers
    sender_shown = models.CharField(max_length=190, blank=True)
    sent_at = models.DateTimeField(null=True)  # by the sender's clock: shown, never trusted
    received_at = models.DateTimeField()
    kind = models.CharField(
        max_length=24
    )  # text, image, voice, location, button, ... or the provider's own word
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)  # what is not text: a place, a contact, a pressed button
    parts = models.JSONField(default=dict)  # number of the part -> its text, while parts are missing
    parts_expected = models.PositiveSmallIntegerField(default=1)
    is_verified = models.BooleanField(default=False)
    is_removed = models.BooleanField(default=False)  # the sender took it back; the words stay for the officer
    is_automatic = models.BooleanField(default=False)  # an out-of-office note: never answered by the machine
    sealed = models.BooleanField(default=False)
    screen_words = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="new")
    hear_at = (
        models.DateTimeField()
    )  # when the machine may look: later while parts are missing, or after a fault
    hear_tries = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, blank=True)
    subject_kind = models.CharField(max_length=20, blank=True)  # case, feedback
    subject_id = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)
    note = models.CharField(max_length=200, blank=True)

    objects = IncomingSet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "hear_at"], name="incoming_state_hear"),
            models.Index(fields=["correspondent", "received_at"], name="incoming_corr_received"),
            models.Index(fields=["subject_id"], name="incoming_subject"),
            models.Index(fields=["external_id"], name="incoming_external"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}"


class IncomingFile(Model):
    """A file that came with a message. The words are kept at once; the file is fetched afterwards by the worker.

    ``state``: waiting, fetching, cleaning, kept, refused (not what it says, not allowed), too_large, gone (the provider has it
    no more).
    """

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "caption": "personal",
        "transcript": "personal",
    }
    retention: ClassVar[str] = "as long as the message"

    incoming = models.ForeignKey(Incoming, on_delete=models.CASCADE, related_name="files")
    place = models.PositiveSmallIntegerField(default=0)
    source = models.JSONField(default=dict)  # what the transport needs to fetch it
    kind = models.CharField(max_length=12)  # image, voice, audio, video, document, sticker
    name = models.CharField(max_length=150, blank=True)
    mime_said = models.CharField(max_length=100, blank=True)
    size_said = models.PositiveIntegerField(null=True)
    sha256_said = models.CharField(max_length=64, blank=True)
    caption = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="waiting")
    reason = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, blank=True)  # of the cleaned file in the store
    mime = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(null=True)
    fetched_at = models.DateTimeField(null=True)
    transcript = models.TextField(blank=True)
    transcript_language = models.CharField(
        max_length=20, blank=True
    )  # spoken in: id, mdr (Mandar), bug, mak ...
    transcribed_by = models.CharField(max_length=150, blank=True)
    transcribed_at = models.DateTimeField(null=True)
    carried_at = models.DateTimeField(null=True)  # when the matter of its message got it; null: not yet
    carried_id = models.UUIDField(null=True)  # as which attachment; null: the matter had no room for it

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("incoming", "place", name="incoming_file_place")]
        indexes: ClassVar = [
            models.Index(fields=["state", "next_try_at"], name="incoming_file_due"),
            models.Index(fields=["state", "carried_at"], name="incoming_file_carried"),
        ]

    def __str__(self) -> str:
        return self.name or self.kind
