"""A life event keeps what it changed, so that it can be taken back; names are found without naming an area."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """See above."""

    dependencies: ClassVar = [("people", "0003_let_a_child_be_served_without_its_guardian")]

    operations: ClassVar = [
        migrations.AddField(model_name="lifeevent", name="before", field=models.JSONField(default=dict)),
        migrations.AddIndex(model_name="person", index=models.Index(fields=["name_key"], name="person_name")),
    ]
