"""Addresses under /meja/kis/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.kis import card, doors, lists, rulebook, waits

urlpatterns = [
    path("", lists.overview, name="desk_kis"),
    path("semua/", lists.everybody, name="desk_kis_cards"),
    path("daftar/<uuid:list_id>/", lists.one, name="desk_kis_list"),
    path("daftar/<uuid:list_id>/bagi/", lists.assign, name="desk_kis_assign"),
    path("daftar/<uuid:list_id>/cocokkan/", lists.match_again, name="desk_kis_match_again"),
    path("daftar/<uuid:list_id>/ekspor/", lists.export, name="desk_kis_csv"),
    path("pintu/", doors.mine, name="desk_kis_doors"),
    path("pintu/cetak/", doors.pack, name="desk_kis_pack"),
    path("ragu/", waits.doubtful, name="desk_kis_doubtful"),
    path("ragu/<uuid:card_id>/", waits.decide, name="desk_kis_decide"),
    path("kementerian/", waits.ministry, name="desk_kis_ministry"),
    path("kewajiban/", waits.duties, name="desk_kis_duties"),
    path("aturan/", rulebook.page, name="desk_kis_rules"),
    path("aturan/<uuid:rule_id>/akhiri/", rulebook.drop, name="desk_kis_rule_drop"),
    path("kartu/<uuid:card_id>/", card.page, name="desk_kis_card"),
    path("kartu/<uuid:card_id>/tanda/", card.receipt, name="desk_kis_receipt"),
    path("kartu/<uuid:card_id>/<slug:slug>/", card.act, name="desk_kis_act"),
]
