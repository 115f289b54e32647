"""Addresses under /meja/surat/register/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.letter_registers import books, keeping, keys, standing

urlpatterns = [
    path("", books.book, {"code": "agenda"}, name="desk_letter_registers"),
    path("ekspedisi/", books.book, {"code": "expedition"}, name="desk_letter_expedition"),
    path("pelayanan/", books.book, {"code": "service"}, name="desk_letter_service"),
    path("arsip/", books.book, {"code": "archive"}, name="desk_letter_archive"),
    path("<slug:name>/cetak/", books.printed, name="desk_letter_book_print"),
    path("<slug:name>/unduh/", books.exported, name="desk_letter_book_csv"),
    path("masuk/baru/", keeping.incoming_new, name="desk_incoming_new"),
    path("masuk/<uuid:incoming_id>/", keeping.incoming, name="desk_incoming"),
    path("masuk/<uuid:incoming_id>/disposisi/", keeping.dispose, name="desk_incoming_dispose"),
    path("masuk/<uuid:incoming_id>/batal/", keeping.void, name="desk_incoming_void"),
    path("masuk/<uuid:incoming_id>/berkas/", keeping.scan, name="desk_incoming_scan"),
    path("ekspedisi/baru/", keeping.expedition_new, name="desk_expedition_new"),
    path("ekspedisi/<uuid:expedition_id>/", keeping.expedition, name="desk_expedition"),
    path("ekspedisi/<uuid:expedition_id>/tarik/", keeping.withdraw, name="desk_expedition_withdraw"),
    path("kunci/", keys.keys, name="desk_letter_keys"),
    path("kunci/buat/", keys.make, name="desk_letter_key_make"),
    path("kunci/ganti/", keys.rotate, name="desk_letter_key_rotate"),
    path("kunci/bsre/", keys.bsre, name="desk_letter_bsre"),
    path("surat/<uuid:letter_id>/pdf/", standing.pdf, name="desk_letter_pdf"),
    path("surat/<uuid:letter_id>/keadaan/", standing.standing, name="desk_letter_standing"),
    path("surat/<uuid:letter_id>/bsre/", standing.certify, name="desk_letter_certify"),
    path("surat/<uuid:letter_id>/keadaan/<slug:step>/", standing.step, name="desk_letter_standing_step"),
]
