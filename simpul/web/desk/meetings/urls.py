"""Addresses under /meja/musyawarah/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.meetings import ending, names, objecting, pages, running

urlpatterns = [
    path("", pages.listed, name="desk_meetings"),
    path("baru/", pages.new, name="desk_meeting_new"),
    path("<uuid:meeting_id>/", running.names, name="desk_meeting"),
    path("<uuid:meeting_id>/rencana/", pages.change, name="desk_meeting_change"),
    path("<uuid:meeting_id>/mulai/", pages.hold, name="desk_meeting_hold"),
    path("<uuid:meeting_id>/batalkan/", pages.call_off, name="desk_meeting_withdraw"),
    path("<uuid:meeting_id>/putuskan/", running.decide, name="desk_meeting_decide"),
    path("<uuid:meeting_id>/putuskan-sisanya/", running.decide_rest, name="desk_meeting_decide_rest"),
    path("<uuid:meeting_id>/urungkan/", running.take_back, name="desk_meeting_undo"),
    path("<uuid:meeting_id>/daftar/", names.bring, name="desk_meeting_bring"),
    path("<uuid:meeting_id>/daftar/warga/", names.register, name="desk_meeting_register"),
    path("<uuid:meeting_id>/hadir/", running.attendance, name="desk_meeting_attendance"),
    path("<uuid:meeting_id>/hadir/hitung/", running.count, name="desk_meeting_count"),
    path("<uuid:meeting_id>/hadir/tandai/", running.mark, name="desk_meeting_mark"),
    path("<uuid:meeting_id>/keberatan/", objecting.objections, name="desk_meeting_objections"),
    path("<uuid:meeting_id>/keberatan/<uuid:objection_id>/", objecting.answer, name="desk_meeting_answer"),
    path("<uuid:meeting_id>/berita-acara/", ending.minutes, name="desk_meeting_minutes"),
    path("<uuid:meeting_id>/berita-acara.pdf", ending.pdf, name="desk_meeting_pdf"),
    path("<uuid:meeting_id>/tutup/", ending.close, name="desk_meeting_close"),
    path("<uuid:meeting_id>/versi-baru/", ending.renew, name="desk_meeting_renew"),
    path("<uuid:meeting_id>/berkas/", ending.package, name="desk_meeting_package"),
    path("<uuid:meeting_id>/cetak/", ending.print_list, name="desk_meeting_print"),
]
