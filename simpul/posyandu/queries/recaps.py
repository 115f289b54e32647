"""Counting a month, for one posyandu or for all of an area: always the same few queries, however many children there are.

Counts name nobody. Whoever shows them decides by the seat whether small groups are hidden (``queries.figures.may_name``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast, Substr, TruncMonth

from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Day, Examination, MonthCount, Participant, Posyandu, Recap
from simpul.posyandu.queries import recap_rules
from simpul.posyandu.rules import recaps as rules

THIN = ("severely_underweight", "underweight")
WASTED = ("severely_wasted", "wasted")
STUNTED = ("severely_stunted", "stunted")
_LEVELS = tuple(f'"level": "{level}"' for level in rules.PROBLEM_LEVELS)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: one posyandu, or every posyandu of an area ("" is everywhere)."""

    region_code: str = ""
    posyandu_id: UUID | None = None

    def rows(self, prefix: str = "") -> Q:
        """The rows of a table that has ``posyandu`` and ``region_code``."""
        if self.posyandu_id is not None:
            return Q(**{f"{prefix}posyandu_id": self.posyandu_id})
        return areas.inside(self.region_code, f"{prefix}region_code")

    def posyandu_rows(self) -> Q:
        """The rows of the table of posyandu."""
        return Q(id=self.posyandu_id) if self.posyandu_id is not None else areas.inside(self.region_code)

    @property
    def is_wide(self) -> bool:
        """Wider than a village: its figures are those that were counted last."""
        return self.posyandu_id is None and len(self.region_code) < 10


Tallies = dict[UUID, Counter[str]]


def count(scope: Scope, month: date) -> Tallies:
    """The figures of a month for each posyandu of the scope that has any; eight queries.

    A child counts in D once, where it was weighed last in the month, with the status of that weighing. It counts in S and K once, too:
    where it was weighed last, and without a weighing where its card is open when the month ends. So D is never more than S, neither of a
    posyandu nor of an area, and the figures of posyandu add up to those of any area without counting a child twice.
    """
    found: Tallies = defaultdict(Counter)
    _cards(found, scope, month)
    _weighings(found, scope, month)
    _came(found, scope, month)
    _rivals(found, scope, month)
    _answers(found, scope, month)
    _since(found, scope, month)
    _immunised(found, scope, month)
    _talks(found, scope, month)
    for tally in found.values():
        for key in [key for key, number in tally.items() if not number]:
            del tally[key]
    return dict(found)


# --- who is looked after -----------------------------------------------------------------------------------------------------


def open_at_end(month: date, prefix: str = "") -> Q:
    """Cards that are open when the month ends."""
    end = rules.after(month)
    still = Q(**{f"{prefix}closed_date": None}) | Q(**{f"{prefix}closed_date__gte": end})
    return Q(**{f"{prefix}opened_date__lt": end}) & still


def under_five(month: date, prefix: str = "person__") -> Q:
    """Children who are under five on the first day of the month; one whose birth date is not known counts as one."""
    return Q(**{f"{prefix}birth_date": None}) | Q(**{f"{prefix}birth_date__gte": rules.too_old_from(month)})


def aged(month: date, least: int, most: int) -> Q:
    """Completed months of age on the last day of the month, by the birth date."""
    end = rules.after(month)
    return Q(person__birth_date__lt=_same_day(end, least), person__birth_date__gte=_same_day(end, most + 1))


def _same_day(day: date, months: int) -> date:
    return rules.back(day, months)


def _cards(found: Tallies, scope: Scope, month: date) -> None:
    child, weighed = Q(form="B") & under_five(month), _weighed_before_end(month)
    absent = child & Q(~Exists(weighed.filter(date__gte=month)))
    rows: Any = (
        Participant.objects.filter(scope.rows(), open_at_end(month))
        .annotate(card=Exists(weighed) | Q(details__kms=True))
        .values("posyandu_id", "form", "person__sex")
        .annotate(
            open=Count("id"),
            s=Count("id", filter=absent),
            k=Count("id", filter=absent & Q(card=True)),
            new_cards=Count("id", filter=Q(form="B", opened_date__gte=month)),
            infants_kms=Count("id", filter=child & Q(card=True) & aged(month, 0, 11)),
            vitamin_a_due=Count("id", filter=Q(form="B") & aged(month, 6, 59)),
            deworming_due=Count("id", filter=Q(form="B") & aged(month, 12, 59)),
            immunised_due=Count("id", filter=Q(form="B") & aged(month, 12, 23)),
            mothers=Count("id", filter=expecting(month)),
        )
    )
    for row in rows:
        tally = found[row["posyandu_id"]]
        tally[f"{row['form']}.open"] += row["open"]
        sex = row["person__sex"] or "?"
        for name in ("s", "k"):
            tally[f"{name}.{sex}"] += row[name]
        for name in (
            "new_cards",
            "infants_kms",
            "vitamin_a_due",
            "deworming_due",
            "immunised_due",
            "mothers",
        ):
            tally[name] += row[name]


