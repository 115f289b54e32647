"""Addresses under /meja/surat/jenis/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.letter_types import editor, pages

urlpatterns = [
    path("", pages.listed, name="desk_letter_types"),
    path("baru/", editor.new, name="desk_letter_type_new"),
    path("pratinjau/", editor.preview, name="desk_letter_type_preview"),
    path("<slug:code>/", pages.one, name="desk_letter_type"),
    path("<slug:code>/ubah/", editor.change, name="desk_letter_type_change"),
    path("<slug:code>/cetak/", pages.paper, name="desk_letter_type_print"),
    path("<slug:code>/akhiri/", pages.end, name="desk_letter_type_end"),
    path("<slug:code>/tawarkan/", pages.resume, name="desk_letter_type_resume"),
    path("<slug:code>/versi/<uuid:version_id>/", pages.version, name="desk_letter_type_version"),
    path("<slug:code>/versi/<uuid:version_id>/kembalikan/", pages.restore, name="desk_letter_type_restore"),
]
