"""Does the service do its work: worker, messages, routes, desks, seats, calendar?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.utils.translation import gettext as _

from simpul import roles
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries import reservations
from simpul.cli.doctor.finding import Finding, bad, ok, warn
from simpul.desks import queries as desk_queries
from simpul.jobs import worker
from simpul.lib.actor import MACHINE
from simpul.lib.spool import Spool
from simpul.messages import queries as message_queries
from simpul.regions import queries as region_queries
from simpul.sync.queries import bundles as bundle_queries
from simpul.sync.queries import upward as upward_queries

WAITED = timedelta(hours=24)
SPOOL_OLD = timedelta(minutes=10)
MOST_NAMES = 5
SILENT = timedelta(days=7)
FEW_NUMBERS = 20


def queue(at: datetime) -> Iterator[Finding]:
    """The worker's heart, piece by piece."""
    beats = worker.health(at)
    late = [beat for beat in beats if beat.late]
    failing = [beat for beat in beats if beat.error and not beat.late]
    if len(late) == len(beats):
        yield warn(
            "worker",
            _("The worker does not run: nothing is sent, sealed or escalated."),
            _("Start `simpul serve` or `simpul work`."),
        )
        return
    for beat in late:
        said = {"name": beat.name, "error": beat.error or "-"}
        yield warn(
            "worker",
            _("The work %(name)s has not been done for too long (last fault: %(error)s).") % said,
            _("Look into the log of the worker."),
        )
    for beat in failing:
        yield warn(
            "worker",
            _("The work %(name)s fails in part: %(error)s.") % {"name": beat.name, "error": beat.error},
            _("Look into the log of the worker."),
        )
    if not late and not failing:
        yield ok("worker", _("The worker does its work in time."))


def messages(at: datetime) -> Iterator[Finding]:
    """Do people get what is to be told to them?"""
    outbox = message_queries.outbox(at)
    failed = outbox.count("failed")
    oldest = outbox.oldest_waiting_at
    stuck = oldest is not None and at - oldest > WAITED
    if outbox.late or stuck:
        yield warn(
            "messages",
            _("%(count)s messages are stuck in the queue.") % {"count": max(outbox.late, 1)},
            _("Check the network and the mail settings in installation.json, and that the worker runs."),
        )
    if failed:
        yield warn(
            "messages",
            _("%(count)s messages could not be delivered.") % {"count": failed},
            _("Tell these people by another road: the list is on the officers' page for messages."),
        )
    if not (outbox.late or stuck or failed):
        yield ok("messages", _("No message is stuck."))


