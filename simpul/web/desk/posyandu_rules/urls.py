"""Addresses under /meja/posyandu-aturan/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_rules import pages

urlpatterns = [
    path("", pages.listed, name="desk_posyandu_rules"),
    path("hitung-ulang/", pages.again, name="desk_posyandu_rules_again"),
    path("pilihan/<uuid:choice_id>/akhiri/", pages.end, name="desk_posyandu_rule_end"),
    path("<slug:code>/", pages.one, name="desk_posyandu_rule"),
]
