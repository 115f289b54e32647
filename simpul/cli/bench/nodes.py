"""Village laptops that all come back at one moment, after an outage: how long until each is drained, and whether anything was lost.

Every node has its village, its own seat, and a day's work of fifty households in its journal; all say hello at once, push, and ask for the
tables of their village (compared by sums, as they have them already). One server on the loopback answers them, without its worker. A node
alone on an idle server is the measure beside which the crowd stands. ``--cases`` is the number of nodes (20 when left out; 500 as the issue
asks).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from simpul.accounts import actions as account_actions
from simpul.cli.bench import report, server, stage
from simpul.cli.bench.sync import CODES, records
from simpul.cli.bench.sync_client import Client
from simpul.desks import actions as desk_actions
from simpul.desks import queries as desk_queries
from simpul.lib import mirror as mirror_lib
from simpul.lib import sealing
from simpul.lib.actor import MACHINE
from simpul.lib.keys import ring
from simpul.sync.actions import enrolling, judging, opening
from simpul.sync.queries import mirror, waiting
from simpul.sync.queries import nodes as node_queries
from simpul.sync.rules import segments

NODES = 20
EVENTS = 50
MOST_AT_ONCE = 64
"""Connections that are open at one moment: laptops beyond it wait for the network, as they do behind one router."""
PATIENCE = 900.0


@dataclass
class Node:
    """One laptop: its way to the server, the work it holds, what it has of the tables."""

    client: Client
    village: str
    seat: UUID
    work: list[segments.Envelope] = field(default_factory=list)
    sums: dict[str, list[str]] = field(default_factory=dict)
    mark: str = ""
    took: float = 0.0
    tries: int = 0
    fault: str = ""


def run(args: argparse.Namespace) -> int:
    """Measure and print; 1 when something was lost or the server could not be measured."""
    count = (args.cases or [NODES])[0]
    print(f"nodes: the stage for {count} laptops ...", file=sys.stderr, flush=True)
    staged = stage.build(100)
    try:
        served = server.start()
    except server.NotServedError as fault:
        print(f"This could not be measured: {fault}", file=sys.stderr)
        return 1
    try:
        villages = sorted(staged.villages)
        seats = {code: _seat(code) for code in villages[: min(count, len(villages))]}
        chosen = list(seats)
        alone = _node(served.port, chosen[0], seats[chosen[0]], 0)
        _drain(alone)
        crowd = [
            _node(served.port, code, seats[code], number)
            for number in range(1, count + 1)
            for code in [chosen[number % len(chosen)]]
        ]
        print(f"nodes: {count} laptops come back ...", file=sys.stderr, flush=True)
        elapsed = _all_at_once(crowd)
        judged = _judge([alone, *crowd])
        part = _figures(alone, crowd, elapsed, judged)
    finally:
        served.stop()
    print(json.dumps(part) if args.json else _table(part))
    return 1 if part["lost"] or part["not_drained"] else 0


def _seat(village: str) -> UUID:
    """A desk in the village with a facilitator, as the laptop's users."""
    at = timezone.now()
    known = desk_queries.by_code(f"bench-{village}")
    if known is not None:
        return desk_queries.seats_at(MACHINE, known.id, at)[0].id
    desk = desk_actions.open_desk(
        by=MACHINE, at=at, code=f"bench-{village}", name=f"Desa {village}", kind="village_office", level="village",
        region_code=village,
    )  # fmt: skip
    user = account_actions.add_user(
        by=MACHINE, at=at, username=f"bench.{village}", full_name=f"Petugas {village}"
    )
    return desk_actions.give_seat(
        by=MACHINE, at=at, user_id=user.user.id, desk_id=desk.id, role="facilitator"
    ).id


def _node(port: int, village: str, seat: UUID, number: int) -> Node:
    """Let a laptop in, copy its tables, and let its people work for a day."""
    at = timezone.now()
    client = Client(port)
    code = enrolling.invite_device(
        by=MACHINE,
        at=at,
        kind="node",
        desk_id=node_queries.desk_of(seat),
        areas=[village],
        label=f"Laptop {number}",
    ).code
    device = enrolling.enrol_device(
        by=MACHINE, at=at, code=code, algorithm=sealing.ED25519,
        sign_public=client.sign.public_key().public_bytes_raw(), seal_public=sealing.public_of(client.seal),
    )  # fmt: skip
    client.device, client.server = device.id, ring().seal_public()
    node = Node(client, village, seat)
    client.hello()
    _mirror(node)
    rows = [
        {
            **{name: value for name, value in row.items() if name.removeprefix("f.") not in CODES},
            node_queries.SEAT: str(seat),
        }
        for row in records(EVENTS, village, seed=number)
    ]
    node.work = client.write("household.open/1", rows)
    client.connection = None
    return node


