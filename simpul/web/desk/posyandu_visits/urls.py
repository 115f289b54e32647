"""Addresses under /meja/posyandu-kunjungan/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_visits import listing, one, writing

urlpatterns = [
    path("satu/<uuid:homevisit_id>/", one.one, name="desk_posyandu_visit"),
    path("satu/<uuid:homevisit_id>/cetak/", one.paper, name="desk_posyandu_visit_print"),
    path("satu/<uuid:homevisit_id>/tarik/", one.withdraw, name="desk_posyandu_visit_withdraw"),
    path("<uuid:posyandu_id>/", listing.listed, name="desk_posyandu_visits"),
    path("<uuid:posyandu_id>/baru/", writing.new, name="desk_posyandu_visit_new"),
    path("<uuid:posyandu_id>/lapor/", listing.report, name="desk_posyandu_visits_report"),
    path("<uuid:posyandu_id>/pekan/", listing.week, name="desk_posyandu_visits_week"),
]
