"""App configuration."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Musyawarah: attendance, objections, decisions by name, minutes."""

    name = "simpul.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"
