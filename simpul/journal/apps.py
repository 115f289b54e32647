"""App configuration."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal: one line for every act, sealed so that no line can be changed unseen."""

    name = "simpul.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
