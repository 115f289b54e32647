"""Addresses under /meja/surat/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.letters import board, drafting, office, one, seen, taking

urlpatterns = [
    path("", board.board, name="desk_letters"),
    path("kepala/", board.waiting, name="desk_letters_head"),
    path("baru/", taking.new, name="desk_letter_new"),
    path("nomor/", office.numbers, name="desk_letter_numbers"),
    path("nomor/sisihkan/", office.reserve, name="desk_letter_reserve"),
    path("nomor/hanguskan/", office.void, name="desk_letter_void"),
    path("nomor/blok/<uuid:block_id>/kembalikan/", office.give_back, name="desk_letter_block"),
    path("mandat/", office.mandates, name="desk_letter_mandates"),
    path("mandat/<uuid:mandate_id>/akhiri/", office.end_mandate, name="desk_letter_mandate_end"),
    path("pengaturan/", office.settings, name="desk_letter_office"),
    path("pengaturan/contoh/", office.example, name="desk_letter_example"),
    path("<uuid:letter_id>/", one.page, name="desk_letter"),
    path("<uuid:letter_id>/konsep/", drafting.draft, name="desk_letter_draft"),
    path("<uuid:letter_id>/selesai/", one.done, name="desk_letter_done"),
    path("<uuid:letter_id>/konfirmasi/", seen.confirm, name="desk_letter_confirm"),
    path("<uuid:letter_id>/syarat/<slug:code>/", seen.mark, name="desk_letter_mark"),
    path("<uuid:letter_id>/syarat/<slug:code>/foto/", seen.photo, name="desk_letter_photo"),
    path("<uuid:letter_id>/langkah/<slug:slug>/", one.step, name="desk_letter_step"),
]
