"""Addresses under /meja/posyandu-tugas/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_tasks import findings, homes, listing

urlpatterns = [
    path("", listing.listed, name="desk_posyandu_tasks"),
    path("cetak/", listing.paper, name="desk_posyandu_tasks_print"),
    path("periksa/<uuid:posyandu_id>/", listing.look_again, name="desk_posyandu_tasks_sweep"),
    path("temuan/", findings.listed, name="desk_posyandu_findings"),
    path("temuan/<uuid:finding_id>/", findings.one, name="desk_posyandu_finding"),
    path("temuan/<uuid:finding_id>/<slug:step>/", findings.act, name="desk_posyandu_finding_act"),
    path("keluarga/<uuid:household_id>/", homes.one, name="desk_posyandu_home"),
    path("keluarga/<uuid:household_id>/tugas/", homes.add, name="desk_posyandu_task_new"),
    path("<uuid:cadretask_id>/", listing.one, name="desk_posyandu_task"),
    path("<uuid:cadretask_id>/<slug:step>/", listing.act, name="desk_posyandu_task_act"),
]
