"""A number, and the key of its matter, can be given out beforehand: for a receipt where there is no network."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

import simpul.lib.ids


class Migration(migrations.Migration):
    """The numbers that devices hold."""

    dependencies: ClassVar = [("cases", "0006_fall_through_tiers_and_approve_decisions")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CaseReservation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=simpul.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("case_id", models.UUIDField(unique=True)),
                ("number", models.CharField(max_length=24, unique=True)),
                ("series", models.CharField(max_length=20)),
                ("allotment", models.UUIDField()),
                ("for_device", models.CharField(blank=True, max_length=80)),
                ("state", models.CharField(default="free", max_length=8)),
                ("reserved_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["for_device", "state"], name="reservation_device"),
                    models.Index(fields=["series", "state"], name="reservation_series"),
                    models.Index(fields=["allotment"], name="reservation_allotment"),
                ],
            },
        ),
    ]
