"""Addresses under /tablet/."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.post import views

urlpatterns = [
    path("<str:token>/", views.door, name="portal_kiosk"),
    path("<str:token>/datang/", views.come, name="portal_kiosk_come"),
    path("<str:token>/pulang/", views.leave, name="portal_kiosk_leave"),
    path("<str:token>/terima-kasih/", views.thanks, name="portal_kiosk_thanks"),
]
