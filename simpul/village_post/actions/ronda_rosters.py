"""Rosters of the night watch: made by the rule, published, withdrawn; nights swapped when both have agreed."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import ronda as access
from simpul.village_post.actions import _watch
from simpul.village_post.models import WatchDuty, Watcher, WatchPost, WatchRoster, WatchSwap
from simpul.village_post.queries import ronda as queries
from simpul.village_post.rules import ronda as rules


class NobodyTakesTurns(Refused):
    """A roster needs people."""

    code = "watchroster.nobody"
    sentence = _(
        "Nobody takes turns at this post yet. Add the people first; with groups, give everybody a group."
    )


class PeriodWrong(Refused):
    """A period that is turned round or too long."""

    code = "watchroster.period"
    sentence = _("Choose a first and a last night, at most 62 nights.")
    field = "ends_date"


class RosterThere(Refused):
    """A published roster covers some of these nights."""

    code = "watchroster.there"
    sentence = _("A published roster covers some of these nights. Withdraw it first, or begin after it.")
    field = "starts_date"


class RosterNotDraft(Refused):
    """Only a draft can be published."""

    code = "watchroster.not_draft"
    sentence = _("This roster is no draft any more. Load the page again.")


class SwapNotPossible(Refused):
    """The two nights cannot be exchanged."""

    code = "watchswap.not_possible"
    sentence = _(
        "These nights cannot be exchanged: somebody would keep watch twice that night, or two nights running. Choose another one."
    )


class SwapSettled(Refused):
    """A swap that was settled, or whose nights have gone."""

    code = "watchswap.settled"
    sentence = _("This swap is settled already, or one of its nights has changed. Ask for a new one.")


def make_watchroster(
    *,
    by: Actor,
    at: datetime,
    post_id: UUID,
    starts_date: date,
    ends_date: date,
    roster_id: UUID | None = None,
) -> WatchRoster:
    """Make a draft by the rule: fair, nobody two nights running, exemptions kept. A draft for the same nights is made anew.

    Nights of agreed swaps of such a draft stand. The same ``roster_id`` again gives the same roster.

    Raises:
        PeriodWrong, NobodyTakesTurns.
        RosterThere: nights of it are published already.
    """
    with transaction.atomic():
        post = access.post_for(by, post_id, lock=True)
        roles.require(by, "watchroster.make", access.place(post.region_code, by))
        known = _watch.again(WatchRoster, roster_id, post_id=post.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not 0 <= (ends_date - starts_date).days < rules.LONGEST_PERIOD:
            raise PeriodWrong
        over = post.rosters.filter(starts_date__lte=ends_date, ends_date__gte=starts_date)
        if over.filter(state="published").exists():
            raise RosterThere
        turns = queries.turns(post, starts_date)
        nights = rules.days(starts_date, ends_date)
        fixed = _fixed(over.filter(state="draft"))
        plan = (
            rules.plan_groups(nights, turns)
            if post.mode == "group"
            else rules.plan_persons(nights, turns, post.per_night, fixed)
        )
        if not any(plan.nights.values()):
            raise NobodyTakesTurns
        over.filter(state="draft").update(state="withdrawn", withdrawn_why="made anew")
        roster = _store(post, plan, (starts_date, ends_date), at, roster_id, fixed)
        _watch_line(
            by,
            at,
            "watchroster.make",
            roster,
            facts={"from": starts_date, "until": ends_date, "short": len(plan.short)},
        )
    return roster


def _fixed(drafts: QuerySet[WatchRoster]) -> dict[date, list[str]]:
    """Nights of drafts that were swapped by consent."""
    found: dict[date, list[str]] = defaultdict(list)
    for night, watcher in WatchDuty.objects.filter(roster__in=drafts, swapped=True).values_list(
        "night_date", "watcher_id"
    ):
        found[night].append(str(watcher))
    return dict(found)


def _store(
    post: WatchPost,
    plan: rules.Plan,
    period: tuple[date, date],
    at: datetime,
    roster_id: UUID | None,
    fixed: dict[date, list[str]],
) -> WatchRoster:
    roster = WatchRoster.objects.create(
        id=roster_id or uuid7(),
        post=post,
        starts_date=period[0],
        ends_date=period[1],
        per_night=post.per_night,
        mode=post.mode,
        short_nights=[night.isoformat() for night in plan.short],
        made_at=at,
    )
    WatchDuty.objects.bulk_create(
        WatchDuty(roster=roster, watcher_id=UUID(key), night_date=night, swapped=key in fixed.get(night, ()))
        for night, keys in plan.nights.items()
        for key in keys
    )
    return roster


def publish_watchroster(*, by: Actor, at: datetime, roster_id: UUID) -> None:
    """Publish a draft: from now on it says who keeps watch.

    Raises:
        RosterNotDraft, RosterThere.
    """
    with transaction.atomic():
        roster = _roster(by, "watchroster.publish", roster_id)
        if roster.state == "published":
            return
        if roster.state != "draft":
            raise RosterNotDraft
        over = WatchRoster.objects.filter(
            post=roster.post,
            state="published",
            starts_date__lte=roster.ends_date,
            ends_date__gte=roster.starts_date,
        )
        if over.exists():
            raise RosterThere
        roster.state, roster.published_at, roster.published_by = "published", at, by.name[:150]
        roster.save(update_fields=["state", "published_at", "published_by"])
        _watch_line(by, at, "watchroster.publish", roster)


def withdraw_watchroster(*, by: Actor, at: datetime, roster_id: UUID, why: str) -> None:
    """Withdraw a roster with a reason, so that another one can be made for its nights.

    Raises:
        _watch.WordMissing.
    """
    with transaction.atomic():
        roster = _roster(by, "watchroster.withdraw", roster_id)
        if roster.state == "withdrawn":
            return
        roster.state, roster.withdrawn_why = "withdrawn", _watch.words(why, field="why", most=200)
        roster.save(update_fields=["state", "withdrawn_why"])
        _watch_line(by, at, "watchroster.withdraw", roster, inputs={"why": roster.withdrawn_why})


# --- swaps ------------------------------------------------------------------------------------------------------------------------


def ask_watchswap(
    *,
    by: Actor,
    at: datetime,
    duty_id: UUID,
    other_id: UUID,
    other_duty_id: UUID | None = None,
    asked_by: str = "present",
    why: str = "",
    swap_id: UUID | None = None,
) -> WatchSwap:
    """Write down that somebody asks another to take over a night, in exchange for one of theirs or not. It counts once both have agreed.

    Raises:
        SwapNotPossible, _watch.ChoiceNotThere.
        SwapSettled: another swap of this night is still open.
    """
    with transaction.atomic():
        duty = _duty(duty_id)
        roster = _roster(by, "watchswap.ask", duty.roster_id)
        known = _watch.again(WatchSwap, swap_id, duty_id=duty.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        other = access.watcher_for(by, other_id)
        other_duty = _duty(other_duty_id) if other_duty_id else None
        if WatchSwap.objects.filter(duty=duty, state="asked").exists():
            raise SwapSettled
        _check_swap(roster, duty, other, other_duty)
        swap = WatchSwap.objects.create(
            id=swap_id or uuid7(),
            duty=duty,
            other=other,
            other_duty=other_duty,
            asked_by=_watch.chosen(asked_by, rules.ROADS),
            why=_watch.line_of(why, 200),
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        _watch_line(by, at, "watchswap.ask", roster, facts={"swap": str(swap.id), "night": duty.night_date})
    return swap


def agree_watchswap(*, by: Actor, at: datetime, swap_id: UUID, agreed_by: str) -> None:
    """Write down how the other one agreed: the nights change hands now.

    Raises:
        SwapSettled, SwapNotPossible, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        swap = _swap(swap_id)
        roster = _roster(by, "watchswap.agree", swap.duty.roster_id)
        if swap.state == "agreed":
            return
        if swap.state != "asked":
            raise SwapSettled
        _check_swap(roster, swap.duty, swap.other, swap.other_duty)
        swap.agreed_by = _watch.chosen(agreed_by, rules.ROADS)
        giver = swap.duty.watcher_id
        WatchDuty.objects.filter(id=swap.duty_id).update(watcher=swap.other_id, swapped=True)
        if swap.other_duty_id:
            WatchDuty.objects.filter(id=swap.other_duty_id).update(watcher=giver, swapped=True)
        swap.state, swap.settled_at = "agreed", at
        swap.save(update_fields=["state", "settled_at", "agreed_by"])
        _watch_line(
            by, at, "watchswap.agree", roster, facts={"swap": str(swap.id), "night": swap.duty.night_date}
        )


