"""App configuration."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The meeting point: every matter, from the counter to the published answer."""

    name = "simpul.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
