"""Addresses under /meja/rujukan/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.referral import views

urlpatterns = [
    path("", views.directory, name="desk_referral"),
    path("meja/", views.desks, name="desk_referral_desks"),
    path("entri/", views.entry, name="desk_referral_entry"),
    path("tanpa-penerima/", views.untaken, name="desk_referral_untaken"),
    path("keputusan/", views.papers, name="desk_referral_papers"),
    path("keputusan/<uuid:approval_id>/", views.paper, name="desk_referral_paper"),
    path("<slug:code>/", views.desk, name="desk_referral_desk"),
]
