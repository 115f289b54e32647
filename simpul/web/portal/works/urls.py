"""Addresses of works and idle land, for everybody."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.works import pages

urlpatterns = [
    path("karya/", pages.listed, name="works"),
    path("karya/<uuid:work_id>/", pages.one, name="work"),
    path("karya/foto/<uuid:picture_id>", pages.picture, name="work_picture"),
    path("lahan/", pages.land, name="land"),
]
