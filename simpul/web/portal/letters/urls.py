"""Addresses under /layanan/surat/."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.letters import asking, pages

urlpatterns = [
    path("", pages.listed, name="letters"),
    path("periksa/", asking.check, name="letters_check"),
    path("selesai/", asking.finished, name="letters_finished"),
    path("<slug:code>/", pages.one, name="letters_one"),
    path("<slug:code>/minta/", asking.ask, name="letters_ask"),
]
