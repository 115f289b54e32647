"""Addresses under /api/. Open311 clients write theirs in many ways, so its one view reads the rest of the address itself."""

from __future__ import annotations

from django.urls import include, path, re_path

from simpul.api.open311 import views as open311
from simpul.api.v1 import door

urlpatterns = [
    path("open311/v2", open311.georeport, name="open311_root"),
    path("open311/v2/", open311.georeport, name="open311"),
    re_path(r"^open311/v2/(?P<rest>(?s:.+))\Z", open311.georeport, name="open311_call"),
    path("v1/", include((door.urlpatterns, "api_v1"))),
]
