"""App configuration."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Letters of the village: types and texts, numbers, signatures, proof, registers."""

    name = "simpul.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"
