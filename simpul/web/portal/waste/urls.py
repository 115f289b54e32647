"""Addresses under /bank-sampah/."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.waste import pages

urlpatterns = [
    path("", pages.listed, name="portal_waste_banks"),
    path("buku/<str:token>/", pages.book, name="portal_waste_book"),
    path("<str:code>/", pages.statement, name="portal_waste"),
]
