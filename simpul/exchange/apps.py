"""App configuration."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Other programs: keys, repeated requests, and what is sent to them."""

    name = "simpul.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