def spool(at: datetime) -> Iterator[Finding]:
    """Deliveries that wait outside the database, and those a person must look at."""
    kept = Spool(settings.SIMPUL_SPOOL)
    waiting, aside, oldest = kept.length(), kept.laid_aside(), kept.oldest_at()
    age = timedelta() if oldest is None else at - datetime.fromtimestamp(oldest, UTC)
    said = {"count": waiting, "minutes": max(0, int(age.total_seconds() // 60))}
    if waiting and age > SPOOL_OLD:
        yield warn(
            "spool",
            _("%(count)s deliveries wait in the spool, the oldest for %(minutes)s minutes.") % said,
            _(
                "They are safe. They are read in when the database answers and the worker runs: see docs/operations/no-loss.md."
            ),
        )
    if aside:
        yield warn(
            "spool",
            _("%(count)s records of the spool are damaged or not ours and were laid aside.")
            % {"count": aside},
            _("Look at them in %(path)s: see docs/operations/no-loss.md.") % {"path": kept.root / "aside"},
        )
    if not (aside or (waiting and age > SPOOL_OLD)):
        yield ok("spool", _("No delivery waits outside the database for long."))


def routes(_at: datetime) -> Iterator[Finding]:
    """Every kind leads somewhere, and sealed matters have their own desk."""
    loose = kind_queries.kinds_without_route()
    if loose:
        names = ", ".join(kind.code for kind in loose[:MOST_NAMES]) + (
            ", ..." if len(loose) > MOST_NAMES else ""
        )
        yield warn(
            "routes",
            _("%(count)s kinds of matter have no route: %(names)s.") % {"count": len(loose), "names": names},
            _("Set their routes under /kelola/."),
        )
    else:
        yield ok("routes", _("Every kind of matter has a route."))
    if not any(desk.protected for desk in desk_queries.desks_visible(MACHINE).open()):
        yield warn(
            "desks",
            _("No desk is named for protected matters (violence, children)."),
            _("Open one under /kelola/ and seat a focal point there."),
        )


def seats(at: datetime) -> Iterator[Finding]:
    """Somebody sits at every desk, and those who must have a second factor have one."""
    taken = desk_queries.seats_visible(MACHINE, at)
    staffed = {seat.desk_id for seat in taken}
    linked = {state.link.desk_id for state in desk_queries.links(MACHINE, at) if state.state == "open"}
    empty = [
        desk.name
        for desk in desk_queries.desks_visible(MACHINE).open().filter(outside=False).order_by("name")
        if desk.id not in staffed | linked
    ]
    if empty:
        names = ", ".join(empty[:MOST_NAMES]) + (", ..." if len(empty) > MOST_NAMES else "")
        yield warn(
            "seats",
            _("Nobody sits at %(count)s desks: %(names)s.") % {"count": len(empty), "names": names},
            _("Give seats under /kelola/, or close the desks."),
        )
    weak = {
        seat.user.username
        for seat in taken
        if seat.role in roles.ROLES and roles.ROLES[seat.role].strong and not is_mfa_enabled(seat.user)
    }
    if weak:
        names = ", ".join(sorted(weak)[:MOST_NAMES]) + (", ..." if len(weak) > MOST_NAMES else "")
        yield warn(
            "seats",
            _("%(count)s people need a second factor and have none yet: %(names)s.")
            % {"count": len(weak), "names": names},
            _("Let them sign in at /akun/ and set it up; until then they can do nothing."),
        )
    if not any(seat.role == "administrator" for seat in taken):
        yield bad(
            "seats",
            _("Nobody sits in the administrator's seat."),
            _("Restore a copy in which somebody does, or ask for help: nobody can give seats now."),
        )
    elif not empty and not weak:
        yield ok("seats", _("Every desk has its people."))


def calendar(at: datetime) -> Iterator[Finding]:
    """Is the joint leave known of every year that clocks run into?"""
    years = region_queries.years_without_joint_leave(at.date())
    if years:
        said = {"years": ", ".join(str(year) for year in years)}
        yield warn(
            "calendar",
            _("The joint leave (cuti bersama) of %(years)s is not known, so deadlines may be too early.")
            % said,
            _("Add it under /kelola/ from the joint decree of the ministers."),
        )
    else:
        yield ok("calendar", _("Holidays and joint leave are known."))


def node(at: datetime) -> Iterator[Finding]:
    """A village laptop: has it spoken with the server above, and can it still hand numbers out?"""
    parent = bundle_queries.parent()
    if parent is None:
        return
    waiting = bundle_queries.waiting()
    said = {"own": waiting.own_events + upward_queries.unsent(parent), "others": waiting.others}
    if parent.fault == "locked":
        yield bad(
            "node",
            _("The server above has locked this laptop."),
            _("Ask your supervisor; what was done before is kept there."),
        )
    elif parent.talked_at is None or parent.talked_at < at - SILENT:
        yield warn(
            "node",
            _("No contact with the server above for a week; %(own)s entries and %(others)s envelopes wait.")
            % said,
            _("Take the laptop to where there is a signal, or carry a bundle: `simpul bundle export`."),
        )
    else:
        yield ok(
            "node",
            _("The server above was reached; %(own)s entries and %(others)s envelopes wait.") % said,
        )
    if reservations.held_here() < FEW_NUMBERS:
        yield warn(
            "node",
            _("Only %(n)s case numbers of the server above are left.") % {"n": reservations.held_here()},
            _("They are filled up with the next contact."),
        )
