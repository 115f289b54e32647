"""App configuration."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """What is said to people: texts, the outbound queue, notices and slips."""

    name = "simpul.messages"
    label = "messages"
    default_auto_field = "django.db.models.BigAutoField"
