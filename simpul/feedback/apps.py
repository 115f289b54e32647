"""App configuration."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Feedback that is not a case, coded so that many voices can be counted."""

    name = "simpul.feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"