def _weighed_before_end(month: date) -> QuerySet[Examination]:
    return Examination.objects.filter(
        person=OuterRef("person"), form="B", stands=True, weight_g__isnull=False, date__lt=rules.after(month)
    )


def children(rows: QuerySet[Participant], scope: Scope, month: date, *, card: bool) -> QuerySet[Participant]:
    """Of these cards those that S is made of, or K with ``card``: weighed last here, or open and weighed nowhere this month."""
    weighed = _weighed_before_end(month)
    absent = scope.rows() & Q(form="B") & open_at_end(month) & under_five(month)
    absent &= Q(~Exists(weighed.filter(date__gte=month)))
    if card:
        rows = rows.annotate(card=Exists(weighed) | Q(details__kms=True))
        absent &= Q(card=True)
    return rows.filter(Q(id__in=weighings(scope, month).values("participant")) | absent)


def expecting(month: date) -> Any:
    """Cards A of women who have not given birth yet: the head of the card has no day of birth, and no entry was one after birth."""
    after_birth = Examination.objects.filter(
        participant=OuterRef("pk"),
        form="A",
        stands=True,
        date__lt=rules.after(month),
        values__has_any_keys=list(rules.AFTER_BIRTH),
    )
    return Q(form="A") & ~Q(details__has_key="delivered_date") & ~Exists(after_birth)


# --- who was weighed ---------------------------------------------------------------------------------------------------------


def weighings(scope: Scope, month: date) -> QuerySet[Examination]:
    """The weighing of each under-five that counts in a month: the last one that stands, wherever it was made."""
    end = rules.after(month)
    standing = Examination.objects.filter(
        form="B", stands=True, weight_g__isnull=False, date__gte=month, date__lt=end
    )
    later = standing.filter(person=OuterRef("person")).filter(
        Q(date__gt=OuterRef("date"))
        | Q(date=OuterRef("date"), recorded_at__gt=OuterRef("recorded_at"))
        | Q(date=OuterRef("date"), recorded_at=OuterRef("recorded_at"), id__gt=OuterRef("id"))
    )
    return standing.filter(scope.rows(), under_five(month)).filter(~Exists(later))


def _weighings(found: Tallies, scope: Scope, month: date) -> None:
    rows: Any = (
        weighings(scope, month)
        .values("posyandu_id", "person__sex")
        .annotate(
            d=Count("id"),
            **{name: Count("id", filter=Q(status=name.upper())) for name in rules.STATUSES},
            no_status=Count("id", filter=~Q(status__in=[name.upper() for name in rules.STATUSES])),
            bgm=Count("id", filter=Q(bgm=True)),
            two_t=Count("id", filter=Q(two_t=True)),
            stunted=Count("id", filter=Q(tb_u__in=STUNTED)),
            wasted=Count("id", filter=Q(bb_tb__in=WASTED)),
            underweight=Count("id", filter=Q(bb_u__in=THIN)),
            said_other=Count("id", filter=~Q(said_status="") & ~Q(status="") & ~Q(said_status=F("status"))),
        )
    )
    for row in rows:
        tally, sex = found[row["posyandu_id"]], row["person__sex"] or "?"
        for name in ("d", *rules.STATUSES, "bgm", "two_t"):
            tally[f"{name}.{sex}"] += row[name]
        for name in ("s", "k"):
            tally[f"{name}.{sex}"] += row["d"]
        for name in ("no_status", "stunted", "wasted", "underweight", "said_other"):
            tally[name] += row[name]


# --- who came, by form -------------------------------------------------------------------------------------------------------


def _came(found: Tallies, scope: Scope, month: date) -> None:
    end = rules.after(month)
    entries = Examination.objects.filter(scope.rows(), stands=True, date__gte=month, date__lt=end)
    weighed = Examination.objects.filter(
        person=OuterRef("person"),
        form="B",
        stands=True,
        weight_g__isnull=False,
        date__gte=month,
        date__lt=end,
    )
    lacking: Any = Q(form="B", weight_g=None) & under_five(month) & ~Exists(weighed)
    rows: Any = (
        _with_words(entries)
        .values("posyandu_id", "form")
        .annotate(
            came=Count("person", distinct=True),
            problem=Count("person", distinct=True, filter=_told_problem()),
            refer=Count("person", distinct=True, filter=Q(refer=True)),
            no_weight=Count(
                "person",
                distinct=True,
                filter=lacking,
            ),
        )
    )
    for row in rows:
        tally = found[row["posyandu_id"]]
        for name in ("came", "problem", "refer"):
            tally[f"{row['form']}.{name}"] += row[name]
        tally["no_weight"] += row["no_weight"]


