"""Reports of providers about messages of ours: kept by the provider's name, matched whenever both are known."""

from __future__ import annotations

from datetime import datetime

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
        },
    )
    if is_new:
        message = Message.objects.filter(gateway=gateway, external_id=status.external_id).first()
        if message is not None:
            match(message)
    return int(is_new)


def match(message: Message) -> str:
    """Bring what is known of a message up to date with every report about it; returns what is known now.

    A message of several parts is delivered when all of them are, and failed when one of them is.
    """
    if message.gateway_id is None or not message.external_id:
        return message.receipt
    reports = Status.objects.filter(gateway_id=message.gateway_id, external_id=message.external_id)
    known, known_at = message.receipt, message.receipt_at
    for report in reports.order_by("at", "recorded_at"):
        better = rules.better_receipt(known, report.status)
        if better != known:
            known, known_at = better, report.at
    if known != message.receipt:
        Message.objects.filter(id=message.id).update(receipt=known, receipt_at=known_at)
        message.receipt, message.receipt_at = known, known_at
    return known
