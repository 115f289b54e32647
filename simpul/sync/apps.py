"""App configuration."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """What people did where there was no network."""

    name = "simpul.sync"
    label = "sync"
    default_auto_field = "django.db.models.BigAutoField"
