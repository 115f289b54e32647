"""Addresses under /meja/pos/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.post import book, counter, figures, relay, roster, setup, swaps, visits

urlpatterns = [
    path("", counter.counter, name="desk_post"),
    path("mulai/<uuid:shift_id>/", counter.begin, name="desk_post_begin"),
    path("selesai/<uuid:duty_id>/", counter.finish, name="desk_post_finish"),
    path("nomor/", counter.give, name="desk_post_give"),
    path("nomor/panggil/", counter.call, name="desk_post_call"),
    path("nomor/<uuid:ticket_id>/<slug:step>/", counter.settle, name="desk_post_ticket"),
    path("tamu/", counter.enter, name="desk_post_enter"),
    path("tamu/<uuid:visitor_id>/", visits.visit, name="desk_post_visit"),
    path("tamu/<uuid:visitor_id>/kunjungan/", visits.begin, name="desk_post_visit_begin"),
    path("tamu/<uuid:visitor_id>/pulang/", counter.leave, name="desk_post_leave"),
    path("jadwal/", roster.month, name="desk_post_roster"),
    path("jadwal/buat/", roster.make, name="desk_post_make"),
    path("jadwal/pola/", roster.pattern, name="desk_post_pattern"),
    path("jadwal/pola/<uuid:pattern_id>/akhiri/", roster.end_pattern, name="desk_post_pattern_end"),
    path("jadwal/giliran/", roster.plan, name="desk_post_plan"),
    path("jadwal/<uuid:shift_id>/", roster.shift, name="desk_post_shift"),
    path("jadwal/<uuid:shift_id>/batal/", roster.cancel, name="desk_post_cancel"),
    path("jadwal/<uuid:shift_id>/pulihkan/", roster.restore, name="desk_post_restore"),
    path("jadwal/tugas/<uuid:duty_id>/lepas/", roster.release, name="desk_post_release"),
    path("tugas/", swaps.mine, name="desk_post_mine"),
    path("tugas/<uuid:duty_id>/tanya/", swaps.offer, name="desk_post_offer"),
    path("tugas/pertanyaan/<uuid:offer_id>/<slug:step>/", swaps.answer, name="desk_post_answer"),
    path("serah-terima/", relay.listed, name="desk_post_relays"),
    path("serah-terima/tulis/", relay.write, name="desk_post_relay_write"),
    path("serah-terima/<uuid:relay_id>/", relay.relay, name="desk_post_relay"),
    path("serah-terima/<uuid:relay_id>/tarik/", relay.withdraw, name="desk_post_relay_withdraw"),
    path("buku-tamu/", book.book, name="desk_post_book"),
    path("buku-tamu/cetak/", book.paper, name="desk_post_book_print"),
    path("buku-tamu/csv/", book.export, name="desk_post_book_csv"),
    path("buku-tamu/<uuid:visitor_id>/", book.visitor, name="desk_post_visitor"),
    path("buku-tamu/<uuid:visitor_id>/<slug:step>/", book.act, name="desk_post_visitor_act"),
    path("angka/", figures.figures, name="desk_post_figures"),
    path("pengaturan/", setup.setup, name="desk_post_setup"),
    path("pengaturan/pos/", setup.begin, name="desk_post_setup_begin"),
    path("pengaturan/tablet/<slug:step>/", setup.kiosk, name="desk_post_kiosk"),
]