def refuse_watchswap(*, by: Actor, at: datetime, swap_id: UUID) -> None:
    """Write down that the other one refused, or that the one who asked let it go. The nights stay.

    Raises:
        SwapSettled: it was agreed already.
    """
    with transaction.atomic():
        swap = _swap(swap_id)
        roster = _roster(by, "watchswap.refuse", swap.duty.roster_id)
        if swap.state == "refused":
            return
        if swap.state != "asked":
            raise SwapSettled
        swap.state, swap.settled_at = "refused", at
        swap.save(update_fields=["state", "settled_at"])
        _watch_line(by, at, "watchswap.refuse", roster, facts={"swap": str(swap.id)})


def replace_watchduty(*, by: Actor, at: datetime, duty_id: UUID, watcher_id: UUID) -> None:
    """Put somebody else of the same post on a night: what the head of the watch decides when nobody can be asked.

    Raises:
        SwapNotPossible: they would keep watch twice that night, or two nights running.
    """
    with transaction.atomic():
        duty = _duty(duty_id)
        roster = _roster(by, "watchduty.replace", duty.roster_id)
        other = access.watcher_for(by, watcher_id)
        if other.id == duty.watcher_id:
            return
        _check_swap(roster, duty, other, None)
        WatchDuty.objects.filter(id=duty.id).update(watcher=other)
        WatchSwap.objects.filter(duty=duty, state="asked").update(state="refused", settled_at=at)
        facts = {"night": duty.night_date, "from": str(duty.watcher_id), "to": str(other.id)}
        _watch_line(by, at, "watchduty.replace", roster, facts=facts)


