"""App configuration."""

from django.apps import AppConfig


class DesksConfig(AppConfig):
    """The institution, its desks, who sits at them, when they are open; and the actor that follows from it."""

    name = "simpul.desks"
    label = "desks"
    default_auto_field = "django.db.models.BigAutoField"
