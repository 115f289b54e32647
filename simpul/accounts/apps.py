"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "simpul.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
