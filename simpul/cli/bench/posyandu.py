"""Posyandu at size: 600 posyandu, 60,000 children, 36 months of visits; what pages cost, and how many queries each asks.

Invented children are written straight into the tables, a hundred to a posyandu, four out of five weighed each month. The pages are asked
for inside this process, each with session, permission, queries and drawing, as a cadre of one posyandu and as a manager of the regency.
``--cases`` is the number of children, ``--months`` how far back their visits go: a quick run is ``--cases 2000 --months 6``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from simpul.accounts import actions as account_actions
from simpul.cli import house
from simpul.cli.bench import bulk, people_names, report
from simpul.desks import actions as desk_actions
from simpul.lib import text
from simpul.lib.actor import MACHINE
from simpul.posyandu.actions import recaps as recap_actions
from simpul.posyandu.rules import recaps as rules
from simpul.regions import queries as region_queries

REGENCY = "7305"
CHILDREN, TO_A_POSYANDU = 60_000, 100
ROUNDS = 30
BACKEND = "simpul.accounts.signin.NameMailOrPhone"
AIM_MS = 200.0
"""What a page may take of the processor with the full size: that does not depend on how busy the machine is."""
_COUNTED = ("s", "k", "d", "n", "t", "o", "b", "bgm", "two_t")


@dataclass
class Stage:
    """What was built: the posyandu of the cadre, a child and a day of it, and both browsers."""

    posyandu: str = ""
    child: str = ""
    day: str = ""
    cadre: Client = field(default_factory=Client)
    manager: Client = field(default_factory=Client)


def run(args: argparse.Namespace) -> int:
    """Build, measure, print."""
    at = timezone.now()
    children = (args.cases or [CHILDREN])[0]
    house.compile_words()
    house.migrate()
    house.fill_catalogues(at)
    house.collect_static()
    desk_actions.change_institution(
        by=MACHINE, at=at, name="Kabupaten Takalar", short_name="Takalar", region_code=REGENCY
    )
    begun = time.perf_counter()
    stage = _Builder(children, args.months, at).build()
    built = time.perf_counter() - begun
    counted = _counted_months(at)
    print(
        f"posyandu: {children:,} children, {args.months} months, built in {built:.0f} s",
        file=sys.stderr,
        flush=True,
    )
    rows = [_measured(*one) for one in _pages(stage)]
    result = {
        "bench": "posyandu",
        "database": connection.vendor,
        "machine": report.machine(),
        "load_average": report.load_average(),
        "children": children,
        "posyandu": max(1, children // TO_A_POSYANDU),
        "months": args.months,
        "built_seconds": round(built, 1),
        "count_month_seconds": round(counted, 2),
        "rows": [row for row in rows if row],
    }
    if args.json:
        print(json.dumps(result))
    else:
        _print(result)
    return 0


# --- building ----------------------------------------------------------------------------------------------------------------


class _Builder:
    """Writes posyandu after posyandu."""

    def __init__(self, children: int, months: int, at: datetime) -> None:
        self.chance = random.Random(7)  # noqa: S311 - invented children
        self.posyandu = max(1, children // TO_A_POSYANDU)
        self.at, self.today = at, at.date()
        self.months = rules.span(rules.first_of(self.today), months)
        districts = region_queries.children(REGENCY)
        self.villages = [one.code for two in districts for one in region_queries.children(two.code)]
        self.tables = _tables(at)
        self.stage = Stage()
        self.serial = 0

    def build(self) -> Stage:
        """Everything, with two people who sign in."""
        village = self.villages[0]
        desk = desk_actions.open_desk(
            by=MACHINE, at=self.at, code="posyandu-bench", name="Posyandu Contoh", kind="posyandu", level="village",
            region_code=village,
        )  # fmt: skip
        leaders = desk_actions.open_desk(
            by=MACHINE, at=self.at, code="pimpinan-bench", name="Sekretariat Daerah", kind="leadership", level="regency",
            region_code=REGENCY,
        )  # fmt: skip
        self.stage.cadre = _sign_in("kader.bench", "cadre", desk.id, self.at)
        self.stage.manager = _sign_in("manajer.bench", "manager", leaders.id, self.at)
        tables = list(self.tables.values())
        with bulk.without_indexes([one.name for one in tables]):
            for place in range(self.posyandu):
                self._posyandu(place, desk.id if place == 0 else None)
                if place % 4 == 3:
                    bulk.flush_all(tables)
            bulk.flush_all(tables)
        if not bulk.sqlite():
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        return self.stage

    def _key(self) -> str:
        """A key that grows, as real ones grow with time."""
        self.serial += 1
        return f"0192{self.serial:08x}7{self.chance.getrandbits(12):03x}8{self.chance.getrandbits(60):015x}"

    def _posyandu(self, place: int, desk: UUID | None) -> None:
        key, village = self._key(), self.villages[place % len(self.villages)]
        name = f"Posyandu Contoh {place + 1}"
        self.tables["posyandu"].add(key, desk.hex if desk else None, village, name)
        days = []
        for month in self.months:
            day = min(month.replace(day=10), self.today)
            days.append((self._key(), day))
            self.tables["day"].add(days[-1][0], key, village, day.isoformat())
        tallies = [Counter[str]() for _month in self.months]
        for number in range(TO_A_POSYANDU):
            self._child(key, village, days, tallies, number)
        for month, tally in zip(self.months[:-2], tallies[:-2], strict=True):
            figures = {f"{name}.P": tally[name] for name in _COUNTED}
            self.tables["count"].add(
                self._key(),
                key,
                village,
                month.isoformat(),
                *(tally[name] for name in _COUNTED),
                json.dumps(figures),
            )
        if place == 0:
            self.stage.posyandu, self.stage.day = key, days[-1][0]

    def _child(
        self, place: str, village: str, days: list[tuple[str, date]], tallies: list[Counter[str]], number: int
    ) -> None:
        draw = self.chance
        born = self.today - timedelta(days=draw.randint(20, 1800))
        sex = draw.choice("LP")
        name = f"{draw.choice(people_names.MEN if sex == 'L' else people_names.WOMEN)} {draw.choice(people_names.LAST)}"
        person, card = self._key(), self._key()
        self.tables["person"].add(person, name, text.name_key(name), sex, born.isoformat(), village)
        self.tables["participant"].add(card, place, village, person, max(born, self.months[0]).isoformat())
        if number == 0 and not self.stage.child:
            self.stage.child = card
        weight, last, before = 3200, -2, ""
        for index, (day_key, day) in enumerate(days):
            if day < born:
                continue
            tallies[index]["s"] += 1
            if draw.random() < 0.2:
                continue
            status = "B" if last < 0 else "O" if last < index - 1 else draw.choice("NNNT")
            two_t = status == before == "T"
            weight += draw.randint(150, 450) if status != "T" else draw.randint(-100, 100)
            age = (day - born).days
            self._entry(place, village, card, person, day_key, day, age, weight, status, two_t)
            tallies[index].update(("d", status.lower(), *(["two_t"] if two_t else [])))
            tallies[index]["k"] += 1
            if index == len(days) - 1:
                self.tables["coming"].add(self._key(), day_key, card, number + 1)
            last, before = index, status if status in "NT" else before

    def _entry(
        self, place: str, village: str, card: str, person: str, day_key: str, day: date, age: int, weight: int, status: str, two_t: bool
    ) -> None:  # fmt: skip
        values: dict[str, Any] = {"weight": weight, "height": 500 + age // 3, "education": ["nutrition"]}
        if day.month in (2, 8):
            values["vitamin_a"] = True
        if age < 400:
            values["vaccines"] = ["opv1"]
        level = "watch" if status == "T" else "good"
        results = [
            {
                "rule": "weight_gain",
                "version": "kia-2023",
                "code": status,
                "level": level,
                "refer": False,
                "finding": "",
                "source": "",
                "words": "",
            }
        ]
        when = datetime(day.year, day.month, day.day, 2, tzinfo=UTC).replace(tzinfo=None).isoformat(" ")
        score = self.chance.randint(-320, 150)
        self.tables["examination"].add(
            self._key(), card, person, place, village, day_key, day.isoformat(), json.dumps(values), age, age * 12 // 365, weight,
            500 + age // 3, score, score, score, status, int(two_t), int(score < -300), json.dumps(results), when,
        )  # fmt: skip


def _tables(at: datetime) -> dict[str, bulk.Table]:
    long_ago = at - timedelta(days=1200)
    return {
        "posyandu": bulk.Table(
            "posyandu.Posyandu",
            "id desk_id region_code name",
            fields=["health"],
            made_at=long_ago,
            changed_at=long_ago,
        ),
        "day": bulk.Table("posyandu.Day", "id posyandu_id region_code day", opened_at=long_ago),
        "person": bulk.Table(
            "people.Person",
            "id full_name name_key sex birth_date region_code",
            registered_at=long_ago,
            resident=True,
            life="here",
        ),
        "participant": bulk.Table(
            "posyandu.Participant",
            "id posyandu_id region_code person_id opened_date",
            form="B",
            changed_at=long_ago,
        ),
        "examination": bulk.Table(
            "posyandu.Examination",
            "id participant_id person_id posyandu_id region_code day_id date values age_days age_months weight_g height_mm "
            "waz_m haz_m whz_m status two_t bgm results recorded_at",
            form="B",
            form_version="2023",
            bb_u="normal",
            tb_u="normal",
            bb_tb="normal",
        ),
        "coming": bulk.Table("posyandu.Coming", "id day_id participant_id number", came_at=at, step=6),
        "count": bulk.Table(
            "posyandu.MonthCount",
            f"id posyandu_id region_code month {' '.join(_COUNTED)} figures",
            counted_at=at,
        ),
    }


def _sign_in(name: str, role: str, desk_id: UUID, at: datetime) -> Client:
    """Somebody in a seat, with a second factor, and their browser."""
    user = account_actions.add_user(
        by=MACHINE,
        at=at,
        username=name,
        full_name=name,
        password="timbang-dan-catat-26",  # noqa: S106 - of invented people on a passing stage
        must_change=False,
    ).user
    seat = desk_actions.give_seat(by=MACHINE, at=at, user_id=user.id, desk_id=desk_id, role=role)
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(user, backend=BACKEND)
    session = browser.session
    session["seat"] = str(seat.id)
    session["account_authentication_methods"] = [{"method": "password"}, {"method": "mfa"}]
    session.save()
    return browser


# --- measuring ---------------------------------------------------------------------------------------------------------------


def _counted_months(at: datetime) -> float:
    """Count this month and the one before for the whole regency, as the worker does; seconds for one of them."""
    month = rules.first_of(at.date())
    begun = time.perf_counter()
    recap_actions.count_months(by=MACHINE, at=at, months=[month, rules.back(month, 1)])
    return (time.perf_counter() - begun) / 2


def _pages(stage: Stage) -> list[tuple[str, Client, str, tuple[str, ...], str]]:
    """What, who, address by its name, its keys, and the query."""
    cadre, manager = stage.cadre, stage.manager
    return [
        ("home of a posyandu", cadre, "desk_posyandu_one", (stage.posyandu,), ""),
        ("list of people", cadre, "desk_posyandu_people", (stage.posyandu,), ""),
        ("one person's card", cadre, "desk_posyandu_person", (stage.child,), ""),
        ("days of a posyandu", cadre, "desk_posyandu_days", (stage.posyandu,), ""),
        ("one day", cadre, "desk_posyandu_day", (stage.day,), ""),
        ("tasks", cadre, "desk_posyandu_tasks", (), ""),
        ("recap of a posyandu", cadre, "desk_posyandu_recap", (stage.posyandu,), ""),
        ("recap of a village", cadre, "desk_posyandu_recaps", (), ""),
        ("sheet of 46 columns", cadre, "desk_posyandu_columns", (), ""),
        ("dashboard of a posyandu", cadre, "desk_posyandu_figures", (), f"?posyandu={UUID(stage.posyandu)}"),
        ("who was missed, names", cadre, "desk_posyandu_figures_names", (), "?angka=missed"),
        ("list of posyandu, regency", manager, "desk_posyandu", (), ""),
        ("recap of the regency", manager, "desk_posyandu_recaps", (), ""),
        ("dashboard of the regency", manager, "desk_posyandu_figures", (), ""),
        ("trend of 36 months, regency", manager, "desk_posyandu_trend", (), "?bulan_lalu=36"),
    ]


def _measured(what: str, browser: Client, name: str, keys: tuple[str, ...], query: str) -> dict[str, Any]:
    """Times and queries of one page; nothing for a page that does not exist here."""
    try:
        path = reverse(name, args=[UUID(key) for key in keys]) + query
    except NoReverseMatch:
        return {}
    counter = _Counter()
    with connection.execute_wrapper(counter):
        first = browser.get(path)
    if first.status_code != 200:
        raise RuntimeError(f"{path}: answered {first.status_code}")
    counter.number, counter.seconds = 0, 0.0
    times: list[float] = []
    worked = time.process_time()
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        with connection.execute_wrapper(counter):
            browser.get(path)
        times.append(time.perf_counter() - begun)
        if sum(times) > 20:
            break
    worked = (time.process_time() - worked) * 1000 / len(times)
    p50, p95 = (report.percentile(times, share) * 1000 for share in (0.5, 0.95))
    return {
        "what": what,
        "p50_ms": round(p50, 1),
        "p95_ms": round(p95, 1),
        "cpu_ms": round(worked, 1),
        "queries": counter.number // len(times),
        "sql_ms": round(counter.seconds * 1000 / len(times), 1),
        "ratio": round(p50 / max(0.1, counter.seconds * 1000 / len(times)), 1),
        "within_aim": worked <= AIM_MS,
    }


class _Counter:
    """Counts queries and the time the database takes for them."""

    def __init__(self) -> None:
        self.number, self.seconds = 0, 0.0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.number += 1
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - begun


def _print(result: dict[str, Any]) -> None:
    print(
        f"{result['database']}; {result['machine']}; load {result['load_average']}; {result['posyandu']:,} posyandu, "
        f"{result['children']:,} children, {result['months']} months, built in {result['built_seconds']:.0f} s; "
        f"counting one month of the regency: {result['count_month_seconds']:.1f} s"
    )
    print(
        f"{'':34}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'SQL ms':>9}{'queries':>9}{'ratio':>7}   aim: CPU {AIM_MS:.0f} ms"
    )
    for row in result["rows"]:
        print(
            f"{row['what']:34}{row['p50_ms']:>9.1f}{row['p95_ms']:>9.1f}{row['cpu_ms']:>9.1f}{row['sql_ms']:>9.1f}{row['queries']:>9}{row['ratio']:>7.1f}"
            f"   {'ok' if row['within_aim'] else 'NO'}"
        )
    print(
        "CPU ms: the process's own time for one page. SQL ms: time in the database. ratio: the page to that."
    )
