"""Addresses under /meja/posyandu-hari/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_days import closing, days, queue, work

urlpatterns = [
    path("", days.today, name="desk_posyandu_today"),
    path("<uuid:posyandu_id>/", days.listed, name="desk_posyandu_days"),
    path("hari/<uuid:day_id>/", days.day, name="desk_posyandu_day"),
    path("hari/<uuid:day_id>/langkah/<int:at_step>/", queue.step, name="desk_posyandu_step"),
    path("hari/<uuid:day_id>/datang/", queue.arrive, name="desk_posyandu_arrive"),
    path("hari/<uuid:day_id>/tutup/", closing.close, name="desk_posyandu_day_close"),
    path("hari/<uuid:day_id>/batal/", days.remove, name="desk_posyandu_day_remove"),
    path("hari/<uuid:day_id>/buka-lagi/", closing.reopen, name="desk_posyandu_day_reopen"),
    path("hari/<uuid:day_id>/rekap/", closing.recap, name="desk_posyandu_day_recap"),
    path("antrean/<uuid:coming_id>/<int:at_step>/", work.work, name="desk_posyandu_work"),
    path("antrean/<uuid:coming_id>/pulang/", queue.leave, name="desk_posyandu_leave"),
]
