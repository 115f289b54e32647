"""App configuration."""

from django.apps import AppConfig


class PosyanduConfig(AppConfig):
    """The village health post of six fields: institution, days, cards, growth, findings, visits, recaps."""

    name = "simpul.posyandu"
    label = "posyandu"
    default_auto_field = "django.db.models.BigAutoField"
