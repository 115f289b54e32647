"""Addresses under /meja/posyandu-angka/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_figures import names, views

urlpatterns = [
    path("", views.figures, name="desk_posyandu_figures"),
    path("nama/", names.behind, name="desk_posyandu_figures_names"),
    path("posyandu/", names.lacking, name="desk_posyandu_figures_posyandu"),
    path("ekspor/", views.export, name="desk_posyandu_figures_csv"),
]