def _with_words(entries: QuerySet[Examination]) -> QuerySet[Examination]:
    """Entries with their judgements as text."""
    return entries.annotate(told=Cast("results", TextField()))


def _told_problem() -> Q:
    found = Q(refer=True)
    for level in _LEVELS:
        found |= Q(told__contains=level)
    return found


def came(scope: Scope, month: date, form: str, part: str = "came") -> QuerySet[Examination]:
    """The entries of a form in a month behind one of its figures: who came, who had a problem, who was referred."""
    entries = Examination.objects.filter(
        scope.rows(), form=form, stands=True, date__gte=month, date__lt=rules.after(month)
    )
    if part == "problem":
        return _with_words(entries).filter(_told_problem())
    return entries.filter(refer=True) if part == "refer" else entries


def undecided(scope: Scope, month: date) -> QuerySet[Examination]:
    """Second entries of one day of which nobody has said yet whether they count."""
    return Examination.objects.filter(
        scope.rows(),
        form="B",
        stands=False,
        rival__isnull=False,
        set_aside_why="",
        date__gte=month,
        date__lt=rules.after(month),
    )


def _rivals(found: Tallies, scope: Scope, month: date) -> None:
    rows = undecided(scope, month).values("posyandu_id").annotate(number=Count("id"))
    for row in rows:
        found[row["posyandu_id"]]["rivals"] += row["number"]


# --- what was answered and given ---------------------------------------------------------------------------------------------


def _answers(found: Tallies, scope: Scope, month: date) -> None:
    iron_before = Examination.objects.filter(
        participant=OuterRef("participant"),
        form="A",
        stands=True,
        date__lt=month,
        values__has_key="iron_given",
    )
    rows = (
        Examination.objects.filter(scope.rows(), stands=True, date__gte=month, date__lt=rules.after(month))
        .annotate(had_iron=Exists(iron_before))
        .values_list(
            "posyandu_id",
            "person_id",
            "form",
            "age_months",
            "values",
            "bb_u",
            "bb_tb",
            "had_iron",
            "participant__details",
        )
    )
    by_place: dict[UUID, list[rules.Answers]] = defaultdict(list)
    for place, person, form, age, values, bb_u, bb_tb, had_iron, details in rows.iterator(chunk_size=2000):
        by_place[place].append(
            rules.Answers(
                person=person,
                form=form,
                age_months=age,
                pregnant=form == "A" and not rules.is_after_birth(details, values),
                nursing=form == "A" and rules.is_after_birth(details, values),
                thin=bb_u in THIN or bb_tb in WASTED,
                had_iron=had_iron,
                values=values,
            )
        )
    for place, answers in by_place.items():
        found[place].update(rules.answered(answers))


def _since(found: Tallies, scope: Scope, month: date) -> None:
    """Who had vitamin A since the campaign began, and deworming this year."""
    had_a = Q(date__gte=rules.vitamin_since(month), values__vitamin_a=True) & aged(month, 6, 59)
    wormed = Q(date__gte=rules.year_since(month), values__deworming=True) & aged(month, 12, 59)
    rows = (
        Examination.objects.filter(scope.rows("participant__"), open_at_end(month, "participant__"))
        .filter(
            form="B",
            stands=True,
            date__gte=min(rules.vitamin_since(month), rules.year_since(month)),
            date__lt=rules.after(month),
        )
        .values("participant__posyandu_id")
        .annotate(
            vitamin_a_had=Count("person", distinct=True, filter=had_a),
            deworming_had=Count("person", distinct=True, filter=wormed),
        )
    )
    for row in rows:
        tally = found[row["participant__posyandu_id"]]
        for name in ("vitamin_a_had", "deworming_had"):
            tally[name] += row[name]


def _immunised(found: Tallies, scope: Scope, month: date) -> None:
    for place, _person in immunised(scope, month):
        found[place]["immunised"] += 1


def immunised(scope: Scope, month: date) -> set[tuple[UUID, UUID]]:
    """Posyandu and person of children of 12 to 23 months whose doses on all lines of the card are complete."""
    rows = (
        Examination.objects.filter(scope.rows("participant__"), open_at_end(month, "participant__"))
        .filter(aged(month, 12, 23), form="B", stands=True, date__lt=rules.after(month))
        .filter(values__has_key="vaccines")
        .values_list("participant__posyandu_id", "person_id", "values__vaccines")
    )
    had: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    for place, person, doses in rows.iterator(chunk_size=2000):
        had[place, person].update(doses if isinstance(doses, list) else ())
    return {key for key, codes in had.items() if recap_rules.basics().complete(codes)}


