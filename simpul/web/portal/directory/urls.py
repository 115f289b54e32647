"""Addresses under /direktori/."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.directory import views

urlpatterns = [
    path("direktori/", views.listed, name="directory"),
    path("direktori/musim/", views.seasons, name="directory_seasons"),
    path("direktori/<uuid:listing_id>/", views.one, name="listing"),
]
