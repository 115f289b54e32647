"""A household that was written down twice, or a person who is said to live in two, is a question for a person."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import simpul.lib.ids


class Migration(migrations.Migration):
    """The questions about households."""

    dependencies: ClassVar = [("people", "0006_keep_what_was_said_unseen")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="HouseholdDoubt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=simpul.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=8)),
                ("relation", models.CharField(blank=True, max_length=16)),
                ("from_date", models.DateField(null=True)),
                ("source", models.CharField(blank=True, max_length=24)),
                ("source_words", models.CharField(blank=True, max_length=150)),
                ("said_by", models.CharField(blank=True, max_length=150)),
                ("observed_date", models.DateField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("moved", models.JSONField(default=dict)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("words", models.CharField(blank=True, max_length=300)),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.household",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="household_doubts",
                        to="people.person",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.household",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["state"], name="household_doubt_open", condition=models.Q(state="open")
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["first", "second", "reason", "person"],
                        name="household_doubt_once_for_a_person",
                        condition=models.Q(person__isnull=False, state="open"),
                    ),
                    models.UniqueConstraint(
                        fields=["first", "second", "reason"],
                        name="household_doubt_once",
                        condition=models.Q(person__isnull=True, state="open"),
                    ),
                ],
            },
        ),
    ]