def _talks(found: Tallies, scope: Scope, month: date) -> None:
    rows = Day.objects.filter(scope.rows(), day__gte=month, day__lt=rules.after(month))
    for place, education in rows.values_list("posyandu_id", "education"):
        found[place]["talks"] += bool(education)
        found[place]["days"] += 1


# --- what was counted last ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures of a month by posyandu; ``at`` is empty when they were counted just now."""

    tallies: Mapping[UUID, Mapping[str, int]]
    at: datetime | None = None

    @property
    def total(self) -> Counter[str]:
        """All of them added up."""
        return rules.together(self.tallies.values())


def counted(scope: Scope, month: date) -> Counted:
    """The figures of a month: of a posyandu or a village as they are now, of wider areas as they were counted last."""
    if scope.is_wide:
        rows = list(
            MonthCount.objects.filter(scope.rows(), month=month).values_list(
                "posyandu_id", "figures", "counted_at"
            )
        )
        if rows:
            return Counted({key: figures for key, figures, _at in rows}, min(at for _k, _f, at in rows))
    return Counted(count(scope, month))


Groups = list[tuple[str, rules.Skdn]]


def trend(scope: Scope, until: date, months: int) -> list[tuple[date, Groups]]:
    """SKDN of each month as it was counted last, the oldest first, by the groups of the area's table, so that it hides what that table
    hides; nothing for a month that nobody has counted. One query."""
    wanted = rules.span(until, months)
    part: Any = (
        F("posyandu_id")
        if scope.posyandu_id is not None or len(scope.region_code) >= 10
        else Substr("region_code", 1, deeper(scope.region_code))
    )
    rows: Any = (
        MonthCount.objects.filter(scope.rows(), month__gte=wanted[0], month__lte=until)
        .order_by()
        .annotate(part=part)
        .values("month", "part")
        .annotate(**{f"sum_{name}": Sum(name) for name in rules.SKDN})
    )
    found: dict[date, Groups] = defaultdict(list)
    for row in rows:
        one = rules.Skdn(**{name: row[f"sum_{name}"] for name in rules.SKDN})
        found[row["month"]].append((str(row["part"]), one))
    return [(month, sorted(found.get(month, []), key=lambda pair: pair[0])) for month in wanted]


def deeper(region_code: str) -> int:
    """How long the codes one level down are."""
    return {0: 2, 2: 4, 4: 6, 6: 10}[len(region_code)]


def months_to_count(at: datetime, this_month: date) -> list[date]:
    """Months whose counts may be old: this one and the one before, months in which something was written down since they were
    counted, and the one that was counted longest ago, so that what was taken back is seen in the end, too."""
    newest = MonthCount.objects.order_by("-counted_at").values_list("counted_at", flat=True).first()
    months = {this_month, rules.back(this_month, 1)}
    fresh = Examination.objects.filter(
        date__gte=rules.back(this_month, rules.MOST_MONTHS - 1), date__lte=at.date()
    )
    if newest is not None:
        fresh = fresh.filter(recorded_at__gt=newest)
    months |= set(fresh.annotate(m=TruncMonth("date")).values_list("m", flat=True).distinct())
    oldest = MonthCount.objects.order_by("counted_at").values_list("month", flat=True).first()
    return sorted(months | ({oldest} if oldest else set()), reverse=True)


def closed(by: Actor, posyandu_id: UUID, month: date) -> Recap | None:
    """The closed recap of a month, as far as this actor may see."""
    found: Recap | None = (
        recap_rows(by).filter(posyandu_id=posyandu_id, month=month, reopened_at=None).first()
    )
    return found


def closed_months(by: Actor, scope: Scope, month: date) -> set[UUID]:
    """Posyandu of the scope whose month is closed."""
    return set(
        recap_rows(by)
        .filter(scope.rows(), month=month, reopened_at=None)
        .values_list("posyandu_id", flat=True)
    )


def versions(by: Actor, posyandu_id: UUID, month: date) -> list[Recap]:
    """Every closing of a month, the newest first."""
    return list(recap_rows(by).filter(posyandu_id=posyandu_id, month=month).order_by("-version"))


def recap_rows(by: Actor) -> QuerySet[Recap]:
    """Closed recaps of the area."""
    found: QuerySet[Recap] = access.rows(by, Recap, access.INSTITUTION)
    return found


def posyandus(by: Actor, scope: Scope) -> list[Posyandu]:
    """The posyandu of a scope in the order of village and name."""
    rows = access.posyandus(by).filter(scope.posyandu_rows(), closed_date=None)
    return list(rows.order_by("region_code", "name", "id"))
