"""The address of the open page of posyandu."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.posyandu import views

urlpatterns = [path("posyandu/", views.posyandu, name="portal_posyandu")]
