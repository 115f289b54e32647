"""The address printed on a record of settlement."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.settlement import views

urlpatterns = [path("perdamaian/<str:token>/", views.settlement, name="portal_settlement")]