def _mirror(node: Node) -> int:
    """Ask for what differs of the tables; the bytes that came."""
    said = json.dumps({"mark": node.mark, "scope_version": 1, "sums": node.sums}).encode()
    head = {"Authorization": f"Simpul {node.client.token}", "Content-Type": "application/json"}
    answer = node.client.ask("POST", "mirror", said, head)
    if answer.status != 200:
        raise OSError(f"mirror: {answer.status}")
    told = json.loads(zlib.decompress(sealing.unseal(node.client.seal, answer.body, b"simpul-mirror"), -15))
    for name, part in told["tables"].items():
        digests = {key: mirror_lib.digest(row) for key, row in zip(part["k"], part["r"], strict=True)}
        node.sums[name] = mirror_lib.sums(digests, mirror.groups_for(len(digests)))
    node.mark = told["mark"]
    return len(answer.body)


def _drain(node: Node) -> None:
    """Hello, push, tables; again after a pause when the server is busy."""
    began = time.perf_counter()
    chance = random.Random(node.client.epoch)  # noqa: S311 - a pause
    while True:
        try:
            node.client.hello(EVENTS)
            node.client.push(node.work)
            _mirror(node)
            break
        except (OSError, ValueError, KeyError) as fault:
            node.tries += 1
            node.fault = str(fault)[:120]
            if time.perf_counter() - began > PATIENCE:
                return
            time.sleep(min(60.0, 2.0**node.tries) * chance.uniform(0.8, 1.2))
    node.took, node.fault = time.perf_counter() - began, ""


def _all_at_once(crowd: Sequence[Node]) -> float:
    """Everybody begins at one moment; seconds until the last one is drained. Waiting for a connection counts."""
    gate, room = threading.Event(), threading.Semaphore(MOST_AT_ONCE)
    began = 0.0

    def back(node: Node) -> None:
        gate.wait()
        with room:
            _drain(node)
        node.took = time.perf_counter() - began if not node.fault else 0.0

    threads = [threading.Thread(target=back, args=(node,), daemon=True) for node in crowd]
    for thread in threads:
        thread.start()
    began = time.perf_counter()
    gate.set()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _judge(nodes: Sequence[Node]) -> float:
    """Seconds of the server's own work that was left for its worker."""
    began = time.perf_counter()
    at = timezone.now()
    while waiting.to_open():
        if not opening.open_envelopes(by=MACHINE, at=at).envelopes:
            break
    for node in nodes:
        while judging.judge_events(by=MACHINE, at=at, device_id=node.client.device):
            pass
    return time.perf_counter() - began


def _figures(alone: Node, crowd: Sequence[Node], elapsed: float, judged: float) -> dict[str, Any]:
    took = sorted(node.took for node in crowd if not node.fault)
    states = node_queries.states_of([node.client.device for node in (alone, *crowd)])
    wanted = EVENTS * (len(crowd) + 1)
    p95 = report.percentile(took, 0.95) if took else 0.0
    return {
        "bench": "nodes",
        "machine": report.machine(),
        "load_average": report.load_average(),
        "nodes": len(crowd),
        "events": EVENTS * len(crowd),
        "drain_seconds": elapsed,
        "events_per_second": EVENTS * len(crowd) / elapsed if elapsed else 0.0,
        "alone_seconds": alone.took,
        "p50_seconds": report.percentile(took, 0.5) if took else 0.0,
        "p95_seconds": p95,
        "p95_times_alone": p95 / alone.took if alone.took else 0.0,
        "one_after_another_seconds": alone.took * len(crowd),
        "times_faster_than_one_after_another": alone.took * len(crowd) / elapsed if elapsed else 0.0,
        "judged_afterwards_seconds": judged,
        "tries_again": sum(node.tries for node in crowd),
        "not_drained": sum(bool(node.fault) for node in crowd),
        "states": states,
        "lost": wanted - sum(states.values()),
    }


def _table(part: dict[str, Any]) -> str:
    one = {name: round(value, 1) if isinstance(value, float) else value for name, value in part.items()}
    return "\n".join(
        [
            "{nodes} laptops, {events:,} entries, after an outage ({machine}, load {load_average})".format(
                **one
            ),
            "  all drained after  {drain_seconds:8.1f} s   {events_per_second:,.0f} entries a second".format(
                **one
            ),
            "  a laptop: p50      {p50_seconds:8.1f} s".format(**one),
            "  a laptop: p95      {p95_seconds:8.1f} s   {p95_times_alone} times one alone ({alone_seconds} s)".format(
                **one
            ),
            "  one by one         {one_after_another_seconds:8.1f} s   the crowd is {times_faster} times faster".format(
                times_faster=one["times_faster_than_one_after_another"], **one
            ),
            "  left for the worker{judged_afterwards_seconds:8.1f} s".format(**one),
            "  tried again {tries_again}, not drained {not_drained}, lost {lost}; {states}".format(**one),
        ]
    )
