"""App configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Figures. The room has no tables of its own."""

    name = "simpul.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
