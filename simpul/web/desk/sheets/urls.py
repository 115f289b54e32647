"""Addresses under /meja/lembar/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.sheets import entering, pages

urlpatterns = [
    path("", pages.listed, name="desk_sheets"),
    path("baru/", pages.new, name="desk_sheet_new"),
    path("<uuid:sheet_id>/", entering.grid, name="desk_sheet"),
    path("<uuid:sheet_id>/cetak/", pages.paper, name="desk_sheet_print"),
    path("<uuid:sheet_id>/foto/", entering.photo, name="desk_sheet_photo"),
    path("<uuid:sheet_id>/foto/lihat/", entering.picture, name="desk_sheet_picture"),
    path("<uuid:sheet_id>/selesai/", entering.finish, name="desk_sheet_finish"),
    path("<uuid:sheet_id>/batal/", entering.void, name="desk_sheet_void"),
]
