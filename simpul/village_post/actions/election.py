"""The election box: keys and stages, taking sealed reports in, and what the supervisor does with them.

The server seals only where a browser cannot, and keeps nothing it has sealed. It never holds a key that opens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from simpul import roles
from simpul.cases.queries import receipts as receipt_queries
from simpul.journal import actions as journal_actions
from simpul.lib import sealing, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries
from simpul.village_post.access import election as access
from simpul.village_post.actions import _box, _post
from simpul.village_post.models import Keeper, Report, Stage
from simpul.village_post.queries import election as queries
from simpul.village_post.rules import election as rules


class KeyThere(Refused):
    """One key for one supervisor."""

    code = "keeper.there"
    sentence = _(
        "You have a key already. Retire it first; what is sealed to it stays readable with its passphrase."
    )


class KeyWrong(Refused):
    """What came is no key."""

    code = "keeper.wrong"
    sentence = _("The key could not be made in this browser. Try another browser, or a newer one.")


class StageUnknown(Refused):
    """A stage has a place, a name, days and a supervisor."""

    code = "stage.unknown"
    sentence = _(
        "Give the stage a name, a place of your area, a first and a last day, and a supervisor with a key."
    )
    field = "name"


class StageOver(Refused):
    """It was closed."""

    code = "stage.closed"
    sentence = _("This stage is closed. Open a new one if another stage begins.")


class ReportsOpen(Refused):
    """Everything has an outcome before a stage is closed."""

    code = "stage.reports_open"
    sentence = _("%(number)s reports of this stage have no outcome yet. Decide or forward them first.")


def enrol_keeper(
    *,
    by: Actor,
    at: datetime,
    public: bytes,
    wrapped: bytes,
    salt: bytes,
    turns: int,
    keeper_id: UUID | None = None,
) -> Keeper:
    """Keep the key a supervisor has made in their own browser: its public half, and its private half under their passphrase.

    Raises:
        KeyThere: this seat has one.
        KeyWrong: no point of the curve, too weak a wrapping.
        NotAllowed.
    """
    roles.require(by, "keeper.enrol", roles.Place(by.region_code))
    if by.seat_id is None:
        raise NotFound
    try:
        sealing.check_public(sealing.P256, public)
    except sealing.KeyUnreadable:
        raise KeyWrong from None
    if turns < rules.TURNS or len(salt) < 16 or not 60 <= len(wrapped) <= 1000:
        raise KeyWrong
    with transaction.atomic():
        known = Keeper.objects.filter(id=keeper_id, seat_id=by.seat_id).first() if keeper_id else None
        if known is not None:
            return known
        if Keeper.objects.filter(seat_id=by.seat_id, retired_at=None).exists():
            raise KeyThere
        keeper = Keeper.objects.create(
            id=keeper_id or uuid7(),
            seat_id=by.seat_id,
            name=by.name[:150],
            region_code=by.region_code,
            public=public,
            wrapped=wrapped,
            salt=salt,
            turns=turns,
            made_at=at,
        )
        _post.line(by, at, "keeper.enrol", "keeper", keeper, facts={"key": sealing.key_id(public)})
    return keeper


def retire_keeper(*, by: Actor, at: datetime, keeper_id: UUID) -> None:
    """Take no more reports with this key. What is sealed to it stays, and stays readable with its passphrase.

    Stages that use it stay open with the old key until they get another. Retiring it again changes nothing.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        keeper = access.own_keeper(by, keeper_id)
        roles.require(by, "keeper.retire", roles.Place(keeper.region_code))
        if not Keeper.objects.filter(id=keeper.id, retired_at=None).update(retired_at=at):
            return
        _post.line(by, at, "keeper.retire", "keeper", keeper)


def open_stage(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    name: str,
    kind: str,
    from_date: date,
    to_date: date,
    keeper_id: UUID,
    days: Mapping[str, tuple[int, str]] | None = None,
    stage_id: UUID | None = None,
) -> Stage:
    """Open the box for a stage. Its days are kept with it, so that a rule changed later moves no promise.

    Raises:
        StageUnknown: no such place, kind, days or supervisor.
        NotAllowed.
    """
    roles.require(by, "stage.open", roles.Place(region_code))
    with transaction.atomic():
        known = Stage.objects.filter(id=stage_id).first() if stage_id else None
        if known is not None:
            return access.stage_for(by, known.id)
        keeper = access.keepers(by).filter(id=keeper_id).first()
        clean = text.clean_line(name)[:120]
        fits = all(
            1 <= n <= 60 and unit in (rules.WORKING, rules.CALENDAR) for n, unit in (days or {}).values()
        )
        if region_queries.find_region(region_code) is None:
            raise StageUnknown(field="region_code")
        if keeper is None or not region_code.startswith(keeper.region_code):
            raise StageUnknown(field="keeper")
        if from_date > to_date or not fits:
            raise StageUnknown(field="to_date")
        if kind not in rules.KINDS or len(clean) < 3:
            raise StageUnknown
        stage = Stage.objects.create(
            id=stage_id or uuid7(),
            region_code=region_code,
            name=clean,
            kind=kind,
            from_date=from_date,
            to_date=to_date,
            keeper=keeper,
            clocks=rules.clocks_of(kind, days).plain(),
            opened_at=at,
            opened_by=by.name[:150],
        )
        facts = {"name": clean, "kind": kind, "from": from_date.isoformat(), "to": to_date.isoformat()}
        _post.line(by, at, "stage.open", "stage", stage, facts=facts)
    return stage


