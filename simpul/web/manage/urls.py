"""Addresses under /kelola/."""

from __future__ import annotations

from django.urls import path

from simpul.web.manage import (
    calendar,
    desks,
    home,
    institution,
    kinds,
    questions,
    regions,
    routes,
    seats,
    texts,
    users,
    watching,
)

urlpatterns = [
    path("", home.home, name="manage_home"),
    path("lembaga/", institution.institution, name="manage_institution"),
    path("lembaga/pratinjau/", institution.preview, name="manage_institution_preview"),
    path("meja/", desks.desks, name="manage_desks"),
    path("meja/buka/", desks.open_desk, name="manage_desk_open"),
    path("meja/<uuid:desk_id>/", desks.desk, name="manage_desk"),
    path("meja/<uuid:desk_id>/ubah/", desks.change_desk, name="manage_desk_change"),
    path("meja/<uuid:desk_id>/jam/", desks.hours, name="manage_desk_hours"),
    path("meja/<uuid:desk_id>/tutup/", desks.close_desk, name="manage_desk_close"),
    path("orang/", users.users, name="manage_users"),
    path("orang/tambah/", users.add_user, name="manage_user_add"),
    path("orang/<uuid:user_id>/", users.user, name="manage_user"),
    path("orang/<uuid:user_id>/ubah/", users.change_user, name="manage_user_change"),
    path("orang/<uuid:user_id>/matikan/", users.disable_user, name="manage_user_disable"),
    path("orang/<uuid:user_id>/nyalakan/", users.enable_user, name="manage_user_enable"),
    path("orang/<uuid:user_id>/sandi/", users.issue_password, name="manage_user_password"),
    path("kursi/", seats.seats, name="manage_seats"),
    path("kursi/beri/", seats.give_seat, name="manage_seat_give"),
    path("kursi/<uuid:seat_id>/tarik/", seats.withdraw_seat, name="manage_seat_withdraw"),
    path("delegasi/", seats.delegations, name="manage_delegations"),
    path("delegasi/beri/", seats.give_delegation, name="manage_delegation_give"),
    path("delegasi/<uuid:delegation_id>/akhiri/", seats.end_delegation, name="manage_delegation_end"),
    path("tautan/", seats.links, name="manage_links"),
    path("tautan/terbitkan/", seats.issue_link, name="manage_link_issue"),
    path("tautan/<uuid:link_id>/tarik/", seats.withdraw_link, name="manage_link_withdraw"),
    path("jenis/", kinds.kinds, name="manage_kinds"),
    path("jenis/<slug:code>/", kinds.kind, name="manage_kind"),
    path("jenis/<slug:code>/kata/", kinds.words, name="manage_kind_words"),
    path("jenis/<slug:code>/standar/", kinds.standard, name="manage_kind_standard"),
    path("jenis/<slug:code>/waktu/", kinds.clocks, name="manage_kind_clocks"),
    path("jenis/<slug:code>/aturan/", kinds.rules, name="manage_kind_rules"),
    path("jenis/<slug:code>/pratinjau/", kinds.preview, name="manage_kind_preview"),
    path("jenis/<slug:code>/pertanyaan/tambah/", questions.add_question, name="manage_question_add"),
    path(
        "jenis/<slug:code>/pertanyaan/<slug:key>/", questions.change_question, name="manage_question_change"
    ),
    path(
        "jenis/<slug:code>/pertanyaan/<slug:key>/pindah/",
        questions.move_question,
        name="manage_question_move",
    ),
    path(
        "jenis/<slug:code>/pertanyaan/<slug:key>/hapus/",
        questions.remove_question,
        name="manage_question_remove",
    ),
    path("jenis/<slug:code>/jalur/", routes.set_route, name="manage_route_set"),
    path("jalur/", routes.routes, name="manage_routes"),
    path("kalender/", calendar.calendar, name="manage_calendar"),
    path("kalender/muat/", calendar.load_holidays, name="manage_holidays_load"),
    path("kalender/libur/tambah/", calendar.add_holiday, name="manage_holiday_add"),
    path(
        "kalender/libur/<uuid:holiday_id>/tarik/", calendar.withdraw_holiday, name="manage_holiday_withdraw"
    ),
    path("kalender/henti/", calendar.suspensions, name="manage_suspensions"),
    path("kalender/henti/tambah/", calendar.add_suspension, name="manage_suspension_add"),
    path(
        "kalender/henti/<uuid:suspension_id>/akhiri/", calendar.end_suspension, name="manage_suspension_end"
    ),
    path("kalender/hitung/", calendar.due_date, name="manage_due_date"),
    path("teks/", texts.texts, name="manage_texts"),
    path("teks/<slug:key>/<slug:road>/<slug:language>/", texts.text, name="manage_text"),
    path("teks/<slug:key>/<slug:road>/<slug:language>/asli/", texts.reset_text, name="manage_text_reset"),
    path("wilayah/", regions.regions, name="manage_regions"),
    path("wilayah/<str:code>/", regions.region, name="manage_region"),
    path("wilayah/<str:code>/dusun/", regions.add_hamlet, name="manage_hamlet_add"),
    path("wilayah/<str:code>/perubahan/", regions.change_region, name="manage_region_change"),
    path("publikasi/", watching.publication, name="manage_publication"),
    path("jurnal/", watching.journal, name="manage_journal"),
    path("jurnal/<uuid:line_id>/", watching.line, name="manage_line"),
    path("jurnal/<uuid:line_id>/buka/", watching.open_line, name="manage_line_open"),
    path("jurnal/<uuid:line_id>/samarkan/", watching.redact_line, name="manage_line_redact"),
    path("kesehatan/", watching.health, name="manage_health"),
]
