"""A posyandu day: who is expected and has not come, who waits at which step, the closing check, and what the day came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from simpul.lib.actor import Actor
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Coming, Day, Examination, Participant, Posyandu, Showing, Task
from simpul.posyandu.queries import examinations as entries
from simpul.posyandu.queries import forms
from simpul.posyandu.rules import days as rules
from simpul.posyandu.rules import examinations as entry_rules
from simpul.posyandu.rules import forms as form_rules
from simpul.posyandu.rules import participants as people_rules
from simpul.posyandu.rules import recaps as recap_rules

PAGE = 24
KNOWN = frozenset(("puma_sex", "puma_age"))
"""Questions of the sheet whose answer stands in the register: nobody is asked."""
ELDER_MONTHS = 720
"""From 60 completed years on the elders' sheet (AKS, SKILAS) is asked beside the card."""


@dataclass(frozen=True, slots=True)
class Check:
    """What the closing check finds."""

    waiting: tuple[Coming, ...]  # not finished and not gone
    left: tuple[Coming, ...]  # went home before all was done
    missed: tuple[Participant, ...]
    no_height: tuple[Examination, ...]  # weighed without a height
    rivals: tuple[Examination, ...]  # entered twice, nobody chose
    no_slip: tuple[Examination, ...]  # to be referred, no slip ticked

    def counted(self) -> dict[str, int]:
        """How many of each, as the day keeps it."""
        return {
            "waiting": len(self.waiting),
            "left": len(self.left),
            "missed": len(self.missed),
            "no_height": len(self.no_height),
            "rivals": len(self.rivals),
            "no_slip": len(self.no_slip),
        }


@dataclass(frozen=True, slots=True)
class FormRow:
    """One form of the day's recap: came or not, normal or with a problem, referred or not (the three pairs of the official recap)."""

    form: str
    came: int
    missed: int
    normal: int
    problem: int
    referred: int

    @property
    def not_referred(self) -> int:
        """Those with an entry who were not referred."""
        return self.normal + self.problem - self.referred


@dataclass(frozen=True, slots=True)
class Recap:
    """What a day came to."""

    rows: tuple[FormRow, ...]
    skdn: recap_rules.Skdn
    entries: int = 0
    education: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a step asks of somebody: the fields of the card and those of the elders' sheet."""

    form: form_rules.Form
    own: tuple[form_rules.Field, ...]
    elders: tuple[form_rules.Field, ...]
    months: int | None
    unfit: tuple[form_rules.Field, ...] = ()  # of the step, but not for what she is now

    @property
    def all(self) -> tuple[form_rules.Field, ...]:
        """Both."""
        return (*self.own, *self.elders)

    @property
    def every(self) -> tuple[form_rules.Field, ...]:
        """Also those that are not asked now: the step has them."""
        return (*self.all, *self.unfit)

    @property
    def keys(self) -> tuple[str, ...]:
        """The answers of this step: what is seen, and what can be contradicted."""
        return tuple(one.key for one in self.every)


def asked(
    participant: Participant,
    on: date,
    step: int,
    form_version: str = "",
    *,
    state: str = "",
    answered: Collection[str] = (),
) -> Asked:
    """What a step asks of this person on a day. Step 2 asks what step 1 has no page for; step 4 the elders' sheet as well.

    Of a mother in a ``state`` only what fits it is asked, and what was ``answered`` already.
    """
    form = forms.card(participant.form, form_version)
    _days, months = entry_rules.age(participant.person.birth_date, on)
    sex = participant.person.sex
    own = tuple(one for one in form.of_step(step, sex, months) if one.key not in KNOWN)
    if step == 2:
        own = (*form.of_step(1, sex, months), *own)
    elders: tuple[form_rules.Field, ...] = ()
    if step == 4 and participant.form == "D" and months is not None and months >= ELDER_MONTHS:
        known = {one.key for one in form.row}
        elders = tuple(one for one in forms.form("card_lansia").asked(sex, months) if one.key not in known)
    fitting = tuple(one for one in own if one.key in answered or rules.fits(one.key, one.parts, state))
    return Asked(form, fitting, elders, months, tuple(one for one in own if one not in fitting))


def mother_state(participant: Participant, on: date) -> str:
    """What a mother on card A is on a day; "" on another card."""
    if participant.form != "A":
        return ""
    lines = entries.history(participant).filter(stands=True, date__lte=on).order_by("date")
    return rules.mother_state(participant.details, lines.values_list("date", "values"), on)