def extend_stage(*, by: Actor, at: datetime, stage_id: UUID, from_date: date, to_date: date) -> None:
    """Change the first and last day of an open stage.

    Raises:
        StageOver, StageUnknown, NotFound, NotAllowed.
    """
    with transaction.atomic():
        stage = access.stage_for(by, stage_id, lock=True)
        roles.require(by, "stage.extend", access.place_of(stage))
        if stage.closed_at is not None:
            raise StageOver
        if from_date > to_date:
            raise StageUnknown(field="to_date")
        stage.from_date, stage.to_date = from_date, to_date
        stage.save(update_fields=["from_date", "to_date"])
        facts = {"from": from_date.isoformat(), "to": to_date.isoformat()}
        _post.line(by, at, "stage.extend", "stage", stage, facts=facts)


def close_stage(*, by: Actor, at: datetime, stage_id: UUID, words: str = "") -> None:
    """Close the box of a stage when every report has its outcome. Closing again changes nothing.

    Raises:
        ReportsOpen, NotFound, NotAllowed.
    """
    with transaction.atomic():
        stage = access.stage_for(by, stage_id, lock=True)
        roles.require(by, "stage.close", access.place_of(stage))
        if stage.closed_at is not None:
            return
        left = stage.reports.exclude(state__in=("decided", "forwarded")).count()
        if left:
            raise ReportsOpen(number=left)
        stage.closed_at, stage.closing_words = at, text.clean_line(words)[:500]
        stage.save(update_fields=["closed_at", "closing_words"])
        _post.line(by, at, "stage.close", "stage", stage, facts={"reports": stage.reports.count()})


@sensitive_variables("form")
def file_report(
    *,
    by: Actor,
    at: datetime,
    stage_id: UUID,
    known_date: date,
    sealed: bytes = b"",
    form: Mapping[str, str] | None = None,
    kind: str = "report",
    report_id: UUID | None = None,
) -> _box.Filed:
    """Put a report into the box: sealed by the browser (``sealed``), or sealed here and now (``form``), which is then forgotten.

    A report that comes after its time is taken in all the same, and marked. The same ``report_id`` again gives the same receipt.

    Raises:
        _box.BoxShut: the stage takes no reports today.
        _box.FormIncomplete, _box.SealWrong, _box.DateWrong.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        stage = access.stage_for(by, stage_id, lock=True)
        roles.require(by, "report.file", _box.place(by, stage))
        known = Report.objects.filter(id=report_id, stage=stage).first() if report_id else None
        if known is not None:
            return _box.Filed(known, queries.receipt_of(known))
        if not queries.is_open(stage, at):
            raise _box.BoxShut
        keeper = stage.keeper
        kind = "finding" if kind == "finding" and by.role == "election_supervisor" else "report"
        _box.check_date(known_date, queries.today(stage.region_code, at))
        content = _box.sealed(sealed, form, bytes(keeper.public), stage.id)
        new_id = report_id or uuid7()
        receipt = receipt_queries.derive(new_id, None, secret=True).receipt16
        last = Report.objects.filter(stage=stage).aggregate(last=Max("number"))["last"] or 0
        last_day = queries.file_by(stage, kind, known_date)
        report = Report.objects.create(
            id=new_id,
            stage=stage,
            keeper=keeper,
            region_code=_box.village(by, stage),
            number=last + 1,
            receipt_index=receipt_queries.receipt_index(receipt),
            kind=kind,
            way="web" if by.is_public else "desk",
            sealed=content,
            sealed_by="browser" if sealed else "server",
            known_date=known_date,
            filed_at=at,
            file_by_date=last_day,
            in_time=queries.today(stage.region_code, at) <= last_day,
        )
        _box.step(by, at, report, "filed")
        facts = {"number": report.number, "way": report.way, "sealed_by": report.sealed_by}
        _post.line(by, at, "report.file", "report", report, facts=facts)
    return _box.Filed(report, receipt)


def receive_report(*, by: Actor, at: datetime, report_id: UUID) -> None:
    """The supervisor has it. Receiving again changes nothing.

    Raises:
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        report = access.report_for(by, report_id, lock=True)
        roles.require(by, "report.receive", access.place_of(report))
        if report.received_at is not None:
            return
        _box.begin(report, "report.receive")
        report.state, report.received_at = "received", at
        report.save(update_fields=["state", "received_at"])
        _box.step(by, at, report, "received")
        _post.line(by, at, "report.receive", "report", report)


