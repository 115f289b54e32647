"""Addresses under /meja/rencana/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.plans import views

urlpatterns = [
    path("", views.listed, name="desk_plans"),
    path("baru/", views.begin, name="desk_plan_new"),
    path("<uuid:plan_id>/", views.plan, name="desk_plan"),
    path("<uuid:plan_id>/cetak/", views.print_plan, name="desk_plan_print"),
    path("<uuid:plan_id>/tujuan/<uuid:row_id>/<slug:slug>/", views.act, name="desk_plan_row_act"),
    path("<uuid:plan_id>/<slug:slug>/", views.act, name="desk_plan_act"),
]
