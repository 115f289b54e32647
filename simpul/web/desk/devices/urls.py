"""Addresses under /meja/perangkat/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.devices import devices, repairs

urlpatterns = [
    path("", devices.listed, name="desk_devices"),
    path("baru/", devices.invite, name="desk_device_invite"),
    path("perbaikan/", repairs.listed, name="desk_repairs"),
    path("perbaikan/<uuid:task_id>/", repairs.one, name="desk_repair"),
    path("penghapusan/", repairs.erasures, name="desk_erasures"),
    path("<uuid:device_id>/", devices.one, name="desk_device"),
    path("<uuid:device_id>/kunci/", devices.revoke, name="desk_device_revoke"),
    path("<uuid:device_id>/perpanjang/", devices.renew, name="desk_device_renew"),
    path("<uuid:device_id>/wilayah/", devices.rescope, name="desk_device_scope"),
]
