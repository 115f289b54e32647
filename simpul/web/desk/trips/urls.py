"""Addresses under /meja/perjalanan/ and /meja/pendampingan/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.trips import accompany, leaving, loading, pages, stops, ways

urlpatterns = [
    path("perjalanan/", pages.listed, name="desk_trips"),
    path("perjalanan/baru/", pages.new, name="desk_trip_new"),
    path("perjalanan/peta/", ways.contacts, name="desk_trip_map"),
    path("perjalanan/waktu/", ways.legs, name="desk_trip_legs"),
    path("perjalanan/waktu/<uuid:leg_id>/hapus/", ways.drop, name="desk_trip_leg_drop"),
    path("perjalanan/aturan/", ways.questions, name="desk_trip_rules"),
    path("perjalanan/janji/", stops.promises, name="desk_trip_promises"),
    path("perjalanan/janji/<uuid:promise_id>/", stops.keep, name="desk_trip_promise"),
    path("perjalanan/singgah/<uuid:stop_id>/", stops.stop, name="desk_trip_stop"),
    path("perjalanan/singgah/<uuid:stop_id>/ubah/", stops.change, name="desk_trip_stop_change"),
    path("perjalanan/singgah/<uuid:stop_id>/hapus/", pages.drop_stop, name="desk_trip_stop_drop"),
    path("perjalanan/singgah/<uuid:stop_id>/catat/<slug:step>/", stops.tell, name="desk_trip_tell"),
    path(
        "perjalanan/singgah/<uuid:stop_id>/<slug:step>/<uuid:row_id>/urungkan/",
        stops.take_back,
        name="desk_trip_undo",
    ),
    path("perjalanan/<uuid:trip_id>/", pages.trip, name="desk_trip"),
    path("perjalanan/<uuid:trip_id>/rencana/", pages.change, name="desk_trip_change"),
    path("perjalanan/<uuid:trip_id>/singgah/", pages.add_stop, name="desk_trip_stop_add"),
    path("perjalanan/<uuid:trip_id>/urutan/", pages.order, name="desk_trip_order"),
    path("perjalanan/<uuid:trip_id>/cetak/", pages.sheet, name="desk_trip_print"),
    path("perjalanan/<uuid:trip_id>/batalkan/", pages.call_off, name="desk_trip_call_off"),
    path("perjalanan/<uuid:trip_id>/bawaan/", loading.load, name="desk_trip_load"),
    path("perjalanan/<uuid:trip_id>/bawaan/hitung/", loading.count, name="desk_trip_count"),
    path(
        "perjalanan/<uuid:trip_id>/bawaan/<uuid:carry_id>/hapus/",
        loading.drop_carry,
        name="desk_trip_carry_drop",
    ),
    path(
        "perjalanan/<uuid:trip_id>/tim/<uuid:member_id>/hapus/",
        loading.drop_member,
        name="desk_trip_member_drop",
    ),
    path("perjalanan/<uuid:trip_id>/rumah/", loading.doors, name="desk_trip_doors"),
    path("perjalanan/<uuid:trip_id>/rumah/<uuid:row_id>/<slug:step>/", loading.door, name="desk_trip_door"),
    path("perjalanan/<uuid:trip_id>/berangkat/", leaving.leave, name="desk_trip_leave"),
    path("perjalanan/<uuid:trip_id>/berangkat/izinkan/", leaving.clear, name="desk_trip_clear"),
    path("perjalanan/<uuid:trip_id>/berangkat/mulai/", leaving.start, name="desk_trip_start"),
    path("perjalanan/<uuid:trip_id>/pulang/", leaving.back, name="desk_trip_back"),
    path("perjalanan/<uuid:trip_id>/pulang/tutup/", leaving.close, name="desk_trip_close"),
    path("pendampingan/", accompany.listed, name="desk_accompaniments"),
    path("pendampingan/baru/", accompany.new, name="desk_accompaniment_new"),
    path("pendampingan/<uuid:accompaniment_id>/", accompany.one, name="desk_accompaniment"),
    path("pendampingan/<uuid:accompaniment_id>/<slug:step>/", accompany.tell, name="desk_accompaniment_tell"),
]
