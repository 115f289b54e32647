"""Addresses under /meja/kotak-pemilu/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.election import filing, pages

urlpatterns = [
    path("", pages.box, name="desk_box"),
    path("kunci/", pages.key, name="desk_box_key"),
    path("kunci/<uuid:keeper_id>/pensiun/", pages.retire, name="desk_box_key_retire"),
    path("register/", pages.paper, name="desk_box_register"),
    path("tahapan/", pages.new_stage, name="desk_box_stage_new"),
    path("tahapan/<uuid:stage_id>/", pages.stage, name="desk_box_stage"),
    path("tahapan/<uuid:stage_id>/tutup/", pages.close_stage, name="desk_box_stage_close"),
    path("tahapan/<uuid:stage_id>/laporan/", filing.file, name="desk_box_file"),
    path("tanda/<uuid:report_id>/", filing.receipt, name="desk_box_receipt"),
    path("<uuid:report_id>/", pages.report, name="desk_box_report"),
    path("<uuid:report_id>/<slug:step>/", pages.act, name="desk_box_act"),
]
