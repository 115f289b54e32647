"""Addresses under /meja/posyandu-tukar/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_exchange import connecting, differing, files, pages

urlpatterns = [
    path("", pages.home, name="desk_posyandu_exchange"),
    path("siapkan/", pages.prepare, name="desk_posyandu_prepare"),
    path("kiriman/<uuid:shipment_id>/ulangi/", pages.retry, name="desk_posyandu_retry"),
    path("kiriman/<uuid:shipment_id>/batal/", pages.drop, name="desk_posyandu_drop"),
    path("sambungan/<slug:system>/", connecting.connection, name="desk_posyandu_connection"),
    path("sambungan/<uuid:connection_id>/coba/", connecting.attempt, name="desk_posyandu_try"),
    path("berkas/<slug:kind>/", files.take, name="desk_posyandu_file"),
    path("eppgbm/<uuid:batch_id>/", differing.one, name="desk_posyandu_differences"),
    path("eppgbm/<uuid:batch_id>/csv/", differing.export, name="desk_posyandu_differences_csv"),
]
