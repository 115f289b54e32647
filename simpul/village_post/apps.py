"""App configuration."""

from django.apps import AppConfig


class VillagePostConfig(AppConfig):
    """The post itself: duty, guests, night watch, reading corner, election box."""

    name = "simpul.village_post"
    label = "village_post"
    default_auto_field = "django.db.models.BigAutoField"
