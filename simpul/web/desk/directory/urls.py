"""Addresses under /meja/direktori/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.directory import views

urlpatterns = [
    path("", views.listed, name="desk_directory"),
    path("baru/", views.new, name="desk_listing_new"),
    path("teks/", views.text, name="desk_directory_text"),
    path("<uuid:listing_id>/", views.one, name="desk_listing"),
    path("<uuid:listing_id>/ubah/", views.change, name="desk_listing_change"),
    path("<uuid:listing_id>/setuju/", views.agree, name="desk_listing_agree"),
    path("<uuid:listing_id>/cabut/", views.disagree, name="desk_listing_disagree"),
    path("<uuid:listing_id>/keluarkan/", views.end, name="desk_listing_end"),
    path("<uuid:listing_id>/kembalikan/", views.restore, name="desk_listing_restore"),
]
