"""The periodic work of an installation: what runs, how often, and what one failing item does to the others (nothing).

Each piece of work is claimed by compare-and-set in the journal's turns, so that it runs once however many workers there
are; a claim of a worker that died is taken over after ``stale_after``. Every item inside is an act of its own, asked for by
the machine, and harmless when it is asked twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from simpul.cases.actions import escalation as case_escalation
from simpul.cases.actions import handling as case_handling
from simpul.cases.actions import hearing as case_hearing
from simpul.cases.actions import reminding as case_reminders
from simpul.cases.actions import tiers as case_tiers
from simpul.cases.queries import clocks as case_clocks
from simpul.cases.queries import following as case_following
from simpul.cases.queries import reminding as case_reminding
from simpul.cases.queries import tiers as case_tier_queries
from simpul.exchange import actions as exchange_actions
from simpul.exchange import queries as exchange_queries
from simpul.jobs import (
    ideas,
    importing,
    inviting,
    letters,
    listening,
    mediating,
    nodes,
    packing,
    posting,
    posyandu,
    posyandu_counts,
    queries,
    shipping,
    spooled,
    syncing,
    upkeeping,
)
from simpul.jobs.turns import LIMIT, Outcome, Stopwatch, Work, each
from simpul.journal import actions as journal_actions
from simpul.lib import files
from simpul.lib.actor import MACHINE
from simpul.messages import actions as message_actions
from simpul.messages import queries as message_queries
from simpul.messages.queries import conversations as conversation_queries
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.queries import incoming as incoming_queries
from simpul.messages.queries import reconciliation as reconciliation_queries
from simpul.outreach import actions as outreach_actions
from simpul.outreach.queries import checks as check_queries
from simpul.people.actions import imports as import_actions
from simpul.people.actions import matching as people_matching
from simpul.posyandu.queries import exchange as health_exchange
from simpul.programmes.actions import screenings as screening_actions
from simpul.programmes.queries import runs as run_queries
from simpul.regions import actions as region_actions
from simpul.regions import queries as region_queries

logger = logging.getLogger(__name__)

DRAFTS_LAST = timedelta(days=1)
"""How long the files of a report wait for being sent."""

GUESSES_ALARM = 200
"""Wrong tries of receipts within an hour, over all numbers and addresses: more than any regency mistypes."""

IDLE = timedelta(minutes=1)
"""How often work that asks whether anything waits takes a turn all the same: so that its heart is heard, without a write
every few seconds."""

RETRY = timedelta(minutes=5)
"""How soon work that failed is tried again when its own period is longer."""


def deliver_due(at: datetime) -> Outcome:
    """Send what is due. A road that is down is left alone until the next turn, so that nothing piles up on its return."""
    watch = Stopwatch(at)
    down: set[str] = set()

    def deliver(message_id: UUID) -> None:
        road = message_queries.road_of(message_id)
        if road in down:
            return
        result = message_actions.deliver_message(by=MACHINE, at=watch.now(), message_id=message_id)
        if result == "unreachable":
            down.add(road)

    outcome = each("deliver", message_queries.due(at, LIMIT), deliver, watch)
    if down and not outcome.error:
        outcome.error = f"unreachable: {', '.join(sorted(down))}"
    return outcome


def take_back(at: datetime) -> Outcome:
    """Let what providers report as not delivered take its next safe road."""
    watch = Stopwatch(at)
    return each(
        "bounce",
        message_queries.came_back(LIMIT),
        lambda id_: message_actions.bounce_message(by=MACHINE, at=watch.now(), message_id=id_),
        watch,
    )


def remind_quiet(at: datetime) -> Outcome:
    """Remind people of questions that wait for them, and ask them how our answer was: each once."""
    watch = Stopwatch(at)
    reminded = each(
        "remind",
        case_reminding.questions_to_remind(at, LIMIT),
        lambda id_: case_reminders.remind_question(by=MACHINE, at=watch.now(), question_id=id_),
        watch,
    )
    asked = each(
        "rating",
        case_reminding.ratings_to_ask(at, LIMIT),
        lambda id_: case_reminders.ask_rating(by=MACHINE, at=watch.now(), case_id=id_),
        watch,
    )
    return Outcome(reminded.done + asked.done, reminded.failed + asked.failed, reminded.error or asked.error)


def pass_on_silent(at: datetime) -> Outcome:
    """Let the next desk be asked where one stayed silent, or have it proposed; done before silence is raised to the desk above."""
    return each(
        "silence",
        case_tier_queries.silent_clocks(at, LIMIT),
        lambda id_: case_tiers.note_silence(by=MACHINE, at=at, clock_id=id_),
        Stopwatch(at),
    )


def escalate_silent(at: datetime) -> Outcome:
    """Show every late turn to the next desk above the silent one: one level at a time."""
    ids = list(case_clocks.overdue(at, LIMIT))
    return each(
        "escalate",
        ids,
        lambda id_: case_escalation.escalate_case(by=MACHINE, at=at, clock_id=id_),
        Stopwatch(at),
    )


def finish_quiet(at: datetime) -> Outcome:
    """Close answered matters whose reaction time passed in silence."""
    ids = list(case_clocks.finished_reactions(at, LIMIT))
    return each(
        "finish", ids, lambda id_: case_handling.finish_case(by=MACHINE, at=at, case_id=id_), Stopwatch(at)
    )


def seal_journal(at: datetime) -> Outcome:
    """Freeze the lines that no seal covers yet."""
    sealed = journal_actions.seal_journal(by=MACHINE, at=at)
    return Outcome(done=0 if sealed is None else 1)


def expire_messages(at: datetime) -> Outcome:
    """Let messages whose time has passed go unsent."""
    return Outcome(done=message_actions.expire_messages(by=MACHINE, at=at))


def forget_left(at: datetime) -> Outcome:
    """Forget what nobody came back for: old sessions and exchanges, and the files of reports that were never sent."""
    SessionStore.clear_expired()
    exchange_actions.forget_exchanges(by=MACHINE, at=at)
    return Outcome(
        done=files.sweep_folders(settings.SIMPUL_DRAFTS, older_than_seconds=DRAFTS_LAST.total_seconds())
    )


def watch_guessing(at: datetime) -> Outcome:
    """The global alarm: guessing spread over many numbers and addresses trips no single lock, but the sum shows it."""
    wrong = case_following.wrong_tries(at - timedelta(hours=1))
    if wrong >= GUESSES_ALARM:
        logger.warning(
            "Somebody may be guessing receipts: %s wrong tries within the hour. See docs/operations.", wrong
        )
        return Outcome(done=wrong, error=f"{wrong} wrong tries of receipts within the hour")
    return Outcome()


def screen_areas(at: datetime) -> Outcome:
    """Do the screenings of areas that officers asked for."""
    watch = Stopwatch(at)

    def screen(run: UUID) -> None:
        screening_actions.run_screening(by=MACHINE, at=watch.now(), run_id=run)

    return each("screen", run_queries.waiting(at), screen, watch)


def learn_shapes(_at: datetime) -> Outcome:
    """Let SQLite look at the shape of its tables again, so that it keeps choosing the right index as they grow.

    PostgreSQL does so by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize=0x10002")
    return Outcome(done=1)


