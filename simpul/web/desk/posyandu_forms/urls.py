"""Addresses under /meja/posyandu-formulir/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_forms import grid, listing, sheets, stack

urlpatterns = [
    path("", listing.home, name="desk_posyandu_forms_home"),
    path("kartu/<uuid:participant_id>/<str:code>/", sheets.card, name="desk_posyandu_card_sheet"),
    path("<uuid:posyandu_id>/", listing.listed, name="desk_posyandu_forms"),
    path("<uuid:posyandu_id>/<str:code>/", listing.one, name="desk_posyandu_form"),
    path("<uuid:posyandu_id>/<str:code>/cetak/", sheets.sheet, name="desk_posyandu_sheet"),
    path("<uuid:posyandu_id>/<str:code>/isi/", grid.grid, name="desk_posyandu_grid"),
    path(
        "<uuid:posyandu_id>/<str:code>/isi/<uuid:participant_id>/", grid.line, name="desk_posyandu_grid_line"
    ),
    path(
        "<uuid:posyandu_id>/<str:code>/isi/<uuid:participant_id>/buang/",
        grid.drop,
        name="desk_posyandu_grid_drop",
    ),
    path(
        "<uuid:posyandu_id>/tumpukan/kunjungan/<int:checklist>/",
        stack.visits,
        name="desk_posyandu_stack_visits",
    ),
    path(
        "<uuid:posyandu_id>/tumpukan/kunjungan/<int:checklist>/<int:number>/",
        stack.visit_line,
        name="desk_posyandu_stack_visit",
    ),
    path(
        "<uuid:posyandu_id>/tumpukan/sasaran/<str:letter>/", stack.people, name="desk_posyandu_stack_people"
    ),
    path(
        "<uuid:posyandu_id>/tumpukan/sasaran/<str:letter>/<int:number>/",
        stack.person_line,
        name="desk_posyandu_stack_person",
    ),
]
