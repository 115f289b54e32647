"""Addresses under /meja/impor/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.imports import faults, pages

urlpatterns = [
    path("", pages.listed, name="desk_imports"),
    path("baru/", pages.new, name="desk_imports_new"),
    path("contoh.csv", pages.sample, name="desk_imports_sample"),
    path("<uuid:batch_id>/", pages.one, name="desk_imports_one"),
    path("<uuid:batch_id>/kolom/", pages.columns, name="desk_imports_columns"),
    path("<uuid:batch_id>/catatan/", faults.listed, name="desk_imports_faults"),
    path("<uuid:batch_id>/catatan.csv", faults.sheet, name="desk_imports_sheet"),
    path("<uuid:batch_id>/<slug:step>/", pages.step, name="desk_imports_step"),
]
