"""Addresses under /papan/."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.board import views

urlpatterns = [
    path("papan/", views.villages, name="boards"),
    path("papan/<str:code>/", views.board, name="board"),
    path("papan/<str:code>/cetak/", views.paper, name="board_print"),
]
