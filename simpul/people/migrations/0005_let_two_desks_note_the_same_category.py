"""A sensitive category that another desk noted is not told to who may not read it: each desk keeps its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One flag of a category at a time for each desk, instead of for all."""

    dependencies: ClassVar = [("people", "0004_take_life_events_back_and_find_names")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="flag", name="flag_once_at_a_time"),
        migrations.AddConstraint(
            model_name="flag",
            constraint=models.UniqueConstraint(
                "person",
                "category",
                "desk_id",
                name="flag_once_for_a_desk",
                condition=models.Q(ended_date=None),
            ),
        ),
    ]