def register_report(
    *, by: Actor, at: datetime, report_id: UUID, category: str, register_number: str = ""
) -> None:
    """Register it: from now the days of the follow-up run (art. 454).

    Raises:
        _box.MoveRefused: it was not received yet, or has been registered.
        _post.WordsMissing: no such category.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        report = access.report_for(by, report_id, lock=True)
        roles.require(by, "report.register", access.place_of(report))
        _box.begin(report, "report.register")
        if category not in rules.CATEGORIES:
            raise _post.WordsMissing(field="category")
        report.state, report.registered_at, report.category = "registered", at, category
        report.register_number = text.clean_line(register_number)[:60]
        report.due_date = queries.follow_until(
            report.stage, queries.today(report.region_code, at), longer=False
        )
        report.save()
        _box.step(by, at, report, "registered")
        _post.line(
            by, at, "report.register", "report", report, facts={"category": category, "due": report.due_date}
        )


def ask_statements(*, by: Actor, at: datetime, report_id: UUID) -> None:
    """Further statements are needed: 14 working days since registration (art. 454), whenever this is said.

    Raises:
        _box.MoveRefused, NotFound, NotAllowed.
    """
    with transaction.atomic():
        report = access.report_for(by, report_id, lock=True)
        roles.require(by, "statements.ask", access.place_of(report))
        _box.begin(report, "statements.ask")
        registered = report.registered_at or at
        report.state, report.asked_at = "asking", at
        report.due_date = queries.follow_until(
            report.stage, queries.today(report.region_code, registered), longer=True
        )
        report.save()
        _box.step(by, at, report, "asking")
        _post.line(by, at, "statements.ask", "report", report, facts={"due": report.due_date})


def decide_report(*, by: Actor, at: datetime, report_id: UUID, outcome: str, answer: str) -> None:
    """Say what came of it. ``answer`` is what the reporter reads with the receipt: no names.

    Raises:
        _box.NotRegistered: this outcome needs a registered report.
        _box.MoveRefused, _post.WordsMissing, NotFound, NotAllowed.
    """
    with transaction.atomic():
        report = access.report_for(by, report_id, lock=True)
        roles.require(by, "report.decide", access.place_of(report))
        _box.begin(report, "report.decide")
        if outcome not in rules.OUTCOMES:
            raise _post.WordsMissing(field="outcome")
        if report.registered_at is None and outcome not in rules.WITHOUT_REGISTER:
            raise _box.NotRegistered
        report.state, report.outcome, report.decided_at = "decided", outcome, at
        report.answer = _post.words(answer, field="answer", most=500)
        report.save()
        _box.step(by, at, report, "decided")
        _post.line(by, at, "report.decide", "report", report, facts={"outcome": outcome})


def forward_report(*, by: Actor, at: datetime, report_id: UUID, forwarded_to: str, answer: str = "") -> None:
    """Hand it on to Panwascam, Bawaslu, Gakkumdu or another office that decides.

    Raises:
        _box.MoveRefused, _post.WordsMissing, NotFound, NotAllowed.
    """
    with transaction.atomic():
        report = access.report_for(by, report_id, lock=True)
        roles.require(by, "report.forward", access.place_of(report))
        _box.begin(report, "report.forward")
        report.forwarded_to = _post.words(forwarded_to, field="forwarded_to", most=120)
        report.answer = text.clean_line(answer)[:500] or report.answer
        report.state = "forwarded"
        report.save()
        _box.step(by, at, report, "forwarded", report.forwarded_to)
        _post.line(by, at, "report.forward", "report", report, facts={"to": report.forwarded_to})


def destroy_reports(*, by: Actor, at: datetime) -> int:
    """Destroy the sealed part of reports of stages that were closed years ago. Numbers, days and outcomes stay. Returns how many."""
    roles.require(by, "reports.destroy")
    with transaction.atomic():
        before = at - timedelta(days=365 * rules.KEEP_YEARS)
        rows = Report.objects.filter(stage__closed_at__lt=before).exclude(sealed=b"")
        keys = list(rows.values_list("id", flat=True)[:500])
        if not keys:
            return 0
        Report.objects.filter(id__in=keys).update(sealed=b"")
        journal_actions.record(
            by=by,
            at=at,
            kind="reports.destroy",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"reports": len(keys)},
        )
    return len(keys)
