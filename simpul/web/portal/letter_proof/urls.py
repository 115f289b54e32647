"""Addresses under /surat/: they are printed on letters and scanned, so they stay as they are."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.letter_proof import offline, views

urlpatterns = [
    path("periksa/", views.check, name="letter_check"),
    path("periksa/kunci.json", offline.keys, name="letter_check_keys"),
    path("periksa/sw.js", offline.worker, name="letter_check_worker"),
    path("<str:token>/", views.letter, name="letter_by_token"),
]