def _check_swap(roster: WatchRoster, duty: WatchDuty, other: Watcher, other_duty: WatchDuty | None) -> None:
    """Both of the same post and roster, and afterwards nobody twice in a night or two nights running."""
    same = other.post_id == roster.post_id and other.ended_at is None and other.id != duty.watcher_id
    if other_duty is not None:
        same = same and other_duty.roster_id == roster.id and other_duty.watcher_id == other.id
    if not same:
        raise SwapNotPossible
    after: dict[date, list[str]] = defaultdict(list)
    moved = {duty.id: other.id}
    if other_duty is not None:
        moved[other_duty.id] = duty.watcher_id
    for one in roster.duties.all():
        after[one.night_date].append(str(moved.get(one.id, one.watcher_id)))
    touched = {str(other.id), str(duty.watcher_id)} if other_duty else {str(other.id)}
    twice = any(keys.count(key) > 1 for keys in after.values() for key in touched)
    if twice or (roster.mode == "person" and {key for key, _night in rules.running(after)} & touched):
        raise SwapNotPossible


def _roster(by: Actor, act: str, roster_id: UUID) -> WatchRoster:
    """Lock the roster and ask for permission."""
    roster = access.roster_for(by, roster_id, lock=True)
    roles.require(by, act, access.place(roster.post.region_code, by))
    return roster


def _duty(duty_id: UUID) -> WatchDuty:
    found = WatchDuty.objects.filter(id=duty_id).select_related("watcher").first()
    if found is None:
        raise NotFound
    return found


def _swap(swap_id: UUID) -> WatchSwap:
    found = (
        WatchSwap.objects.filter(id=swap_id)
        .select_related("duty", "other", "other_duty", "duty__watcher")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _watch_line(by: Actor, at: datetime, kind: str, roster: WatchRoster, **more: object) -> None:
    _watch.line(by, at, kind, ("watch_roster", roster.id), roster.post.region_code, **more)  # type: ignore[arg-type]
