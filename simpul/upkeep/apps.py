"""App configuration."""

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    """Acts over many rooms."""

    name = "simpul.upkeep"
    label = "upkeep"
    default_auto_field = "django.db.models.BigAutoField"
