"""Addresses under /meja/posyandu-permintaan/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_requests import acts, one, pages, taking

urlpatterns = [
    path("", pages.listed, name="desk_posyandu_requests"),
    path("indikator/", pages.indicators, name="desk_posyandu_request_indicators"),
    path("baru/", taking.new, name="desk_posyandu_request_new"),
    path("dari/<uuid:case_id>/", taking.join, name="desk_posyandu_request_join"),
    path("foto/<uuid:requestphoto_id>/", one.photo, name="desk_posyandu_request_photo"),
    path("<uuid:fieldrequest_id>/", one.overview, name="desk_posyandu_request"),
    path("<uuid:fieldrequest_id>/berkas/", one.mark, name="desk_posyandu_request_mark"),
    path("<uuid:fieldrequest_id>/cetak/", one.paper, name="desk_posyandu_request_paper"),
    path("<uuid:fieldrequest_id>/langkah/<slug:slug>/", acts.act, name="desk_posyandu_request_act"),
]
