"""Addresses under /meja/direktori/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.directory import pages

urlpatterns = [
    path("", pages.listed, name="desk_directory"),
    path("baru/", pages.new, name="desk_listing_new"),
    path("teks/", pages.text, name="desk_directory_text"),
    path("<uuid:listing_id>/", pages.one, name="desk_listing"),
    path("<uuid:listing_id>/ubah/", pages.change, name="desk_listing_change"),
    path("<uuid:listing_id>/setuju/", pages.agree, name="desk_listing_agree"),
    path("<uuid:listing_id>/cabut/", pages.disagree, name="desk_listing_disagree"),
    path("<uuid:listing_id>/keluarkan/", pages.end, name="desk_listing_end"),
    path("<uuid:listing_id>/kembalikan/", pages.restore, name="desk_listing_restore"),
]
