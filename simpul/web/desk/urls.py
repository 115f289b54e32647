"""Addresses under /meja/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk import bulk, case, guard, inbox, intake, notices, publishing, watch

urlpatterns = [
    path("", inbox.inbox, name="desk_inbox"),
    path("cari/", inbox.search, name="desk_search"),
    path("bantuan/", inbox.help_page, name="desk_help"),
    path("serentak/", bulk.bulk, name="desk_bulk"),
    path("cetak/", bulk.print_cases, name="desk_print"),
    path("terima/", intake.take_in, name="desk_intake"),
    path("terima/jenis/", intake.kind_fields, name="desk_intake_kind"),
    path("terima/cek/", intake.hints, name="desk_intake_hints"),
    path("terima/tanda/<uuid:visit_id>/", intake.receipt, name="desk_receipt"),
    path("kasus/<uuid:case_id>/", case.case, name="desk_case"),
    path("kasus/<uuid:case_id>/terbitkan/", publishing.prepare, name="desk_prepare"),
    path("kasus/<uuid:case_id>/konsep-otomatis/", case.keep_draft, name="desk_keep_draft"),
    path("kasus/<uuid:case_id>/<slug:slug>/", case.act, name="desk_act"),
    path("berkas/<uuid:attachment_id>/", case.attachment, name="desk_attachment"),
    path("berkas/<uuid:attachment_id>/foto/", case.photo, name="desk_photo"),
    path("berkas/<uuid:attachment_id>/hitamkan/", publishing.mask, name="desk_mask"),
    path("terbitan/", publishing.publications, name="desk_publications"),
    path("terbitan/<uuid:publication_id>/", publishing.publication, name="desk_publication"),
    path("terbitan/<uuid:publication_id>/<slug:step>/", publishing.decide, name="desk_publication_decide"),
    path("perlindungan/", guard.protected, name="desk_protected"),
    path("perlindungan/identitas/<uuid:request_id>/", guard.decide_identity, name="desk_decide_identity"),
    path("darurat/", guard.break_glass, name="desk_break_glass"),
    path("pantau/", watch.watch, name="desk_watch"),
    path("pantau/ekspor/<slug:what>/", watch.export, name="desk_export"),
    path("pemberitahuan/", notices.notices, name="desk_notices"),
    path("pemberitahuan/cetak/", notices.print_notices, name="desk_print_notices"),
    path("pemberitahuan/<uuid:message_id>/sampaikan/", notices.tell, name="desk_tell"),
]