def watch_holidays(at: datetime) -> Outcome:
    """Load this and the next year's holidays when they are not there, and say when joint leave should be known and is not."""
    outcome = Outcome()
    for year in (at.year, at.year + 1):
        if not region_queries.holidays_in(year, withdrawn=True).exists():
            region_actions.load_holidays(by=MACHINE, at=at, year=year)
            outcome.done += 1
    for year in region_queries.years_without_joint_leave(at.date()):
        logger.warning("The joint leave (cuti bersama) of %s is not known. Add it under /kelola/.", year)
    return outcome


def read_spool(at: datetime) -> Outcome:
    """Put into the database what came while it could not be asked."""
    done, aside = spooled.read_in(at)
    error = f"{aside} records of the spool were laid aside: see docs/operations/no-loss.md" if aside else ""
    return Outcome(done=done, failed=aside, error=error)


def poll_gateways(at: datetime) -> Outcome:
    """Ask the modems what they have, and see that somebody listens to every message centre."""
    watch = Stopwatch(at)
    listening.LISTENERS.ensure(at)
    return each(
        "poll",
        gateway_queries.polled(),
        lambda id_: message_actions.poll_gateway(by=MACHINE, at=watch.now(), gateway_id=id_),
        watch,
    )


def poll_mailboxes(at: datetime) -> Outcome:
    """Fetch the unseen mail of every mailbox."""
    watch = Stopwatch(at)
    return each(
        "mail",
        gateway_queries.mailboxes(),
        lambda id_: message_actions.poll_gateway(by=MACHINE, at=watch.now(), gateway_id=id_),
        watch,
    )


def read_deliveries(at: datetime) -> Outcome:
    """Make messages, statuses and signs of life out of what was delivered."""
    watch = Stopwatch(at)
    return each(
        "read",
        incoming_queries.deliveries_due(at, LIMIT),
        lambda id_: message_actions.read_delivery(by=MACHINE, at=watch.now(), delivery_id=id_),
        watch,
    )


def hear_new(at: datetime) -> Outcome:
    """Look at what came in: protected, a command, a reply; everything else goes before a person. Parts that never came do too."""
    watch = Stopwatch(at)
    return each(
        "hear",
        incoming_queries.to_hear(at, LIMIT),
        lambda id_: case_hearing.hear_incoming(by=MACHINE, at=watch.now(), incoming_id=id_),
        watch,
    )


