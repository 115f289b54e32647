"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Residents: who they are, how to reach them safely."""

    name = "simpul.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
