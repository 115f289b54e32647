"""The roads of this installation: providers and modems, and the templates that a provider has approved."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.desks.models import Desk
from simpul.lib.fields import EncryptedText, Model


class Gateway(Model):
    """One provider, modem, phone or mailbox, in and out. Its code is part of the address of its webhook.

    ``settings`` holds what is no secret (addresses, numbers of a provider, an allow-list); ``secrets`` the rest, as JSON, in
    one encrypted column. What each kind reads of them stands in its transport.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever, for the messages that came by it"

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=12)  # see messages.rules.gateways.KINDS
    road = models.CharField(max_length=10)  # whatsapp, sms, email, telegram
    name = models.CharField(max_length=100)
    number = models.CharField(max_length=60, blank=True)  # its own number or address, as people write it
    operator = models.CharField(max_length=40, blank=True)  # two SIMs of two operators: one may be down
    prefixes = models.CharField(max_length=200, blank=True)  # numbers it is the cheapest for: "62811,62812"
    settings = models.JSONField(default=dict)
    secrets = EncryptedText(blank=True, default="")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")  # who listens to it
    region_code = models.CharField(max_length=10)  # where a message is about, until somebody says so
    kind_code = models.CharField(max_length=40, blank=True)  # what a report by keyword is taken for
    menu = models.BooleanField(default=True)  # answers keywords by itself
    sends = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    rank = models.PositiveSmallIntegerField(default=10)  # the lower goes first
    part_rupiah = models.PositiveIntegerField(default=0)  # the price of one part
    parts_per_minute = models.PositiveIntegerField(default=0)  # 0: as fast as it takes them
    added_at = models.DateTimeField()

    # how it does: written by what hears from it, never by hand
    heard_at = models.DateTimeField(null=True)  # the last sign of life
    down_since_at = models.DateTimeField(null=True)  # null: it answers
    down_reason = models.CharField(max_length=200, blank=True)
    retry_at = models.DateTimeField(null=True)  # while down: the next careful try
    battery = models.SmallIntegerField(null=True)  # per cent
    signal = models.SmallIntegerField(null=True)  # per cent
    cursor = models.CharField(max_length=200, blank=True)  # how far a polled source has been read

    def __str__(self) -> str:
        return self.name


class Template(Model):
    """Words that a provider has approved for use outside the 24 hours after a person's last message.

    ``variables`` names, in order, what fills {{1}}, {{2}}, ...: the variables of the text it stands for.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever, for the messages that used it"

    gateway = models.ForeignKey(Gateway, on_delete=models.CASCADE, related_name="templates")
    name = models.CharField(max_length=100)  # as the provider knows it
    language = models.CharField(max_length=10, default="id")
    text_key = models.CharField(max_length=40)  # the text of the catalogue it stands for
    body = models.TextField()
    variables = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="draft")  # draft, approved, paused, rejected
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("gateway", "name", "language", name="template_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}/{self.language}"
