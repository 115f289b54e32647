"""Addresses under /meja/posyandu-dini/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.posyandu_marriage import courts, listing, support

urlpatterns = [
    path("", listing.listed, name="desk_posyandu_marriage"),
    path("periksa/<uuid:posyandu_id>/", listing.look_again, name="desk_posyandu_marriage_sweep"),
    path("dispensasi/<uuid:posyandu_id>/", courts.choose, name="desk_posyandu_dispensation_who"),
    path(
        "dispensasi/<uuid:posyandu_id>/<uuid:person_id>/", courts.new, name="desk_posyandu_dispensation_new"
    ),
    path("putusan/<uuid:dispensation_id>/", courts.decide, name="desk_posyandu_dispensation"),
    path(
        "putusan/<uuid:dispensation_id>/tarik/", courts.withdraw, name="desk_posyandu_dispensation_withdraw"
    ),
    path("langkah/<uuid:marriagestep_id>/", support.finish_step, name="desk_posyandu_childstep"),
    path(
        "langkah/<uuid:marriagestep_id>/tarik/",
        support.withdraw_step,
        name="desk_posyandu_childstep_withdraw",
    ),
    path("<uuid:marriagerisk_id>/", listing.one, name="desk_posyandu_child"),
    path("<uuid:marriagerisk_id>/rencana/", support.plan, name="desk_posyandu_child_plan"),
    path("<uuid:marriagerisk_id>/langkah/", support.add_step, name="desk_posyandu_child_step"),
    path("<uuid:marriagerisk_id>/hasil/", support.end, name="desk_posyandu_child_end"),
    path("<uuid:marriagerisk_id>/keliru/", support.withdraw, name="desk_posyandu_child_wrong"),
    path("<uuid:marriagerisk_id>/kembali/", support.resume, name="desk_posyandu_child_back"),
]
