import django.db.models.deletion
from django.db import migrations, models

import simpul.lib.fields
import simpul.lib.ids


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_remind_and_ask_once"),
        ("desks", "0001_initial"),
        ("people", "0002_four_units_rights_and_lists"),
        ("programmes", "0001_plan_rehabilitation"),
        ("regions", "0002_let_areas_be_in_an_emergency"),
    ]

    operations = [
        migrations.CreateModel(
            name="CardRule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=simpul.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("authority", models.CharField(max_length=80)),
                ("source", models.CharField(max_length=200)),
                ("region_code", models.CharField(max_length=10)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("facility_letter", models.CharField(max_length=8)),
                ("village_letter", models.CharField(max_length=8)),
                ("chronic_required", models.BooleanField()),
                ("off_from_date", models.DateField(null=True)),
                ("off_until_date", models.DateField(null=True)),
                ("excludes", models.JSONField(default=list)),
                ("follow_up_days", models.PositiveSmallIntegerField(default=14)),
                ("duty_months", models.PositiveSmallIntegerField(default=6)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=150)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["region_code", "from_date"], name="card_rule_region")],
            },
        ),
        migrations.CreateModel(
            name="Deactivation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=simpul.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("source", models.CharField(max_length=80)),
                ("decree", models.CharField(blank=True, max_length=120)),
                ("off_date", models.DateField()),
                ("region_code", models.CharField(max_length=10)),
                ("batch_id", models.UUIDField(null=True)),
                ("listed", models.PositiveIntegerField(default=0)),
                ("loaded_at", models.DateTimeField()),
                ("loaded_by", models.CharField(max_length=150)),
            ],
            options={
                "indexes": [models.Index(fields=["region_code", "off_date"], name="deactivation_region")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("region_code"),
                        models.F("source"),
                        models.F("decree"),
                        models.F("off_date"),
                        name="deactivation_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=simpul.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("row_key", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=150)),
                ("name_key", models.CharField(max_length=150)),
                ("sex", models.CharField(blank=True, max_length=1)),
                ("birth_date", models.DateField(null=True)),
                ("nik", simpul.lib.fields.EncryptedText(blank=True, default="")),
                ("nik_index", models.CharField(blank=True, max_length=64)),
                ("kis_number", models.CharField(blank=True, max_length=20)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("landmark", models.CharField(blank=True, max_length=200)),
                ("region_code", models.CharField(max_length=10)),
                ("off_date", models.DateField()),
                ("off_reason", models.CharField(blank=True, max_length=150)),
                ("match", models.CharField(default="new", max_length=8)),
                ("score", models.FloatField(null=True)),
                ("candidates", models.JSONField(default=list)),
                ("matched_by", models.CharField(blank=True, max_length=150)),
                ("matched_at", models.DateTimeField(null=True)),
                ("need", models.CharField(default="unknown", max_length=12)),
                ("need_source", models.CharField(blank=True, max_length=8)),
                ("need_words", models.CharField(blank=True, max_length=300)),
                ("rank", models.PositiveSmallIntegerField(default=8)),
                ("assigned_at", models.DateTimeField(null=True)),
                ("door", models.CharField(default="to_visit", max_length=14)),
                ("door_at", models.DateTimeField(null=True)),
                ("consent", models.CharField(blank=True, max_length=8)),
                ("state", models.CharField(blank=True, max_length=24)),
                ("state_at", models.DateTimeField(null=True)),
                ("before_end", models.CharField(blank=True, max_length=24)),
                ("asked_at", models.DateTimeField(null=True)),
                ("asked_by", models.CharField(blank=True, max_length=150)),
                ("facility", models.CharField(blank=True, max_length=120)),
                ("facility_letter", models.CharField(blank=True, max_length=60)),
                ("facility_date", models.DateField(null=True)),
                ("village_letter", models.CharField(blank=True, max_length=60)),
                ("village_date", models.DateField(null=True)),
                ("decile", models.PositiveSmallIntegerField(null=True)),
                ("eligibility_words", models.CharField(blank=True, max_length=500)),
                ("revision_words", models.CharField(blank=True, max_length=500)),
                ("checked_by", models.UUIDField(null=True)),
                ("checked_by_name", models.CharField(blank=True, max_length=150)),
                ("approved_by", models.UUIDField(null=True)),
                ("approved_by_name", models.CharField(blank=True, max_length=150)),
                ("recommendation", models.CharField(blank=True, max_length=60)),
                ("recommendation_date", models.DateField(null=True)),
                ("signer", models.CharField(blank=True, max_length=150)),
                ("proposed_date", models.DateField(null=True)),
                ("chased_date", models.DateField(null=True)),
                ("ministry_date", models.DateField(null=True)),
                ("ministry_words", models.CharField(blank=True, max_length=500)),
                ("reactivated_date", models.DateField(null=True)),
                ("data_due_date", models.DateField(null=True)),
                ("data_done_date", models.DateField(null=True)),
                ("data_words", models.CharField(blank=True, max_length=300)),
                ("end_reason", models.CharField(blank=True, max_length=500)),
                ("listed_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="cases.case",
                    ),
                ),
                (
                    "hamlet",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.hamlet",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="people.person",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="desks.seat",
                    ),
                ),
                (
                    "deactivation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="programmes.deactivation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CardDoor",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=simpul.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("found", models.CharField(max_length=14)),
                ("need", models.CharField(blank=True, max_length=12)),
                ("need_words", models.CharField(blank=True, max_length=300)),
                ("consent", models.CharField(blank=True, max_length=8)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("before", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=150)),
                ("seat_id", models.UUIDField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(blank=True, max_length=150)),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="doors",
                        to="programmes.card",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["card", "at"], name="card_door_when")],
            },
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(
                fields=["deactivation", "region_code", "hamlet", "seat", "door", "state", "match"],
                name="card_progress",
            ),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["seat", "rank", "name_key"], name="card_seat_rank"),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["region_code", "rank", "name_key"], name="card_region_rank"),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["hamlet", "rank"], name="card_hamlet_rank"),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(
                condition=models.Q(("nik_index", ""), _negated=True), fields=["nik_index"], name="card_nik"
            ),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(
                condition=models.Q(("state", "proposed_to_ministry")),
                fields=["proposed_date"],
                name="card_at_ministry",
            ),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(
                condition=models.Q(("state", "reactivated")), fields=["data_due_date"], name="card_duty"
            ),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(
                condition=models.Q(("match", "doubtful")), fields=["match", "region_code"], name="card_match"
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.UniqueConstraint(
                models.F("deactivation"), models.F("row_key"), name="card_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(
                condition=models.Q(("decile", None), ("decile__range", (1, 10)), _connector="OR"),
                name="card_decile_1_to_10",
            ),
        ),
    ]
