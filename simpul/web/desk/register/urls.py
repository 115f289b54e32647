"""Addresses under /meja/warga/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.register import doubts, edits, lists, moves, pages, people

urlpatterns = [
    path("", lists.households, name="desk_register"),
    path("orang/", lists.persons_of, name="desk_register_people"),
    path("dusun/", lists.hamlets, name="desk_register_hamlets"),
    path("baru/", edits.new, name="desk_register_new"),
    path("rt/<uuid:household_id>/", pages.household, name="desk_register_household"),
    path("rt/<uuid:household_id>/cetak/", pages.paper, name="desk_register_print"),
    path("rt/<uuid:household_id>/kunjungan/", pages.visit, name="desk_register_visit"),
    path("rt/<uuid:household_id>/ubah/<slug:about>/<slug:key>/", edits.unit, name="desk_register_edit"),
    path("rt/<uuid:household_id>/anggota/", edits.member, name="desk_register_member"),
    path("rt/<uuid:household_id>/kk/", edits.card, name="desk_register_card"),
    path("rt/<uuid:household_id>/lahir/", moves.birth, name="desk_register_birth"),
    path("rt/<uuid:household_id>/pindah/", moves.move, name="desk_register_move"),
    path("rt/<uuid:household_id>/datang/", moves.arrival, name="desk_register_arrival"),
    path("rt/<uuid:household_id>/pisah/", moves.split, name="desk_register_split"),
    path("kk/<uuid:family_id>/ubah/", edits.family, name="desk_register_family"),
    path("orang/<uuid:person_id>/", people.person, name="desk_register_person"),
    path("orang/<uuid:person_id>/ubah/<slug:key>/", people.edit, name="desk_register_person_edit"),
    path("orang/<uuid:person_id>/tempat/", people.place, name="desk_register_place"),
    path("orang/<uuid:person_id>/meninggal/", moves.death, name="desk_register_death"),
    path("orang/<uuid:person_id>/hubungan/", people.tie, name="desk_register_tie"),
    path("orang/<uuid:person_id>/golongan/", people.flag, name="desk_register_flag"),
    path("hubungan/<uuid:relation_id>/akhiri/", people.untie, name="desk_register_untie"),
    path("golongan/<uuid:flag_id>/akhiri/", people.end_flag, name="desk_register_flag_end"),
    path("peristiwa/<uuid:event_id>/batal/", moves.undo, name="desk_register_undo"),
    path("riwayat/<slug:kind>/<uuid:subject_id>/<slug:field>/", pages.history, name="desk_register_history"),
    path("tanya/", doubts.listed, name="desk_register_doubts"),
    path("tanya/kontak/<uuid:doubt_id>/", doubts.settle_contact, name="desk_register_settle_contact"),
    path("tanya/rt/<uuid:pair_id>/", doubts.settle_household, name="desk_register_settle_household"),
    path("tanya/rt/<uuid:pair_id>/pisah/", doubts.part_household, name="desk_register_part_household"),
    path("beda/<uuid:observation_id>/pilih/", pages.settle, name="desk_register_settle"),
]
