"""Addresses of the field app, under ``/lapangan/``. All are open: the shell and its parts hold no data."""

from __future__ import annotations

from django.urls import path

from simpul.web.field import views

urlpatterns = [
    path("", views.shell, name="field"),
    path("sw.js", views.worker, name="field_worker"),
    path("manifest.json", views.manifest, name="field_manifest"),
    path("keadaan.json", views.state, name="field_state"),
    path("berkas/<slug:version>/set.gz", views.bundle, name="field_bundle"),
    path("berkas/<slug:version>/<path:name>", views.piece, name="field_piece"),
]
