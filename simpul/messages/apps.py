"""App configuration."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """What is said to people: texts, the outbound queue, notices and slips."""

    name = "simpul.messages"
    label = "simpul_messages"  # "messages" is the framework's own
    default_auto_field = "django.db.models.BigAutoField"
