"""Addresses under /meja/bundel/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.bundles import pages

urlpatterns = [
    path("", pages.bundles, name="desk_bundles"),
    path("masuk/", pages.take_in, name="desk_bundle_take"),
    path("keluar/", pages.export, name="desk_bundle_export"),
]
