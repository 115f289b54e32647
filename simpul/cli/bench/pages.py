"""What is measured: the pages of the inbox and the portal, and the roads by which a matter is taken in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from simpul.accounts import queries as account_queries
from simpul.cases import access
from simpul.cases.actions import intake
from simpul.cases.queries import inbox as inbox_queries
from simpul.cases.queries import publishing as publishing_queries
from simpul.cases.queries import receipts as receipt_queries
from simpul.cli.bench import plain_sql, server, stage, words
from simpul.cli.bench.report import Row
from simpul.desks import queries as desk_queries
from simpul.lib.actor import ANYBODY, Actor

AT_ONCE = (1, 4, 16)
READERS = (1, 4)
STORY = "Lampu jalan di dusun kami padam sejak sebulan lalu, tolong segera diperbaiki karena anak-anak pulang mengaji malam hari."


@dataclass
class Bench:
    """A running server on a stage."""

    staged: stage.Staged
    served: server.Server
    seconds: float
    size: int = 0  # of the queue of notices

    @property
    def village(self) -> str:
        """A village of the officer's regency."""
        return next(iter(self.staged.villages))


# --- reading ----------------------------------------------------------------------------------------------------------


def inbox(bench: Bench) -> list[Row]:
    """List, search, case and dashboard, as an officer and a manager see them."""
    officer, manager = (
        server.sign_in(bench.served, stage.OFFICER),
        server.sign_in(bench.served, stage.MANAGER),
    )
    home, found = reverse("desk_inbox"), _words()
    cases = [reverse("desk_case", args=[key]) + "?view=turn" for key in _case_keys()]
    searches = [f"{reverse('desk_search')}?q={quote(text)}" for text in found]
    return [
        *_read(bench, "list: my turn", "list", [f"{home}?view=turn"], officer),
        *_read(bench, "list: late", "list", [f"{home}?view=late"], officer),
        *_read(bench, "list: everything in the area", "list", [f"{home}?view=all"], officer),
        *_read(
            bench,
            "list: one village, newest first",
            "list",
            [f"{home}?view=all&region={bench.village}&order=new"],
            officer,
        ),
        *_read(bench, "search", "search", searches, officer),
        *_read(bench, "case", "case", cases, officer),
        *_read(bench, "dashboard", "dashboard", [reverse("desk_watch")], manager),
    ]


def portal(bench: Bench) -> list[Row]:
    """What residents read."""
    slugs = [row.slug for row in publishing_queries.feed(100)]
    found = [f"{reverse('answers')}?cari={quote(text)}" for text in _words()]
    return [
        *_read(bench, "front page", "", ["/"], {}),
        *_read(bench, "answers", "", [reverse("answers")], {}),
        *_read(bench, "answers, searched", "", found, {}),
        *_read(bench, "one answer", "", [reverse("answer", args=[slug]) for slug in slugs], {}),
        *_read(bench, "services", "", [reverse("services")], {}),
        *_read(bench, "one service", "", [reverse("service", args=["complaint"])], {}),
        *_read(bench, "figures", "", [reverse("figures")], {}),
        *_follow(bench),
    ]


def _read(bench: Bench, what: str, page: str, paths: Sequence[str], cookies: dict[str, str]) -> list[Row]:
    if not paths:
        return []
    recorded = _recorded(paths[0], cookies)
    plain = plain_sql.replay(recorded, min(1.0, bench.seconds))
    rows = []
    for clients in READERS:
        job = {
            "scenario": "read",
            "clients": clients,
            "seconds": bench.seconds,
            "paths": list(paths),
            "cookies": cookies,
        }
        found = server.run(bench.served, job)
        rows.append(
            Row(
                what,
                page,
                clients,
                found.times,
                found.elapsed,
                plain if clients == 1 else [],
                recorded.count,
                cpu_ms=found.extra.get("cpu_ms"),
            )
        )
    return rows


def _follow(bench: Bench) -> list[Row]:
    """Number and PIN, then the matter."""
    officer = _actor(stage.OFFICER)
    seen = (
        access.visible(officer)
        .filter(receipt_index="")
        .order_by("-received_at")
        .values_list("number", "id", "visit_id")[:100]
    )
    receipts = [(number, receipt_queries.derive(key, visit, secret=False).pin) for number, key, visit in seen]
    rows = []
    for clients in READERS:
        job = {
            "scenario": "follow",
            "clients": clients,
            "seconds": bench.seconds,
            "path": reverse("follow"),
            "receipts": receipts,
        }
        found = server.run(bench.served, job)
        rows.append(Row("follow: number and PIN, then the page", "", clients, found.times, found.elapsed))
    return rows


def _recorded(path: str, cookies: dict[str, str]) -> plain_sql.Recording:
    """The statements of one page, asked for inside this process; the second time, when what is kept is kept."""
    browser = _inside(cookies)
    browser.get(path)
    with plain_sql.recording() as found:
        answer = browser.get(path)
    if answer.status_code != 200:
        raise server.NotServedError(f"GET {path}: {answer.status_code}")
    return found


def _inside(cookies: dict[str, str]) -> Client:
    browser = Client(HTTP_HOST="127.0.0.1")
    for name, value in cookies.items():
        browser.cookies[name] = value
    return browser


def _words() -> list[str]:
    """Words people search for: frequent, middling, rare, and two together, all of which occur."""
    known = words.COMMON
    rare = [row.title.split()[-1] for row in publishing_queries.feed(12)]
    return [*known[::13], *(f"{known[place]} {known[place * 3 + 1]}" for place in range(1, 25, 3)), *rare]


