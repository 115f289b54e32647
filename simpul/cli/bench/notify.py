"""A queue of notices drained through a real local gateway of the kind "http", beside the two updates that each of them needs at least.

Every notice is claimed, checked against the safe-contact rule and the quiet hours, handed over by HTTP, and noted with its line in
the journal. The bare side does none of that: it marks the same rows as being sent and as sent, by the driver's cursor alone.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from simpul.cli.bench import bulk, plain_sql
from simpul.cli.bench.pages import Bench
from simpul.cli.bench.report import Row
from simpul.desks import queries as desk_queries
from simpul.jobs import turns
from simpul.lib.actor import MACHINE
from simpul.messages import actions
from simpul.messages import queries as message_queries
from simpul.messages.queries import gateways as gateway_queries
from simpul.people import actions as people_actions

CODE = "bench-sms-sink"
BARE = 2000
"""So many of the notices are also marked by bare updates."""


class _Sink(BaseHTTPRequestHandler):
    """A gateway that takes everything and gives it a number."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take one message."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = json.dumps({"id": uuid4().hex}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def _sink() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Sink)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/send"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def notify(bench: Bench) -> list[Row]:
    """The whole queue, by one worker, in the turns that the schedule takes."""
    noon = timezone.now().replace(hour=4, minute=0, second=0, microsecond=0)  # 12.00 in Mamuju: nobody sleeps
    with _sink() as address:
        gateway_id = _gateway(address)
        try:
            bare_times, bare_elapsed = _bare(noon, min(BARE, bench.size))
            statements = _statements(noon)
            ids = _queue(noon, bench.size)
            times, elapsed = _drain(noon)
        finally:
            actions.change_gateway(by=MACHINE, at=noon, gateway_id=gateway_id, changes={"is_active": False})
    left = message_queries.outbox(noon + timedelta(hours=1)).count("queued", "sms")
    note = f"{len(times):,} of {len(ids):,} sent" + (f", {left:,} LEFT" if left else "")
    return [
        Row("notices: from the queue to the gateway", "", 1, times, elapsed, bare_times, statements, note),
        Row("two bare updates a notice", "", 1, bare_times, bare_elapsed, [], 2, ""),
    ]


def _gateway(address: str) -> Any:
    profile = {
        "trust": "none",
        "networks": ["127.0.0.1/32"],
        "send_url": address,
        "send_body": "json",
        "send_fields": {"to": "{to}", "text": "{text}"},
        "sent_id": "id",
    }
    known = next((way for way in gateway_queries.gateways(active=False) if way.code == CODE), None)
    if known is not None:
        changes = {"is_active": True, "settings": {"profile": profile}}
        actions.change_gateway(by=MACHINE, at=timezone.now(), gateway_id=known.id, changes=changes)
        return known.id
    desk = desk_queries.desks_visible(MACHINE).open().order_by("code")[0]
    return actions.add_gateway(
        by=MACHINE,
        at=timezone.now(),
        code=CODE,
        kind="http",
        name="SMS",
        desk_id=desk.id,
        region_code=desk.region_code,
        settings={"profile": profile},
    ).id


def _queue(at: datetime, size: int) -> list[str]:
    """As many notices as asked for: the first by the act, the others as copies of its row."""
    village = next(iter(desk_queries.desks_visible(MACHINE).open().values_list("region_code", flat=True)))
    person = people_actions.register_person(
        by=MACHINE, at=at, full_name="Warga Contoh", region_code=village
    ).person
    people_actions.add_contact(
        by=MACHINE, at=at, person_id=person.id, channel="phone", as_typed="+6281234567890", safe_to_write=True
    )
    first = actions.queue_message(
        by=MACHINE,
        at=at,
        subject_kind="bench",
        subject_id=uuid4(),
        once_key=f"bench-{uuid4()}",
        text_key="answer",
        values={"number": "SPL-2611-00047-K", "answer": "Bantuan sudah diserahkan.", "desk": "Pokja"},
        person_id=person.id,
        region_code=village,
    )
    if first is None or first.road != "sms":
        raise RuntimeError("the notice found no way to the sink")
    same = {field.attname: getattr(first, field.attname) for field in first._meta.concrete_fields}
    table = bulk.Table(
        "simpul_messages.Message",
        "id once_key",
        **{name: value for name, value in same.items() if name not in ("id", "once_key")},
    )
    ids = [uuid4().hex for _number in range(size - 1)]
    for start in range(0, len(ids), bulk.BATCH):
        for key in ids[start : start + bulk.BATCH]:
            table.add(key, f"bench-{key}")
        table.flush()
    return [first.id.hex, *ids]


def _drain(at: datetime) -> tuple[list[float], float]:
    """Turn after turn until nothing is due; the seconds of each notice, and of all."""
    times: list[float] = []
    begun = time.perf_counter()
    while found := message_queries.due(at, turns.LIMIT):
        sent = 0
        for message_id in found:
            start = time.perf_counter()
            sent += actions.deliver_message(by=MACHINE, at=at, message_id=message_id) == "sent"
            times.append(time.perf_counter() - start)
        if not sent:
            break
    return times, time.perf_counter() - begun


def _statements(at: datetime) -> int:
    _queue(at, 1)
    with plain_sql.recording() as recorded:
        actions.deliver_message(by=MACHINE, at=at, message_id=message_queries.due(at, 1)[0])
    return recorded.count


def _bare(at: datetime, size: int) -> tuple[list[float], float]:
    """The least that sending needs in the table: mark a row as being sent, then as sent, each for itself."""
    ids = _queue(at, size)
    times: list[float] = []
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for key in ids:
            start = time.perf_counter()
            cursor.execute(
                "UPDATE simpul_messages_message SET state = 'sending', claimed_at = %s WHERE id = %s AND state = 'queued'",
                [at, key],
            )
            cursor.execute(
                "UPDATE simpul_messages_message SET state = 'sent', sent_at = %s, claimed_at = NULL WHERE id = %s",
                [at, key],
            )
            times.append(time.perf_counter() - start)
    return times, time.perf_counter() - begun
