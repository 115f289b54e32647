"""Addresses under /mitra/. The secret stands in the address of the first page only."""

from __future__ import annotations

from django.urls import path

from simpul.web.partner import views

urlpatterns = [
    path("", views.page, name="partner_page"),
    path("keluar/", views.leave, name="partner_leave"),
    path("berkas/<uuid:attachment_id>/", views.attachment, name="partner_attachment"),
    path("kasus/<uuid:case_id>/<slug:step>/", views.act, name="partner_act"),
    path("<str:token>/", views.enter, name="partner_enter"),
]
