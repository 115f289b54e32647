"""Ideas of residents on their way to the village plan: what was proposed, each step with its reason, voices, talk, and opinions.

An idea's own words (``said``) stay as they were given; ``title`` and ``words`` are what everybody may read after moderation. Steps are
added, never changed: the path on the public page and what the author is told are made of them.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.cases.models import Case
from simpul.lib import areas
from simpul.lib.fields import Model
from simpul.meetings.models import Meeting
from simpul.people.models import Person
from simpul.regions.models import Hamlet

STATES = (
    "new",
    "open",
    "talked",
    "ranked",
    "planned",
    "proposed",
    "funded",
    "works",
    "done",
    "deferred",
    "rejected",
    "merged",
    "withdrawn",
)


class IdeaSet(models.QuerySet["Idea"]):
    """Filters over ideas."""

    def inside(self, code: str) -> IdeaSet:
        """Ideas of a region and of all that lies in it."""
        return self.filter(areas.inside(code)) if code else self

    def public(self) -> IdeaSet:
        """What everybody may read: looked at by a moderator, and not hidden since."""
        return self.filter(published_at__isnull=False, hidden_at=None)


class Assistance(Model):
    """An officer writes for somebody who sits before them: who, why, and the half hour in which it may be done."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "reason": "specific",
        "officer": "personal",
        "user_id": "personal",
    }
    retention: ClassVar[str] = "2 years, as proof that nobody was written for unasked"

    region_code = models.CharField(max_length=10)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=150)
    reason = models.CharField(max_length=300)
    began_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    officer = models.CharField(max_length=150)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "-began_at"], name="assistance_region")]

    def __str__(self) -> str:
        return self.name


class Idea(Model):
    """One idea: from its author's words to the work that came of it. Moves: ``community.rules.ideas``."""

    personal_data: ClassVar[dict[str, str]] = {
        "said": "personal",
        "recorded_by": "personal",
        "hidden_why": "personal",
    }
    retention: ClassVar[str] = "the plan's papers are kept for ever; who proposed it 6 years"

    code = models.CharField(max_length=12, unique=True)  # in the public address
    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=12)  # community.rules.ideas.FIELDS: the five bidang
    title = models.CharField(max_length=120)
    words = models.TextField()  # as everybody may read it
    benefits = models.CharField(max_length=300, blank=True)  # whom it helps
    place = models.CharField(max_length=150, blank=True)
    said = models.TextField(blank=True)  # the author's own words, where moderation changed them
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="idea")
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    show_author = models.BooleanField(default=False)  # the author agreed that the name stands on the page
    channel = models.CharField(max_length=10)  # web, desk, whatsapp, field, case ...
    assistance = models.ForeignKey(Assistance, null=True, on_delete=models.SET_NULL, related_name="ideas")
    state = models.CharField(max_length=10, default="new")
    year = models.PositiveSmallIntegerField()  # the plan's year it is meant for
    carried = models.PositiveSmallIntegerField(default=0)  # how often it was taken over to the next year
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_rows")
    state_before = models.CharField(max_length=10, blank=True)  # of a merged one, to take the merging back
    proposed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_why = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()

    objects = IdeaSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="idea_state_known"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=False) ^ ~models.Q(state="merged"),
                name="idea_merged_names_the_other",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "state", "year"], name="idea_region_state"),
            models.Index(fields=["region_code", "-proposed_at"], name="idea_region_proposed"),
        ]

    def __str__(self) -> str:
        return self.title


class IdeaStep(Model):
    """One step on the path of an idea, with its reason in words for everybody, and whether the author heard of it."""

    personal_data: ClassVar[dict[str, str]] = {
        "recorded_by": "personal",
        "told_by": "personal",
        "user_id": "personal",
    }
    retention: ClassVar[str] = "as long as the idea"

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12)  # the state it came to, or carried, unmerged, reopened
    before = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=500, blank=True)  # public words
    year = models.PositiveSmallIntegerField()
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    owes = models.BooleanField(default=False)  # the author is to be told of it
    message_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True)  # by word of mouth
    told_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["idea", "recorded_at"], name="idea_step_idea")]

    def __str__(self) -> str:
        return self.kind


