"""Addresses under /meja/jangkauan/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.reach import touched, views

urlpatterns = [
    path("", views.reach, name="desk_reach"),
    path("rumah-tangga/", views.behind, name="desk_reach_behind"),
    path("ekspor/", views.export, name="desk_reach_csv"),
    path("tersentuh/", touched.touched, name="desk_touched"),
    path("tersentuh/rumah-tangga/", touched.behind, name="desk_touched_behind"),
    path("tersentuh/ekspor/", touched.export, name="desk_touched_csv"),
]
