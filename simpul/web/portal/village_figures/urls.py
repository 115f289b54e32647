"""The address of the post's open figures."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.village_figures import views

urlpatterns = [path("angka/pos/", views.figures, name="village_figures")]
