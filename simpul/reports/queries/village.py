"""The figures of a village post, gathered from its rooms; what each means stands in ``reports.rules.VILLAGE``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from simpul.community.queries import figures_bank, figures_ideas
from simpul.community.queries import works as work_queries
from simpul.desks import queries as desk_queries
from simpul.letters.queries import figures as letter_figures
from simpul.lib import small_cells
from simpul.lib.actor import MACHINE
from simpul.mediation.queries import figures as dispute_figures
from simpul.reports import rules
from simpul.village_post.queries import figures as post_figures
from simpul.village_post.queries import reading_stock, ronda_figures

HOURS = range(24)


@dataclass(frozen=True, slots=True)
class Village:
    """Figures by their key, and the tables beside them. A value of None: nothing to say, or too small to show (``hidden``)."""

    region_code: str
    since: date
    until: date
    values: Mapping[str, int | None]
    letters_by_type: Mapping[str, int]
    letters_by_hour: tuple[int, ...]
    served_by_hour: tuple[int, ...]
    waste_by_kind: Mapping[str, int]
    hidden: frozenset[str] = frozenset()


def figures(region_code: str, since: date, until: date) -> Village:
    """All figures of an area from one day to another, both included. The number of database queries is fixed.

    They name nobody; whoever shows them to people who keep no book here shows ``protected`` of them.
    """
    zone = desk_queries.zone_of(region_code)
    begin = datetime(since.year, since.month, since.day, tzinfo=zone)
    end = datetime(until.year, until.month, until.day, tzinfo=zone) + timedelta(days=1)
    post = post_figures.served(region_code, since, until)
    letters = letter_figures.letters(MACHINE, region_code, since, until)
    disputes = dispute_figures.figures(region_code, since, until)
    ideas = figures_ideas.figures(region_code, begin, end)
    works = work_queries.figures(region_code, since, until)
    bank = figures_bank.figures(region_code, begin, end)
    watch = ronda_figures.figures(region_code, since, until)
    reading = reading_stock.figures(region_code, since, until)
    share, wait = letters.outside_share, letters.waits.median
    values: dict[str, int | None] = {
        "served": post.people,
        "served_outside": post.outside_share,
        "queue": post_figures.waiting_minutes(region_code, since, until),
        "content": post.content_share,
        "asked": letters.asked,
        "released": letters.released,
        "letter_wait": None if wait is None else round(wait / timedelta(hours=1)),
        "letters_outside": None if share is None else round(100 * share),
        "disputes": disputes.taken_in,
        "agreed": disputes.agreed,
        "kept": disputes.kept,
        "dispute_days": disputes.days,
        "ideas": ideas.proposed,
        "told": ideas.told_share,
        "voices": ideas.voices,
        "finished": works.finished,
        "hok": works.half_days,
        "swadaya": works.ours,
        "state": works.state,
        "weighed": bank.grams,
        "savers": bank.savers,
        "fund_in": bank.fund_in,
        "fund_out": bank.fund_out,
        "nights": watch.nights,
        "watchers": watch.came,
        "incidents": sum(watch.incidents.values()),
        "loans": reading.loans,
        "readers": sum(reading.visits.values()),
    }
    return Village(
        region_code=region_code,
        since=since,
        until=until,
        values=values,
        letters_by_type=letters.by_type,
        letters_by_hour=tuple(letters.by_hour.get(hour, 0) for hour in HOURS),
        served_by_hour=post.by_hour,
        waste_by_kind=bank.kinds,
    )


def protected(found: Village) -> Village:
    """The same for people who keep no book here: no group from one to four, nothing that tells of one, no table by hour or type."""
    values = dict(found.values)
    hidden: set[str] = set()
    for key in rules.GROUPS_OF_PEOPLE:
        if small_cells.is_small(values[key] or 0):
            hidden.add(key)
    for whole, parts in rules.PARTS_OF.items():
        for part in parts:
            left = (values[whole] or 0) - (values[part] or 0)
            if whole in hidden or small_cells.is_small(left):
                hidden.add(part)
    hidden |= {key for key, group in rules.SHARES_OF.items() if group in hidden}
    return Village(
        region_code=found.region_code,
        since=found.since,
        until=found.until,
        values={key: None if key in hidden else value for key, value in values.items()},
        letters_by_type={},
        letters_by_hour=(),
        served_by_hour=(),
        waste_by_kind=found.waste_by_kind if "savers" not in hidden else {},
        hidden=frozenset(hidden),
    )
