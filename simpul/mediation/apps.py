"""App configuration."""

from django.apps import AppConfig


class MediationConfig(AppConfig):
    """Quarrels brought to the village: safety first, sessions, agreements and whether they are kept."""

    name = "simpul.mediation"
    label = "mediation"
    default_auto_field = "django.db.models.BigAutoField"
