"""Addresses under /meja/baca/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.reading import books, counter, days, members, paper, stock

urlpatterns = [
    path("", counter.corners, name="desk_reading"),
    path("baru/", counter.new, name="desk_reading_new"),
    path("<uuid:corner_id>/", counter.counter, name="desk_reading_corner"),
    path("<uuid:corner_id>/pindai/", counter.scan, name="desk_reading_scan"),
    path("<uuid:corner_id>/atur/", counter.settings, name="desk_reading_settings"),
    path("<uuid:corner_id>/tutup/", counter.close, name="desk_reading_close"),
    path("<uuid:corner_id>/buku/", books.shelf, name="desk_reading_books"),
    path("<uuid:corner_id>/buku/baru/", books.new, name="desk_reading_title_new"),
    path("<uuid:corner_id>/hadiah/", books.gifts, name="desk_reading_gifts"),
    path("<uuid:corner_id>/anggota/", members.listed, name="desk_reading_members"),
    path("<uuid:corner_id>/anggota/baru/", members.new, name="desk_reading_member_new"),
    path("<uuid:corner_id>/terlambat/", members.late, name="desk_reading_late"),
    path("<uuid:corner_id>/kegiatan/", days.days, name="desk_reading_days"),
    path("<uuid:corner_id>/kegiatan/hitung/", days.count, name="desk_reading_count"),
    path("<uuid:corner_id>/kegiatan/<uuid:readingactivity_id>/", days.activity, name="desk_reading_activity"),
    path("<uuid:corner_id>/stok/", stock.listed, name="desk_reading_stocks"),
    path("<uuid:corner_id>/cetak/label/", paper.labels, name="desk_reading_labels"),
    path("<uuid:corner_id>/cetak/katalog/", paper.catalogue, name="desk_reading_catalogue"),
    path("<uuid:corner_id>/cetak/kartu/", paper.cards, name="desk_reading_cards"),
    path("<uuid:corner_id>/cetak/peminjaman/", paper.register, name="desk_reading_register"),
    path("judul/<uuid:title_id>/", books.title, name="desk_reading_title"),
    path("judul/<uuid:title_id>/ubah/", books.change, name="desk_reading_title_change"),
    path("eksemplar/<uuid:copy_id>/<slug:step>/", books.keep, name="desk_reading_copy"),
    path("anggota/<uuid:reader_id>/", members.one, name="desk_reading_member"),
    path("anggota/<uuid:reader_id>/ubah/", members.change, name="desk_reading_member_change"),
    path("anggota/<uuid:reader_id>/berakhir/", members.end, name="desk_reading_member_end"),
    path("pinjaman/<uuid:loan_id>/<slug:step>/", counter.loan, name="desk_reading_loan"),
    path("stok/<uuid:stocktake_id>/", stock.one, name="desk_reading_stock"),
    path("stok/<uuid:stocktake_id>/selesai/", stock.close, name="desk_reading_stock_close"),
    path("stok/<uuid:stocktake_id>/lembar/", stock.sheet, name="desk_reading_stock_sheet"),
]
