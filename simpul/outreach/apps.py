"""App configuration."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Going to people who do not come."""

    name = "simpul.outreach"
    label = "outreach"
    default_auto_field = "django.db.models.BigAutoField"
