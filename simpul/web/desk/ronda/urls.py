"""Addresses under /meja/ronda/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.ronda import incidents, nights, posts, rosters, stays

urlpatterns = [
    path("", posts.listed, name="desk_ronda"),
    path("baru/", posts.new, name="desk_ronda_new"),
    path("kejadian/", incidents.listed, name="desk_ronda_incidents"),
    path("kejadian/baru/", incidents.new, name="desk_ronda_incident_new"),
    path("kejadian/lindungi/", incidents.protect, name="desk_ronda_protect"),
    path("kejadian/<uuid:watchincident_id>/", incidents.one, name="desk_ronda_incident"),
    path("kejadian/<uuid:watchincident_id>/ubah/", incidents.change, name="desk_ronda_incident_change"),
    path("kejadian/<uuid:watchincident_id>/<slug:step>/", incidents.act, name="desk_ronda_incident_act"),
    path("tamu/", stays.listed, name="desk_ronda_stays"),
    path("tamu/baru/", stays.new, name="desk_ronda_stay_new"),
    path("tamu/<uuid:stay_id>/pulang/", stays.end, name="desk_ronda_stay_end"),
    path("ekspor/", stays.export_page, name="desk_ronda_export"),
    path("ekspor/simlinmas.csv", stays.export, name="desk_ronda_csv"),
    path("jadwal/<uuid:watchroster_id>/", rosters.one, name="desk_ronda_roster"),
    path("jadwal/<uuid:watchroster_id>/cetak/", rosters.paper, name="desk_ronda_roster_print"),
    path("jadwal/<uuid:watchroster_id>/terbit/", rosters.publish, name="desk_ronda_roster_publish"),
    path("jadwal/<uuid:watchroster_id>/tarik/", rosters.withdraw, name="desk_ronda_roster_withdraw"),
    path("jaga/<uuid:watchduty_id>/", rosters.swap, name="desk_ronda_swap"),
    path("tukar/<uuid:watchswap_id>/", rosters.settle, name="desk_ronda_settle"),
    path("malam/<uuid:watchnight_id>/", nights.book, name="desk_ronda_night"),
    path("malam/<uuid:watchnight_id>/cetak/", nights.paper, name="desk_ronda_night_print"),
    path("malam/<uuid:watchnight_id>/<slug:step>/", nights.act, name="desk_ronda_night_act"),
    path("peronda/<uuid:watcher_id>/", posts.watcher, name="desk_ronda_watcher"),
    path("peronda/<uuid:watcher_id>/keluar/", posts.leave, name="desk_ronda_leave"),
    path("bebas/<uuid:exemption_id>/akhiri/", posts.end_exemption, name="desk_ronda_exemption_end"),
    path("<uuid:watchpost_id>/", posts.one, name="desk_ronda_post"),
    path("<uuid:watchpost_id>/malam/", nights.begin, name="desk_ronda_begin"),
    path("<uuid:watchpost_id>/orang/", posts.people, name="desk_ronda_people"),
    path("<uuid:watchpost_id>/jadwal/", rosters.listed, name="desk_ronda_rosters"),
    path("<uuid:watchpost_id>/pos/", posts.setup, name="desk_ronda_setup"),
    path("<uuid:watchpost_id>/pos/ubah/", posts.change, name="desk_ronda_change"),
    path("<uuid:watchpost_id>/pos/<slug:step>/", posts.keep, name="desk_ronda_keep"),
]
