"""App configuration."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """Regions from province to RT, holidays, and what the office calendar says."""

    name = "simpul.regions"
    label = "regions"
    default_auto_field = "django.db.models.BigAutoField"
