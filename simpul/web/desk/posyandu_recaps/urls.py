"""Addresses under /meja/posyandu-rekap/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_recaps import area, columns, month, trend

urlpatterns = [
    path("", area.listed, name="desk_posyandu_recaps"),
    path("ekspor/", area.export, name="desk_posyandu_recaps_csv"),
    path("kolom/", columns.sheet, name="desk_posyandu_columns"),
    path("kolom/cetak/", columns.printed, name="desk_posyandu_columns_print"),
    path("kolom/ekspor/", columns.export, name="desk_posyandu_columns_csv"),
    path("tren/", trend.trend, name="desk_posyandu_trend"),
    path("tren/ekspor/", trend.export, name="desk_posyandu_trend_csv"),
    path("arsip/<uuid:recap_id>/buka/", month.reopen, name="desk_posyandu_recap_reopen"),
    path("<uuid:posyandu_id>/", month.recap, name="desk_posyandu_recap"),
    path("<uuid:posyandu_id>/cetak/", month.printed, name="desk_posyandu_recap_print"),
    path("<uuid:posyandu_id>/ekspor/", month.export, name="desk_posyandu_recap_csv"),
    path("<uuid:posyandu_id>/tutup/", month.close, name="desk_posyandu_recap_close"),
]
