"""Addresses under /meja/angka-desa/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.village_figures import views

urlpatterns = [
    path("", views.figures, name="desk_village_figures"),
    path("ekspor/", views.export, name="desk_village_figures_csv"),
]
