"""App configuration."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Ideas, self-help works, idle land, the village's economy, and the waste bank's ledger."""

    name = "simpul.community"
    label = "community"
    default_auto_field = "django.db.models.BigAutoField"
