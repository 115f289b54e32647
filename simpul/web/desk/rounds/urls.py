"""Addresses under /meja/penyaluran/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.rounds import delivering, doubles, goods, handovers, listing, pages

urlpatterns = [
    path("", pages.listed, name="desk_rounds"),
    path("baru/", pages.new, name="desk_round_new"),
    path("ganda/", doubles.waiting, name="desk_round_doubles"),
    path("ganda/<uuid:double_id>/", doubles.settle, name="desk_round_double"),
    path("nama/<uuid:entry_id>/", listing.entry, name="desk_round_entry"),
    path("nama/<uuid:entry_id>/coret/", listing.strike, name="desk_round_strike"),
    path("antaran/<uuid:delivery_id>/", delivering.one, name="desk_round_delivery"),
    path("antaran/<uuid:delivery_id>/betulkan/", delivering.correct, name="desk_round_correct"),
    path("antaran/<uuid:delivery_id>/bukti/", delivering.prove, name="desk_round_prove"),
    path("bukti/<uuid:proof_id>", delivering.proof, name="desk_round_proof"),
    path("barang/<uuid:movement_id>/betulkan/", goods.correct, name="desk_round_goods_correct"),
    path("berita-acara/<uuid:handover_id>/", handovers.one, name="desk_round_handover"),
    path("berita-acara/<uuid:handover_id>.pdf", handovers.pdf, name="desk_round_handover_pdf"),
    path("<uuid:round_id>/", listing.names, name="desk_round"),
    path("<uuid:round_id>/ubah/", pages.change, name="desk_round_change"),
    path("<uuid:round_id>/tutup/", pages.close, name="desk_round_close"),
    path("<uuid:round_id>/buka/", pages.reopen, name="desk_round_reopen"),
    path("<uuid:round_id>/daftar/", listing.bring, name="desk_round_bring"),
    path("<uuid:round_id>/cetak/", listing.paper, name="desk_round_print"),
    path("<uuid:round_id>/periksa/", listing.flagged, name="desk_round_flagged"),
    path("<uuid:round_id>/antar/", delivering.record, name="desk_round_record"),
    path("<uuid:round_id>/barang/", goods.listed, name="desk_round_goods"),
    path("<uuid:round_id>/barang/<slug:step>/", goods.move, name="desk_round_goods_move"),
    path("<uuid:round_id>/ganda/", doubles.of_round, name="desk_round_doubles_of"),
    path("<uuid:round_id>/berita-acara/", handovers.of_round, name="desk_round_handovers"),
]
