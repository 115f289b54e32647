"""Addresses under /meja/posyandu/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu import home, listing, papers, people, stock, training

urlpatterns = [
    path("", listing.listed, name="desk_posyandu"),
    path("baru/", listing.new, name="desk_posyandu_new"),
    path("<uuid:posyandu_id>/", home.home, name="desk_posyandu_one"),
    path("<uuid:posyandu_id>/atur/", listing.settings, name="desk_posyandu_settings"),
    path("<uuid:posyandu_id>/nomor/", listing.number, name="desk_posyandu_number"),
    path("<uuid:posyandu_id>/percontohan/", listing.pilot, name="desk_posyandu_pilot"),
    path("<uuid:posyandu_id>/tutup/", listing.close, name="desk_posyandu_close"),
    path("<uuid:posyandu_id>/pengurus/", people.board, name="desk_posyandu_board"),
    path("<uuid:posyandu_id>/pengurus/baru/", people.new, name="desk_posyandu_cadre_new"),
    path("<uuid:posyandu_id>/pengurus/cetak/", people.paper, name="desk_posyandu_board_print"),
    path("<uuid:posyandu_id>/pelatihan/", training.train, name="desk_posyandu_training"),
    path("pengurus/<uuid:cadre_id>/", people.one, name="desk_posyandu_cadre"),
    path("pengurus/<uuid:cadre_id>/ubah/", people.change, name="desk_posyandu_cadre_change"),
    path("pengurus/<uuid:cadre_id>/warga/", people.link, name="desk_posyandu_cadre_link"),
    path("pengurus/<uuid:cadre_id>/berakhir/", people.end, name="desk_posyandu_cadre_end"),
    path("pengurus/<uuid:cadre_id>/nilai/", training.assess, name="desk_posyandu_assess"),
    path("pelatihan/<uuid:skillfact_id>/tarik/", training.withdraw, name="desk_posyandu_skill_withdraw"),
    path("<uuid:posyandu_id>/dokumen/", papers.listed, name="desk_posyandu_papers"),
    path("dokumen/<uuid:decree_id>/berkas/", papers.file, name="desk_posyandu_paper_file"),
    path("dokumen/<uuid:decree_id>/tarik/", papers.withdraw, name="desk_posyandu_paper_withdraw"),
    path("<uuid:posyandu_id>/barang/", stock.listed, name="desk_posyandu_stock"),
    path("<uuid:posyandu_id>/barang/terima/", stock.receive, name="desk_posyandu_stock_receive"),
    path("<uuid:posyandu_id>/barang/cetak/", stock.paper, name="desk_posyandu_stock_print"),
    path("barang/<uuid:stockitem_id>/", stock.one, name="desk_posyandu_item"),
    path("barang/<uuid:stockitem_id>/<slug:step>/", stock.move, name="desk_posyandu_item_move"),
]
