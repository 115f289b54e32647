"""Addresses under /meja/jemput/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.outreach import checking, door, giving, lists

urlpatterns = [
    path("", lists.mine, name="desk_outreach"),
    path("cetak/", lists.pack, name="desk_outreach_print"),
    path("kemajuan/", lists.progress, name="desk_outreach_progress"),
    path("belum-terjangkau/", lists.coverage, name="desk_outreach_never"),
    path("bagi/", giving.assign, name="desk_outreach_assign"),
    path("bagi/<uuid:assignment_id>/tarik/", giving.withdraw, name="desk_outreach_withdraw"),
    path("periksa/", checking.waiting, name="desk_outreach_check"),
    path("periksa/terbitkan/", checking.publish, name="desk_outreach_publish"),
    path("sampel/", checking.samples, name="desk_outreach_samples"),
    path("sampel/<uuid:sample_id>/", checking.sample, name="desk_outreach_sample"),
    path("sampel/lihat/<uuid:row_id>/", checking.review, name="desk_outreach_review"),
    path("rumah/<uuid:household_id>/", door.door, name="desk_outreach_door"),
    path("rumah/<uuid:household_id>/kunjungan/", door.visit, name="desk_outreach_visit"),
    path("rumah/<uuid:household_id>/verifikasi/<slug:step>/", door.verify, name="desk_outreach_verify"),
    path("kunjungan/<uuid:visit_id>/foto/<int:place>/", door.photo, name="desk_outreach_photo"),
    path("kunjungan/<uuid:visit_id>/urungkan/", door.take_back, name="desk_outreach_undo"),
]
