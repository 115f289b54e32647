"""Addresses under /meja/jangkauan/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.reach import views

urlpatterns = [
    path("", views.reach, name="desk_reach"),
    path("rumah-tangga/", views.behind, name="desk_reach_behind"),
    path("ekspor/", views.export, name="desk_reach_csv"),
]
