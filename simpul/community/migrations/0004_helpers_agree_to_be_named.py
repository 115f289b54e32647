"""Helpers and donors are thanked by name when they agreed to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0003_waste_bank_and_its_ledger")]

    operations = [
        migrations.AddField("labour", "named", models.BooleanField(default=False)),
        migrations.RemoveField("material", "donor_hidden"),
        migrations.AddField("material", "donor_named", models.BooleanField(default=False)),
        migrations.RemoveField("money", "who_hidden"),
        migrations.AddField("money", "who_named", models.BooleanField(default=False)),
    ]
