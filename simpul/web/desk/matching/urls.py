"""Addresses under /meja/ganda/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.matching import views

urlpatterns = [
    path("", views.listed, name="desk_matching"),
    path("cari/", views.search, name="desk_matching_search"),
    path("<uuid:suspicion_id>/", views.one, name="desk_matching_one"),
    path("<uuid:suspicion_id>/putus/", views.decide, name="desk_matching_decide"),
    path("<uuid:suspicion_id>/pisah/", views.part, name="desk_matching_part"),
]
