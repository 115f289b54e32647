"""Addresses under /meja/papan/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.board import views

urlpatterns = [
    path("", views.listed, name="desk_board"),
    path("baru/", views.new, name="desk_bulletin_new"),
    path("teks/", views.digest, name="desk_digest"),
    path("teks/riwayat/", views.history, name="desk_digest_history"),
    path("<uuid:bulletin_id>/", views.change, name="desk_bulletin"),
    path("<uuid:bulletin_id>/turunkan/", views.end, name="desk_bulletin_end"),
    path("<uuid:bulletin_id>/pasang/", views.restore, name="desk_bulletin_restore"),
]
