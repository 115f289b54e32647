"""Addresses under /hook/. The code is that of the gateway; an address without one finds it by its secret."""

from __future__ import annotations

from django.urls import path

from simpul.hooks import views

urlpatterns = [
    path("whatsapp/", views.whatsapp, name="hook_whatsapp"),
    path("whatsapp/<slug:code>/", views.whatsapp, name="hook_whatsapp_code"),
    path("telegram/", views.telegram, name="hook_telegram"),
    path("telegram/<slug:code>/", views.telegram, name="hook_telegram_code"),
    path("sms/<slug:code>/", views.sms, name="hook_sms"),
]
