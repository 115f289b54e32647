"""Addresses under /baca/."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.reading import pages

urlpatterns = [
    path("", pages.corners, name="portal_reading"),
    path("<uuid:corner_id>/", pages.corner, name="portal_reading_corner"),
]
