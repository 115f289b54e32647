"""Addresses under /kotak-pemilu/."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.election import views

urlpatterns = [
    path("", views.boxes, name="portal_box"),
    path("lacak/", views.follow, name="portal_box_follow"),
    path("lupakan/", views.forget, name="portal_box_forget"),
    path("tanda/<uuid:report_id>/", views.receipt, name="portal_box_receipt"),
    path("<uuid:stage_id>/", views.file, name="portal_box_file"),
]
