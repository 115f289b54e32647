"""Reports of providers about messages of ours: kept by the provider's name, matched whenever both are known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from simpul.messages import transports
from simpul.messages.models import Gateway, Message, Status
from simpul.messages.rules import incoming as rules


def note(gateway: Gateway, report: transports.Report, at: datetime) -> int:
    """Keep one report, once, and let its message know; 0 when it is here already."""
    key = f"{gateway.code}:{report.external_id}:{report.status}:{report.part}:{int(report.at.timestamp())}"[
        :250
    ]
    status, is_new = Status.objects.get_or_create(
        once_key=key,
        defaults={
            "gateway": gateway,
            "external_id": report.external_id[:190],
            "status": report.status[:12],
            "part": report.part,
            "recipient": report.recipient[:190],
            "at": report.at,
            "recorded_at": at,
            "code": report.code[:20],
            "detail": report.detail[:200],
            "reference": report.reference[:64],
        },
    )
    if is_new:
        _match_by_name(gateway, status.external_id)
    return int(is_new)


def settle(gateway: Gateway, reports: Iterable[transports.Report]) -> None:
    """Match once more after the reports are committed.

    While they were written, another worker may have been writing the name of the very message they are about, and neither
    saw the other. Both look again after their commit, so at least one of them sees both.
    """
    for name in {report.external_id[:190] for report in reports}:
        with transaction.atomic():
            _match_by_name(gateway, name)


def _match_by_name(gateway: Gateway, external_id: str) -> None:
    named = Message.objects.select_for_update().filter(gateway=gateway, external_id=external_id)
    message = named.first() if external_id else None
    if message is not None:
        match(message)


def taken_before(message: Message) -> Status | None:
    """The report that shows that a gateway took this message although its answer never reached us; None when there is none.

    One that its provider then reports as failed did not arrive, and may be sent again.
    """
    named = (
        Status.objects.filter(reference=str(message.id)).select_related("gateway").order_by("at", "once_key")
    )
    reports = list(named)
    failed = {report.external_id for report in reports if report.status == "failed"}
    return next((report for report in reports if report.external_id not in failed), None)


def match(message: Message) -> str:
    """Bring what is known of a message up to date with every report about it; returns what is known now.

    It is worked out from all reports each time, so that their order does not matter.
    """
    if message.gateway_id is None or not message.external_id:
        return message.receipt
    reports = list(
        Status.objects.filter(gateway_id=message.gateway_id, external_id=message.external_id)
        .order_by("at", "once_key")
        .values_list("part", "status", "at")
    )
    told = rules.receipt_of([(part, status) for part, status, _at in reports], message.parts)
    known = rules.better_receipt(message.receipt, told)
    if known == told and known:
        known_at = max((at for _part, status, at in reports if status == known), default=message.receipt_at)
    else:
        known_at = message.receipt_at
    if (known, known_at) != (message.receipt, message.receipt_at):
        Message.objects.filter(id=message.id).update(receipt=known, receipt_at=known_at)
        message.receipt, message.receipt_at = known, known_at
    return known
