"""Addresses under /meja/posyandu-edukasi/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_education import library, showing

urlpatterns = [
    path("", library.listed, name="desk_posyandu_education"),
    path("baru/", library.new, name="desk_posyandu_medium_new"),
    path("media/<slug:code>/", library.one, name="desk_posyandu_medium"),
    path("media/<slug:code>/berkas/", library.file, name="desk_posyandu_medium_file"),
    path("media/<slug:code>/akhiri/", library.end, name="desk_posyandu_medium_end"),
    path("media/<slug:code>/tunjukkan/", showing.show, name="desk_posyandu_show"),
    path("<uuid:posyandu_id>/", showing.log, name="desk_posyandu_shown"),
    path("<uuid:posyandu_id>/kabar/", showing.tell, name="desk_posyandu_telling"),
    path("tampil/<uuid:showing_id>/tarik/", showing.withdraw, name="desk_posyandu_showing_withdraw"),
]
