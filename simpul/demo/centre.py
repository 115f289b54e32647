"""What Mamuju's call centre does besides conversations: the telephone, a stack of papers, notices, partners' programs; and a flood."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from simpul.cases.actions import stacks, suspending
from simpul.demo import roads
from simpul.demo.acts import from_mamuju
from simpul.demo.roads import Centre
from simpul.demo.stage import Stage, Story, read
from simpul.exchange import actions as exchange_actions
from simpul.lib import media
from simpul.messages import actions as message_actions
from simpul.messages.queries import mass as mass_queries
from simpul.regions import actions as region_actions

_MINUTE = timedelta(minutes=1)


def tell(centre: Centre, last: datetime) -> None:
    """Calls, papers, a notice by every road, and the keys of two programs."""
    told = read("roads")
    for row in told["calls"]:
        _call(centre, row, last)
    _stack(centre, told["stack"])
    _notice(centre, told["notice"], centre.stage.ago(2, 15, 10))
    _partner(centre.stage, told["partner"])


def _call(centre: Centre, row: dict[str, Any], last: datetime) -> None:
    at = roads.moment(centre.stage, last, row["when"])
    ended_at = at + row["minutes"] * _MINUTE
    if ended_at > last:
        return
    due_at = last + row["promise"] * _MINUTE if "promise" in row else None
    message_actions.log_call(
        by=centre.stage.who(row["by"]),
        at=ended_at,
        number=row.get("number", ""),
        is_withheld="number" not in row,
        started_at=at,
        ended_at=ended_at,
        gateway_id=centre.gateways[row["road"]].id,
        language=row.get("language", "id"),
        caller_name=row.get("name", ""),
        notes=row.get("notes", ""),
        outcome=row["outcome"],
        callback_due_at=due_at if due_at is None or due_at > ended_at else ended_at + _MINUTE,
        callback_why=row.get("why", ""),
    )


def _stack(centre: Centre, row: dict[str, Any]) -> None:
    """A stack that is being typed in: five sheets are done, and it is still open."""
    stage, by = centre.stage, centre.stage.who("admin2.mamuju")
    came, at = stage.ago(row["days"], 8, 45), stage.ago(1, 10, 0)
    stack = stacks.open_stack(
        by=by,
        at=at,
        region_code=row["region"],
        kind_code=row["kind"],
        title=row["title"],
        written_date=came.date() - timedelta(days=4),
        received_at=came,
        brought_by=row["brought_by"],
    )
    for place, (number, name, words, phone) in enumerate(row["sheets"]):
        photos: tuple[media.CleanFile, ...] = (stage.photos["lamp"],) if place == 0 else ()
        stacks.enter_sheet(
            by=by,
            at=at + (place + 1) * 3 * _MINUTE,
            stack_id=stack.id,
            text_given=words,
            number=number,
            name=name,
            phone=phone,
            hamlet_id=stage.hamlets[row["region"]][place % 3].id,
            clean_files=photos,
        )
        stage.cases += 1


def _notice(centre: Centre, row: dict[str, Any], at: datetime) -> None:
    """Sent by the road that is safe for each, delivered, and on paper for the others."""
    message_actions.send_notice(
        by=centre.stage.who("manajer.mamuju"),
        at=at,
        region_code=row["region"],
        title=row["title"],
        body=row["body"],
        decided_by=row["decided_by"],
    )
    for left in roads.deliver(centre, at + _MINUTE):
        roads.report(centre, left, at + 2 * _MINUTE, "delivered")


def _partner(stage: Stage, row: dict[str, Any]) -> None:
    """Keys of two programs and an address for events. The address rests: a sample tells nobody anything."""
    by, at = stage.who("pengelola"), stage.ago(8, 13, 0)
    exchange_actions.issue_token(
        by=by,
        at=at,
        name=row["name"],
        scopes=["cases.read", "cases.write", "feed.read"],
        desk_id=stage.desk(row["desk"]),
    )
    exchange_actions.issue_token(
        by=by, at=at + _MINUTE, name=row["reporter"], scopes=["requests.write"], jurisdictions=["7602"]
    )
    added = exchange_actions.add_subscription(
        by=by,
        at=at + 5 * _MINUTE,
        desk_id=stage.desk(row["desk"]),
        url=row["url"],
        events=["case.refer", "case.recall"],
    )
    exchange_actions.change_subscription(
        by=by, at=at + 6 * _MINUTE, subscription_id=added.subscription.id, active=False
    )


def flood(stage: Stage) -> Story:
    """A flood in one village: declared, its clocks stopped, everybody told on paper, and ended by a second decision."""
    row, by = read("roads")["emergency"], stage.who("manajer.mamuju")
    at = yield stage.nights_ago(50, 10, 5)
    bridge = from_mamuju(
        stage,
        at,
        "complaint",
        row["earlier_title"],
        row["earlier"],
        "phone",
        "Muh. Aswad",
        region=row["region"],
        answers={"sector": "roads"},
    )
    bridge.claim(at + 20 * _MINUTE, "admin.mamuju")
    at = yield stage.nights_ago(47, 6, 20)
    emergency = region_actions.declare_emergency(
        by=by,
        at=at,
        region_code=row["region"],
        name=row["name"],
        decision_number=row["decision"],
        decision_date=at.date(),
        decided_by=row["decided_by"],
        phones="0812-0000-7602",
        words=row["words"],
        suspends_clocks=True,
    )
    if emergency.suspension_id is not None:
        suspending.suspend_clocks(by=by, at=at + _MINUTE, suspension_id=emergency.suspension_id)
    at = yield stage.nights_ago(47, 6, 55)
    notice = message_actions.send_notice(
        by=by,
        at=at,
        region_code=row["region"],
        title=row["title"],
        body=row["body"],
        decided_by=row["decided_by"],
        urgent=True,
    )
    at = yield stage.nights_ago(47, 11, 30)
    for hamlet in mass_queries.hamlets(by, notice.id):
        message_actions.tell_notice(
            by=by,
            at=at,
            notice_id=notice.id,
            region_code=hamlet.region_code,
            hamlet_name=hamlet.name,
            told_by="Ketua RT (rekaan)",
        )
    at = yield stage.nights_ago(41, 9, 0)
    region_actions.end_emergency(by=by, at=at, emergency_id=emergency.id, decision=row["end"])
    at = yield stage.nights_ago(37, 9, 30)
    bridge.answer(at, "admin.mamuju", row["answer"], "upheld")