def bring_files(at: datetime) -> Outcome:
    """Bring files that were fetched after their message was heard to the matter it belongs to."""
    watch = Stopwatch(at)
    return each(
        "bring",
        conversation_queries.to_carry(LIMIT),
        lambda id_: case_hearing.bring_files(by=MACHINE, at=watch.now(), incoming_id=id_),
        watch,
    )


def fetch_files(at: datetime) -> Outcome:
    """Fetch the files of messages. A provider that does not answer is left alone until the next turn."""
    watch = Stopwatch(at)
    down: set[UUID | None] = set()

    def fetch(file_id: UUID) -> None:
        gateway_id = incoming_queries.gateway_of_file(file_id)
        if gateway_id in down:
            return
        if message_actions.fetch_file(by=MACHINE, at=watch.now(), file_id=file_id) == "unreachable":
            down.add(gateway_id)

    return each("fetch", incoming_queries.files_due(at, LIMIT), fetch, watch)


def dispatch_events(at: datetime) -> Outcome:
    """Tell other programs what was sealed, and try again what is due; a receiver that fails is left alone until the next turn."""
    watch = Stopwatch(at)
    exchange_actions.gather_dispatches(by=MACHINE, at=at)
    receivers = dict(exchange_queries.dispatches_due(at, LIMIT))
    down: set[UUID] = set()

    def send(dispatch_id: UUID) -> None:
        receiver = receivers[dispatch_id]
        if receiver in down:
            return
        result = exchange_actions.send_dispatch(by=MACHINE, at=watch.now(), dispatch_id=dispatch_id)
        if result in ("waiting", "dead"):
            down.add(receiver)

    return each("dispatch", receivers, send, watch)


def reconcile(at: datetime) -> Outcome:
    """Compare the books of the last two days: what gateways handed over, the raw store, and what became of it."""
    found = reconciliation_queries.day(at - timedelta(days=2), at, at)
    told = [f"{one.code}: {one.count}" for one in found.differences]
    if told:
        logger.warning("The books do not agree (%s): see /kelola/rekonsiliasi/.", ", ".join(told))
    return Outcome(done=1)


def forget_pins(at: datetime) -> Outcome:
    """Take the PINs out of receipts that went out by message."""
    return Outcome(done=message_actions.forget_pins(by=MACHINE, at=at))


def move_lists(at: datetime) -> Outcome:
    """Go on with the lists that are being tried or taken in; one whose worker died is taken up where it stood."""
    return _counted(*importing.turn(at))


def do_sync(at: datetime) -> Outcome:
    """Go on with what devices sent."""
    return _counted(*syncing.turn(at))


def _counted(done: int, faults: Iterable[Exception]) -> Outcome:
    outcome = Outcome(done=done)
    for fault in faults:
        outcome.note(fault)
    return outcome


def rematch_names(at: datetime) -> Outcome:
    """Match again the persons of a verification whose names did not fit the register: it may have been put right since."""
    outreach_actions.rematch_verifications(by=MACHINE, at=at, limit=LIMIT)
    return Outcome()


def compare_arrivals(at: datetime) -> Outcome:
    """Look whether who moved in stands in the register of another area already; a person who serves both decides."""
    return Outcome(done=people_matching.compare_arrivals(by=MACHINE, at=at))


def forget_lists(at: datetime) -> Outcome:
    """Delete the files of lists whose time is over."""
    return Outcome(done=import_actions.forget_batches(by=MACHINE, at=at))