def listed(by: Actor, posyandu: Posyandu, page: int = 1) -> tuple[list[tuple[Day, int]], bool]:
    """The days of a posyandu, newest first, with how many came."""
    rows = access.days(by).filter(posyandu=posyandu).annotate(came=Count("comings")).order_by("-day")
    first = (page - 1) * PAGE
    found = list(rows[first : first + PAGE + 1])
    return [(one, one.came) for one in found[:PAGE]], len(found) > PAGE


def expected(by: Actor, day: Day) -> QuerySet[Participant]:
    """Everybody with an open card of this posyandu on the day: opened by then, not closed before."""
    rows = access.participants(by).filter(posyandu_id=day.posyandu_id, opened_date__lte=day.day)
    rows = rows.filter(Q(closed_date=None) | Q(closed_date__gt=day.day))
    return rows.select_related("person", "person__household", "cadre", "mother").order_by(
        "form", "person__name_key", "id"
    )


def missing(by: Actor, day: Day, *, form: str = "", words: str = "") -> QuerySet[Participant]:
    """Who is expected and has not come: without a number, and without an entry of the day that was typed in from paper or on the card.

    Who was examined here earlier this month is not expected again, unless a task orders it. Who is looked for by ``words`` is found also
    with an entry: a number can still be given. ``seen_date`` says when somebody was here last this month.
    """
    rows = _without_number(by, day, form)
    if words:
        return rows.filter(Q(person__name_key__contains=words) | Q(mother__name_key__contains=words))
    return rows.exclude(Exists(_own_entries(day))).filter(Q(seen_date=None) | Exists(_ordered(day)))


def seen(by: Actor, day: Day, *, form: str = "") -> list[Participant]:
    """Who was examined here earlier in the month of the day, with ``seen_date``, and has not come again: they need not."""
    rows = _without_number(by, day, form).exclude(Exists(_own_entries(day)))
    return list(rows.exclude(seen_date=None).exclude(Exists(_ordered(day))))


def _without_number(by: Actor, day: Day, form: str) -> QuerySet[Any]:
    """Who may come and has no number yet, of one form or of all, with ``seen_date``."""
    rows = expected(by, day).exclude(comings__day=day).annotate(seen_date=Subquery(_seen(day)))
    return rows.filter(form=form) if form else rows


def _seen(day: Day) -> QuerySet[Any]:
    """The last day of this month before this one on which the person of an outer card was examined here."""
    found = Examination.objects.filter(
        posyandu_id=day.posyandu_id, date__gte=day.day.replace(day=1), date__lt=day.day, stands=True
    )
    found = found.filter(person_id=OuterRef("person_id"), form=OuterRef("form"))
    return found.order_by("-date").values("date")[:1]


def _ordered(day: Day) -> QuerySet[Task]:
    """Open tasks by which the person of an outer card is to be seen again by now."""
    return Task.objects.filter(
        person_id=OuterRef("person_id"),
        state="open",
        reason__in=rules.FOLLOW_UP,
        due_date__lte=day.day + rules.FOLLOW_UP_WITHIN,
    )


def _own_entries(day: Day) -> QuerySet[Examination]:
    """The entry of the day that counts, of the person and form of an outer card."""
    found = Examination.objects.filter(posyandu_id=day.posyandu_id, date=day.day, stands=True)
    return found.filter(person_id=OuterRef("person_id"), form=OuterRef("form"))


def queue(by: Actor, day: Day) -> list[Coming]:
    """Who came, by number."""
    rows = access.comings(by).filter(day=day).select_related("participant__mother")
    return list(rows.order_by("number"))


def at_step(found: Sequence[Coming], step: int) -> list[Coming]:
    """Of those, who waits for this step: here, and this is the next one to be done; by number."""
    return [one for one in found if one.step == step and one.left_at is None]


def lines(day: Day) -> list[Examination]:
    """The entries of a day, also those set aside; the caller has looked the day up.

    What was typed in from paper or on a card belongs to the day of its posyandu and date, too.
    """
    beside = Q(day=None, posyandu_id=day.posyandu_id, date=day.day)
    rows = Examination.objects.filter(Q(day=day) | beside).select_related("person", "participant")
    return list(rows.order_by("recorded_at", "id"))


