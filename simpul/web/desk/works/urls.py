"""Addresses under /meja/karya/ and /meja/lahan/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.works import book, land, pages, steps

urlpatterns = [
    path("karya/", pages.listed, name="desk_works"),
    path("karya/baru/", pages.new, name="desk_work_new"),
    path("karya/harga/", book.rates, name="desk_work_rates"),
    path("karya/foto/<uuid:picture_id>", book.picture, name="desk_work_picture"),
    path("karya/kuitansi/<uuid:entry_id>", book.receipt, name="desk_work_receipt"),
    path("karya/<uuid:work_id>/", pages.one, name="desk_work"),
    path("karya/<uuid:work_id>/ubah/", pages.change, name="desk_work_change"),
    path("karya/<uuid:work_id>/cetak/", pages.paper, name="desk_work_print"),
    path("karya/<uuid:work_id>/langkah/<slug:name>/", steps.step, name="desk_work_step"),
    path("karya/<uuid:work_id>/catat/<slug:name>/", book.write, name="desk_work_write"),
    path("karya/<uuid:work_id>/alat/<uuid:entry_id>/", book.tool_back, name="desk_work_tool"),
    path(
        "karya/<uuid:work_id>/tarik/<slug:name>/<uuid:entry_id>/", book.take_back, name="desk_work_take_back"
    ),
    path("lahan/", land.listed, name="desk_land"),
    path("lahan/baru/", land.new, name="desk_land_new"),
    path("lahan/<uuid:parcel_id>/", land.one, name="desk_land_one"),
    path("lahan/<uuid:parcel_id>/ubah/", land.change, name="desk_land_change"),
    path("lahan/<uuid:parcel_id>/hapus/", land.remove, name="desk_land_remove"),
    path("lahan/<uuid:parcel_id>/catat/<slug:name>/<uuid:of_id>/", land.write, name="desk_land_write"),
]