SCHEDULE: tuple[Work, ...] = (
    Work("spool", timedelta(seconds=2), read_spool, waits=spooled.waits),
    Work(
        "read",
        timedelta(seconds=2),
        read_deliveries,
        waits=lambda at: bool(incoming_queries.deliveries_due(at, 1)),
    ),
    Work("hear", timedelta(seconds=2), hear_new, waits=lambda at: bool(incoming_queries.to_hear(at, 1))),
    Work(
        "bring", timedelta(seconds=10), bring_files, waits=lambda _at: bool(conversation_queries.to_carry(1))
    ),
    Work(
        "fetch",
        timedelta(seconds=5),
        fetch_files,
        stale_after=timedelta(minutes=10),
        waits=lambda at: bool(incoming_queries.files_due(at, 1)),
    ),
    Work("mail", timedelta(seconds=60), poll_mailboxes, waits=lambda _at: bool(gateway_queries.mailboxes())),
    Work("poll", timedelta(seconds=5), poll_gateways, waits=lambda _at: gateway_queries.any_to_ask()),
    Work("deliver", timedelta(seconds=10), deliver_due),
    Work("bounce", timedelta(seconds=30), take_back),
    Work("lists", timedelta(seconds=2), move_lists, waits=importing.waits),
    Work("remind", timedelta(hours=1), remind_quiet),
    Work("seal", timedelta(seconds=60), seal_journal),
    Work("dispatch", timedelta(seconds=5), dispatch_events, waits=exchange_queries.anything_to_tell),
    Work("silence", timedelta(minutes=5), pass_on_silent),
    Work("escalate", timedelta(minutes=5), escalate_silent),
    Work("finish", timedelta(hours=1), finish_quiet),
    Work("guessing", timedelta(minutes=5), watch_guessing),
    Work("forget", timedelta(hours=1), forget_left),
    Work("pins", timedelta(hours=1), forget_pins),
    Work("lists-end", timedelta(days=1), forget_lists),
    Work("expire", timedelta(hours=1), expire_messages),
    Work("holidays", timedelta(days=1), watch_holidays),
    Work("reconcile", timedelta(days=1), reconcile),
    Work(
        "screen",
        timedelta(seconds=5),
        screen_areas,
        stale_after=timedelta(minutes=15),
        waits=lambda at: bool(run_queries.waiting(at)),
    ),
    Work("sync", timedelta(seconds=2), do_sync, waits=syncing.waits),
    Work(
        "parent",
        timedelta(minutes=2),
        lambda at: Outcome(done=nodes.speak(at)),
        stale_after=timedelta(minutes=30),
        waits=nodes.is_due,
    ),
    Work("letters", timedelta(minutes=1), lambda at: Outcome(done=syncing.write_letters(at))),
    Work("questions", timedelta(minutes=10), lambda at: Outcome(done=syncing.tidy_questions(at))),
    Work("erasures", timedelta(minutes=10), lambda at: Outcome(done=syncing.order_erasures(at))),
    Work("packs", timedelta(minutes=10), packing.build, stale_after=timedelta(minutes=20)),
    Work("shapes", timedelta(days=1), learn_shapes),
    Work("wishes", timedelta(hours=1), lambda at: Outcome(done=upkeeping.warn_wishes(at))),
    Work("destroy", timedelta(minutes=10), lambda at: Outcome(done=upkeeping.destroy_old(at))),
    Work("arrivals", timedelta(hours=1), compare_arrivals),
    Work("obligations", timedelta(hours=6), mediating.remind),
    Work("posyandu-days", timedelta(hours=1), inviting.tell),
    Work(
        "health-shipments",
        timedelta(seconds=30),
        shipping.ship,
        waits=lambda at: bool(health_exchange.waiting(at, 1)),
    ),
    Work("posyandu", timedelta(days=1), posyandu.follow_up, stale_after=timedelta(minutes=15)),
    Work("posyandu-months", timedelta(hours=6), posyandu_counts.count, stale_after=timedelta(minutes=30)),
    Work("letters-end", timedelta(hours=6), letters.remind),
    Work("letter-photos", timedelta(days=1), letters.drop_photos),
    Work("guests", timedelta(hours=6), posting.sweep_guests),
    Work("idea-codes", timedelta(hours=6), ideas.sweep_codes),
    Work("box", timedelta(days=1), posting.destroy_reports),
    Work("rematch", timedelta(days=1), rematch_names, waits=lambda _at: bool(check_queries.to_rematch(1))),
)


def run_due(at: datetime, schedule: tuple[Work, ...] = SCHEDULE) -> list[str]:
    """Run every piece of work that is due and that nobody else is at; returns the names of those that ran."""
    names = queries.due_names(at, (work.name for work in schedule))
    names -= _without_work(at, [work for work in schedule if work.name in names and work.waits])
    return [work.name for work in schedule if work.name in names and _run(work, at)]


def _without_work(at: datetime, asked: list[Work]) -> set[str]:
    """Names that are due and have nothing to do, until it is time to show that they live."""
    resting = {work.name for work in asked if work.waits is not None and not work.waits(at)}
    return resting - queries.due_names(at - IDLE, resting) if resting else resting


def _run(work: Work, at: datetime) -> bool:
    watch = Stopwatch(at)
    if not journal_actions.claim_turn(by=MACHINE, at=at, name=work.name, stale_after=work.stale_after):
        return False
    try:
        outcome = work.run(at)
    except Exception as fault:
        logger.exception("Periodic work %s failed", work.name)
        outcome = Outcome()
        outcome.note(fault)
    wait = min(work.every, RETRY) if outcome.error else work.every
    ended_at = watch.now()
    journal_actions.finish_turn(
        by=MACHINE, at=ended_at, name=work.name, next_at=max(at + wait, ended_at), error=outcome.error
    )
    return True