def open_rivals(found: Sequence[Examination]) -> list[Examination]:
    """Second entries about which nobody has decided."""
    return [one for one in found if is_open_rival(one)]


def is_open_rival(one: Examination) -> bool:
    """True for a second entry of a day about which nobody has decided."""
    return (
        one.rival_id is not None and not one.stands and not one.set_aside_why and "withdrawn" not in one.flags
    )


def check(by: Actor, day: Day) -> Check:
    """The closing check."""
    came = queue(by, day)
    entries = lines(day)
    counted = [one for one in entries if one.stands]
    return Check(
        waiting=tuple(one for one in came if one.step != rules.DONE and one.left_at is None),
        left=tuple(one for one in came if one.step != rules.DONE and one.left_at is not None),
        missed=tuple(missing(by, day)),
        no_height=tuple(
            one for one in counted if one.form in ("B", "C") and one.weight_g and not one.height_mm
        ),
        rivals=tuple(open_rivals(entries)),
        no_slip=tuple(one for one in counted if one.refer and not one.values.get("refer_slip")),
    )


def recap(by: Actor, day: Day) -> Recap:
    """What the day came to, by form, and the young children's SKDN of the day."""
    entries = [one for one in lines(day) if one.stands]
    here = _here(queue(by, day), entries)
    absent = list(missing(by, day))
    came = Counter(one.form for one in here)
    missed = Counter(one.form for one in absent)
    rows = tuple(_form_row(form, came[form], missed[form], entries) for form in people_rules.FORMS)
    education: Counter[str] = Counter()
    for one in entries:
        education.update(str(topic) for topic in one.values.get("education") or ())
    return Recap(rows, _skdn([*absent, *seen(by, day), *here], entries), len(entries), dict(education))


def _here(came: Sequence[Coming], entries: Sequence[Examination]) -> list[Participant]:
    """The cards of those who came: with a number, or with an entry alone."""
    found = {(one.participant.person_id, one.participant.form): one.participant for one in came}
    for one in entries:
        found.setdefault((one.person_id, one.form), one.participant)
    return list(found.values())


def _form_row(form: str, came: int, missed: int, entries: Sequence[Examination]) -> FormRow:
    own = [one for one in entries if one.form == form]
    bad = [one for one in own if is_problem(one)]
    return FormRow(form, came, missed, len(own) - len(bad), len(bad), sum(1 for one in own if one.refer))


def is_problem(one: Examination) -> bool:
    """True when a judgement of the entry asks for more than watching."""
    return any(result.get("level") in ("alert", "danger") for result in one.results)


def _skdn(children: Sequence[Participant], entries: Sequence[Examination]) -> recap_rules.Skdn:
    """The figures of the day: S all young children of the list and those who came, K those with a card, D weighed today."""
    known = {one.person_id: one for one in children if one.form == "B"}
    weighed = [one for one in entries if one.form == "B" and one.weight_g and one.status]
    status = Counter(one.status for one in weighed)
    for one in weighed:
        known.setdefault(one.person_id, one.participant)
    return recap_rules.Skdn(
        s=len(known),
        k=sum(1 for one in known.values() if one.details.get("kms") is not False),
        d=len(weighed),
        n=status["N"],
        t=status["T"],
        o=status["O"],
        b=status["B"],
        bgm=sum(1 for one in weighed if one.bgm),
        two_t=sum(1 for one in weighed if one.two_t),
    )


def day_on(by: Actor, posyandu: Posyandu, day: date) -> Day | None:
    """The day of a posyandu on a date, when it was opened."""
    return access.days(by).filter(posyandu=posyandu, day=day).first()


def is_unused(day: Day) -> bool:
    """True for a day on which nobody has come and nothing was written down: it can be taken back."""
    tables: tuple[Any, ...] = (Coming, Examination, Showing)
    return not any(table.objects.filter(day=day).exists() for table in tables)


def comings_of(participant: Participant, day_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The numbers that this card had on these days, by day."""
    if not day_ids:
        return {}
    rows = Coming.objects.filter(participant=participant, day_id__in=day_ids)
    return dict(rows.values_list("day_id", "id"))


def came_of(day_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many came to each of these days."""
    rows = Coming.objects.filter(day_id__in=day_ids).order_by().values_list("day_id")
    return dict(rows.annotate(n=Count("id")))
