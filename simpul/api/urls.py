"""Addresses under /api/. Open311 clients write theirs in many ways, so its one view reads the rest of the address itself."""

from __future__ import annotations

from django.urls import include, path

from simpul.api import rest_of  # noqa: F401 - registers its converter
from simpul.api.open311 import views as open311
from simpul.api.v1 import door

urlpatterns = [
    path("open311/v2", open311.georeport, name="open311_root"),
    path("open311/v2/", open311.georeport, name="open311"),
    path("open311/v2/<anything:rest>", open311.georeport, name="open311_call"),
    path("v1/", include((door.urlpatterns, "api_v1"))),
]
