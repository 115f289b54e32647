"""Addresses under /meja/hak/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.rights import breaches, consents, destruction, register, wish_acts, wishes

urlpatterns = [
    path("", wishes.listed, name="desk_rights"),
    path("warga/<uuid:person_id>/", wishes.person, name="desk_rights_person"),
    path("warga/<uuid:person_id>/minta/", wishes.ask, name="desk_rights_ask"),
    path("warga/<uuid:person_id>/lanjut/", wishes.go_on, name="desk_rights_go_on"),
    path("warga/<uuid:person_id>/setuju/", consents.give, name="desk_rights_consent"),
    path("urusan/<uuid:case_id>/", wishes.from_case, name="desk_rights_case"),
    path("persetujuan/<uuid:consent_id>/", consents.receipt, name="desk_rights_receipt"),
    path("persetujuan/<uuid:consent_id>/tarik/", consents.withdraw, name="desk_rights_withdraw"),
    path("persetujuan/<uuid:consent_id>/bukti/", consents.evidence, name="desk_rights_evidence"),
    path("permintaan/<uuid:request_id>/", wishes.wish, name="desk_rights_wish"),
    path("permintaan/<uuid:request_id>/salinan/", wish_acts.copy, name="desk_rights_copy"),
    path("permintaan/<uuid:request_id>/<slug:slug>/", wish_acts.act, name="desk_rights_act"),
    path("pemusnahan/", destruction.overview, name="desk_rights_destruction"),
    path("pemusnahan/<uuid:destruction_id>/", destruction.one, name="desk_rights_list"),
    path("pemusnahan/<uuid:destruction_id>/<slug:slug>/", destruction.decide, name="desk_rights_decide"),
    path("penahanan/", destruction.place, name="desk_rights_hold"),
    path("penahanan/<uuid:hold_id>/cabut/", destruction.lift, name="desk_rights_lift"),
    path("kegagalan/", breaches.listed, name="desk_rights_breaches"),
    path("kegagalan/baru/", breaches.new, name="desk_rights_breach_new"),
    path("kegagalan/lembaga/", breaches.authority, name="desk_rights_authority"),
    path("kegagalan/<uuid:breach_id>/", breaches.one, name="desk_rights_breach"),
    path("kegagalan/<uuid:breach_id>/surat/", breaches.report, name="desk_rights_report"),
    path("kegagalan/<uuid:breach_id>/daftar/", breaches.visits, name="desk_rights_visits"),
    path("kegagalan/<uuid:breach_id>/<slug:slug>/", breaches.act, name="desk_rights_breach_act"),
    path("pemrosesan/", register.register, name="desk_rights_register"),
    path("pemrosesan/unduh/", register.export, name="desk_rights_csv"),
]
