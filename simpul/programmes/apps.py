"""App configuration."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """What the state gives, to whom by which rule, and what came of it."""

    name = "simpul.programmes"
    label = "programmes"
    default_auto_field = "django.db.models.BigAutoField"
