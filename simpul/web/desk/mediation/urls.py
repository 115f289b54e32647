"""Addresses under /meja/sengketa/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.mediation import acts, agreement, one, pages, room

urlpatterns = [
    path("", pages.listed, name="desk_disputes"),
    path("buku/", pages.register, name="desk_dispute_register"),
    path("dilindungi/", pages.protected, name="desk_dispute_protected"),
    path("buka/<uuid:case_id>/", pages.take_in, name="desk_dispute_open"),
    path("berkas/<uuid:evidence_id>/", one.evidence_file, name="desk_dispute_evidence"),
    path("<uuid:dispute_id>/", one.overview, name="desk_dispute"),
    path("<uuid:dispute_id>/sidang/", one.sessions, name="desk_dispute_sessions"),
    path("<uuid:dispute_id>/sidang/<uuid:session_id>/", room.room, name="desk_dispute_room"),
    path("<uuid:dispute_id>/sidang/<uuid:session_id>/hadir/", room.attend, name="desk_dispute_attend"),
    path("<uuid:dispute_id>/sidang/<uuid:session_id>/cetak/", room.paper, name="desk_dispute_room_paper"),
    path("<uuid:dispute_id>/bukti/", one.files, name="desk_dispute_files"),
    path("<uuid:dispute_id>/kesepakatan/", agreement.agreement, name="desk_dispute_agreement"),
    path("<uuid:dispute_id>/kesepakatan/<uuid:agreement_id>.pdf", agreement.as_pdf, name="desk_dispute_pdf"),
    path("<uuid:dispute_id>/tindak-lanjut/", agreement.followed, name="desk_dispute_followed"),
    path("<uuid:dispute_id>/rujukan/", one.referrals, name="desk_dispute_referrals"),
    path("<uuid:dispute_id>/ekspor/", one.export, name="desk_dispute_export"),
    path("<uuid:dispute_id>/pembaca/", one.who_read, name="desk_dispute_readers"),
    path("<uuid:dispute_id>/lakukan/<slug:slug>/", acts.act, name="desk_dispute_act"),
]
