"""What two people said without having seen each other's word is kept, until a person settles it."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import simpul.lib.ids


class Migration(migrations.Migration):
    """Statements name their rival; contacts that contradict each other are an open question."""

    dependencies: ClassVar = [("people", "0005_let_two_desks_note_the_same_category")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="observation",
            name="rival",
            field=models.UUIDField(null=True),
        ),
        migrations.CreateModel(
            name="ContactDoubt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=simpul.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first_said", models.JSONField(default=dict)),
                ("second_said", models.JSONField(default=dict)),
                ("state", models.CharField(default="open", max_length=8)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(blank=True, max_length=150)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, max_length=150)),
                ("why", models.CharField(blank=True, max_length=300)),
                (
                    "chosen",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.contact",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.contact"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_doubts",
                        to="people.person",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.contact"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "state"], name="contact_doubt_person")],
                "constraints": [
                    models.UniqueConstraint(models.F("first"), models.F("second"), name="contact_doubt_once")
                ],
            },
        ),
    ]
