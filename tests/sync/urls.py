"""The door for devices alone: its tests need nothing else."""

from django.urls import include, path

urlpatterns = [path("sync/v1/", include("simpul.api.sync.urls"))]
