"""Addresses under /meja/posyandu-sasaran/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_people import cards, enrolling, entries, lists

urlpatterns = [
    path("<uuid:posyandu_id>/", lists.listed, name="desk_posyandu_people"),
    path("<uuid:posyandu_id>/daftar/", enrolling.enrol, name="desk_posyandu_enrol"),
    path("<uuid:posyandu_id>/naik/", lists.outgrown, name="desk_posyandu_outgrown"),
    path("kartu/<uuid:participant_id>/", cards.person, name="desk_posyandu_person"),
    path("kartu/<uuid:participant_id>/data/", cards.details, name="desk_posyandu_card_details"),
    path("kartu/<uuid:participant_id>/pindah/", cards.move, name="desk_posyandu_card_move"),
    path("kartu/<uuid:participant_id>/naik/", cards.advance, name="desk_posyandu_card_advance"),
    path("kartu/<uuid:participant_id>/tutup/", cards.close, name="desk_posyandu_card_close"),
    path("kartu/<uuid:participant_id>/buka/", cards.reopen, name="desk_posyandu_card_reopen"),
    path("kartu/<uuid:participant_id>/catat/", entries.new, name="desk_posyandu_entry_new"),
    path("catatan/<uuid:examination_id>/", entries.one, name="desk_posyandu_entry"),
    path("catatan/<uuid:examination_id>/pilih/", entries.choose, name="desk_posyandu_entry_choose"),
    path("catatan/<uuid:examination_id>/tarik/", entries.withdraw, name="desk_posyandu_entry_withdraw"),
    path("catatan/<uuid:examination_id>/rujukan/", entries.slip, name="desk_posyandu_slip"),
]
