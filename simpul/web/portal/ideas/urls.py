"""Addresses under /ide/."""

from __future__ import annotations

from django.urls import path

from simpul.web.portal.ideas import propose, talk, views, voice

urlpatterns = [
    path("ide/", views.listed, name="ideas"),
    path("ide/baru/", propose.propose, name="idea_new"),
    path("ide/saya/", views.mine, name="idea_mine"),
    path("ide/rencana/", views.plan, name="village_plan"),
    path("ide/<str:code>/", views.one, name="idea"),
    path("ide/<str:code>/dukung/", voice.support, name="idea_support"),
    path("ide/<str:code>/suara/", voice.phone, name="idea_phone"),
    path("ide/<str:code>/kode/", voice.code, name="idea_code"),
    path("ide/<str:code>/pendapat/", talk.opinion, name="idea_opinion"),
    path("ide/<str:code>/tanggapan/", talk.comment, name="idea_comment"),
    path("ide/<str:code>/kalimat/", talk.sentence, name="idea_sentence"),
]
