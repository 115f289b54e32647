"""Addresses of the public door; the names of the pages are Indonesian, as people say and print them."""

from __future__ import annotations

from django.urls import include, path

from simpul.web.portal import (
    answers,
    feeds,
    figures,
    follow,
    handover,
    home,
    receipt,
    report,
    report_send,
    services,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("bahasa/", home.language, name="language"),
    path("keluar-cepat/", home.leave, name="leave"),
    path("privasi/", home.privacy, name="privacy"),
    path("aksesibilitas/", home.accessibility, name="accessibility"),
    path("lapor/", report.what, name="report"),
    path("lapor/cerita/", report.story, name="report_story"),
    path("lapor/tempat/", report.place, name="report_place"),
    path("lapor/rincian/", report.details, name="report_details"),
    path("lapor/pelapor/", report.person, name="report_person"),
    path("lapor/serupa/", report.alike, name="report_similar"),
    path("lapor/periksa/", report_send.check, name="report_check"),
    path("lapor/batal/", report.start_over, name="report_drop"),
    path("lapor/terima-kasih/<str:token>/", receipt.receipt, name="report_receipt"),
    path("lapor/terima-kasih/<str:token>/pdf/", receipt.pdf, name="report_pdf"),
    path("lapor/terima-kasih/<str:token>/cetak/<slug:size>/", receipt.slip, name="report_slip"),
    path("lacak/", follow.prove, name="follow"),
    path("lacak/laporan/", follow.matter, name="follow_matter"),
    path("lacak/laporan/balas/", follow.reply, name="follow_reply"),
    path("lacak/laporan/tambah/", follow.add, name="follow_add"),
    path("lacak/laporan/nilai/", follow.rate, name="follow_rate"),
    path("lacak/laporan/belum-selesai/", follow.dispute, name="follow_dispute"),
    path("lacak/keluar/", follow.leave, name="follow_leave"),
    path("jawaban/", answers.answers, name="answers"),
    path("jawaban/atom.xml", feeds.atom, name="answers_atom"),
    path("jawaban/feed.json", feeds.json_feed, name="answers_json"),
    path("jawaban/sisip/", feeds.embed, name="answers_embed"),
    path("jawaban/<slug:slug>/", answers.answer, name="answer"),
    path("jawaban/<slug:slug>/foto/<int:place>/", answers.photo, name="answer_photo"),
    path("layanan/", services.services, name="services"),
    path("layanan/<slug:code>/", services.service, name="service"),
    path("surat/", include("simpul.web.portal.letter_proof.urls")),
    path("berita-acara/<str:token>/", handover.handover, name="portal_handover"),
    path("", include("simpul.web.portal.works.urls")),
    path("angka/", figures.figures, name="figures"),
    path("angka/angka.csv", figures.figures_csv, name="figures_csv"),
]
