"""Addresses under /meja/ for programmes: a household's verdicts, what is received, screenings, the rules."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.programmes import benefits, catalogue, screenings, sheet

urlpatterns = [
    path("warga/<uuid:household_id>/penilaian/", sheet.sheet, name="desk_programmes_sheet"),
    path("warga/<uuid:household_id>/penilaian/cetak/", sheet.paper, name="desk_programmes_print"),
    path("warga/<uuid:household_id>/penilaian/putuskan/", sheet.decide, name="desk_programmes_decide"),
    path("warga/<uuid:household_id>/bantuan/", benefits.benefits, name="desk_programmes_benefits"),
    path(
        "warga/<uuid:household_id>/bantuan/<uuid:benefit_id>/akhiri/",
        benefits.end,
        name="desk_programmes_benefit_end",
    ),
    path("program/", catalogue.programmes, name="desk_programmes"),
    path("program/saringan/", screenings.screenings, name="desk_programmes_screenings"),
    path("program/saringan/<uuid:run_id>/", screenings.run, name="desk_programmes_run"),
    path("program/saringan/<uuid:run_id>/unduh/", screenings.download, name="desk_programmes_download"),
    path("program/<slug:code>/", catalogue.programme, name="desk_programmes_one"),
]