def _case_keys() -> list[UUID]:
    """Cases of every kind of page: of the officer's turn, and older ones."""
    officer, at = _actor(stage.OFFICER), timezone.now()
    turn = [row.id for row in inbox_queries.inbox(officer, inbox_queries.Filters(), at).rows]
    older = (
        access.visible(officer)
        .filter(is_open=False)
        .order_by("received_at")
        .values_list("id", flat=True)[:50]
    )
    return [*turn, *older]


def _actor(username: str) -> Actor:
    actor = desk_queries.actor_for(
        account_queries.by_username(username), None, strong=True, at=timezone.now()
    )
    if actor is None:
        raise server.NotServedError(f"{username} has no seat")
    return actor


# --- taking in --------------------------------------------------------------------------------------------------------


def intake_roads(bench: Bench) -> list[Row]:
    """The act itself, the public form's last button, the whole public form, and the counter's page."""
    return [_act(bench), *_public(bench), *_counter(bench)]


def _act(bench: Bench) -> Row:
    """``open_case`` inside this process: no HTTP, no form, no page."""

    def once() -> None:
        intake.open_case(
            by=ANYBODY, at=timezone.now(), kind_code="complaint", text_given=STORY, region_code=bench.village, channel="web",
            reporter=intake.PersonGiven(name="Nurhayati", phone="0812-4455-6677"),
        )  # fmt: skip

    once()
    with plain_sql.recording() as recorded:
        once()
    plain = plain_sql.replay(recorded, min(2.0, bench.seconds))  # before more numbers are given
    times, elapsed = _timed(once, bench.seconds)
    return Row(
        "the act alone (open_case, no HTTP)",
        "",
        1,
        times,
        elapsed,
        plain,
        recorded.count,
    )


def _timed(once: Callable[[], None], seconds: float) -> tuple[list[float], float]:
    times: list[float] = []
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        started = time.perf_counter()
        once()
        times.append(time.perf_counter() - started)
    return times, time.perf_counter() - begun


def _public(bench: Bench) -> list[Row]:
    job = _report_job(bench)
    recorded = _recorded_report(job)
    plain = plain_sql.replay(recorded, min(2.0, bench.seconds))
    rows, walks = [], []
    for clients in AT_ONCE:
        drafts = max(2, min(400, int(bench.seconds * 60)) // clients)
        found = server.run(
            bench.served,
            {**job, "scenario": "send", "clients": clients, "seconds": bench.seconds, "drafts": drafts},
        )
        rows.append(
            Row(
                "public form, last button",
                "intake",
                clients,
                found.times,
                found.elapsed,
                plain if clients == 1 else [],
                recorded.count,
            )
        )
        extra = found.extra
        walks.append(f"{clients}: {1000 * extra['walk_seconds'] / extra['walk_pages']:.0f} ms a page")
    rows[
        0
    ].note = f"{extra['walk_pages'] / extra['walks']:.0f} pages before it; by clients {', '.join(walks)}"
    return rows


def _report_job(bench: Bench) -> dict[str, Any]:
    """A complaint with words, village, the kind's questions left open, and a name with a phone."""
    person = {"mode": "self", "name": "Nurhayati", "phone": "0812-4455-6677", "owner": "own", "safe": "both"}
    return {
        "start": f"{reverse('report_story')}?jenis=complaint",
        "pages": [
            (reverse("report_story"), {"jenis": "complaint", "text": STORY}),
            (reverse("report_place"), {"region": bench.village, "place": "Dusun Satu"}),
            (reverse("report_details"), {}),
            (reverse("report_person"), person),
        ],
        "last": reverse("report_check"),
        "receipt": "/lapor/terima-kasih/",
    }


def _recorded_report(job: dict[str, Any]) -> plain_sql.Recording:
    for _turn in range(2):
        browser = _inside({})
        browser.get(job["start"])
        for path, values in job["pages"]:
            browser.post(path, values, follow=True)
        with plain_sql.recording() as found:
            answer = browser.post(job["last"])
        if job["receipt"] not in answer.headers.get("Location", ""):
            raise server.NotServedError(
                f"POST {job['last']}: {answer.status_code} {answer.headers.get('Location', '')}"
            )
    return found


def _counter(bench: Bench) -> list[Row]:
    cookies = server.sign_in(bench.served, stage.OFFICER)
    values = {
        "channel": "desk", "text": STORY, "kind_code": "complaint", "region": bench.village, "urgency": "normal", "mode": "self",
        "name": "Nurhayati", "phone": "0812-4455-6677", "owner": "own", "safe": "both", "step": "open",
    }  # fmt: skip
    path = reverse("desk_intake")
    recorded = _recorded_counter(path, values, cookies)
    plain = plain_sql.replay(recorded, min(2.0, bench.seconds))
    rows = []
    for clients in AT_ONCE:
        job = {
            "scenario": "counter",
            "clients": clients,
            "seconds": bench.seconds,
            "path": path,
            "values": values,
            "cookies": cookies,
        }
        found = server.run(bench.served, job)
        rows.append(
            Row(
                "counter page",
                "intake",
                clients,
                found.times,
                found.elapsed,
                plain if clients == 1 else [],
                recorded.count,
                cpu_ms=found.extra.get("cpu_ms"),
            )
        )
    return rows


def _recorded_counter(path: str, values: dict[str, str], cookies: dict[str, str]) -> plain_sql.Recording:
    browser = _inside({name: value for name, value in cookies.items() if name != settings.CSRF_COOKIE_NAME})
    for turn in range(2):
        keys = {"case_id": str(UUID(int=turn + 1)), "visit_id": str(UUID(int=turn + 101))}
        with plain_sql.recording() as found:
            answer = browser.post(path, {**values, **keys})
        if answer.status_code != 302:
            raise server.NotServedError(f"POST {path}: {answer.status_code}")
    return found