class Voter(Model):
    """One person with one voice in a village: shown to be one at the counter, or by a code sent to their telephone.

    ``key`` is a blind index of the person or the number: two presses, two phones of one counted person, are one voice.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "key": "personal",
        "phone_key": "personal",
        "verified_by": "personal",
    }
    retention: ClassVar[str] = "2 years after the last voice"

    region_code = models.CharField(max_length=10)
    key = models.CharField(max_length=64)
    phone_key = models.CharField(max_length=64, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    how = models.CharField(max_length=8)  # counter, phone
    verified_at = models.DateTimeField()
    verified_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("region_code", "key", name="voter_once")]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "phone_key"], name="voter_phone"),
            models.Index(fields=["person"], name="voter_person"),
        ]

    def __str__(self) -> str:
        return self.how


class PhoneCode(Model):
    """A code that was sent to a telephone, to show that whoever types it holds it. The code itself is not kept."""

    personal_data: ClassVar[dict[str, str]] = {"phone_key": "personal", "mark": "personal"}
    retention: ClassVar[str] = "a day"

    region_code = models.CharField(max_length=10)
    phone_key = models.CharField(max_length=64)
    mark = models.CharField(max_length=64)  # keyed hash of this row's key and the code
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()
    until_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["phone_key", "sent_at"], name="phone_code_phone")]

    def __str__(self) -> str:
        return str(self.id)


class Voice(Model):
    """One voter supports one idea; taken back, the row stays with ``withdrawn_at``."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the idea; who it was 2 years"

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="voices")
    voter = models.ForeignKey(Voter, on_delete=models.CASCADE, related_name="voices")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=150, blank=True)
    assistance = models.ForeignKey(Assistance, null=True, on_delete=models.SET_NULL, related_name="voices")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("idea", "voter", name="voice_once")]

    def __str__(self) -> str:
        return str(self.voter_id)


class Comment(Model):
    """What somebody says about an idea: read by a moderator before anybody else reads it."""

    personal_data: ClassVar[dict[str, str]] = {
        "words": "personal",
        "name": "personal",
        "judged_by": "personal",
        "recorded_by": "personal",
        "why": "personal",
    }
    retention: ClassVar[str] = "as long as the idea; refused ones 90 days"

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="comments")
    words = models.CharField(max_length=1000)
    name = models.CharField(max_length=80, blank=True)  # as they want to be called; "" is "A resident"
    voter = models.ForeignKey(Voter, null=True, on_delete=models.SET_NULL, related_name="comments")
    official = models.BooleanField(default=False)  # the village government speaks
    assistance = models.ForeignKey(Assistance, null=True, on_delete=models.SET_NULL, related_name="comments")
    state = models.CharField(max_length=8, default="waiting")  # waiting, shown, refused
    why = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "shown", "refused"]), name="comment_state_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["idea", "state", "written_at"], name="comment_idea")]

    def __str__(self) -> str:
        return self.words[:40]


class Statement(Model):
    """One sentence about an idea with which everybody may agree or disagree, or pass."""

    personal_data: ClassVar[dict[str, str]] = {"judged_by": "personal", "recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the idea"

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="statements")
    words = models.CharField(max_length=200)
    state = models.CharField(max_length=8, default="waiting")  # waiting, shown, refused
    voter = models.ForeignKey(Voter, null=True, on_delete=models.SET_NULL, related_name="statements")
    offered_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "shown", "refused"]), name="statement_state_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["idea", "state"], name="statement_idea")]

    def __str__(self) -> str:
        return self.words[:40]


class Opinion(Model):
    """What one voter says of one statement; saying it anew takes the place of what was said."""

    personal_data: ClassVar[dict[str, str]] = {"value": "specific"}
    retention: ClassVar[str] = "2 years after the idea's end"

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="opinions")
    voter = models.ForeignKey(Voter, on_delete=models.CASCADE, related_name="opinions")
    value = models.SmallIntegerField()  # 1 agrees, -1 disagrees, 0 passes
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("statement", "voter", name="opinion_once"),
            models.CheckConstraint(condition=models.Q(value__in=[-1, 0, 1]), name="opinion_value_known"),
        ]

    def __str__(self) -> str:
        return str(self.value)
