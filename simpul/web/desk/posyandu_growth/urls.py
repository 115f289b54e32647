"""Addresses under /meja/posyandu-tumbuh/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_growth import pages

urlpatterns = [
    path("<uuid:participant_id>/", pages.growth, name="desk_posyandu_growth"),
    path("<uuid:participant_id>/cetak/", pages.printed, name="desk_posyandu_growth_print"),
]
