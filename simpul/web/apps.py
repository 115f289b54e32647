"""The web door as a Django app: templates' tags and the words of the interface."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the template tags and the locale folder of the pages."""

    name = "simpul.web"
    label = "web"
