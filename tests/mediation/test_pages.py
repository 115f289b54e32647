"""The pages of disputes: one walked from the questions of safety to what was kept; papers; nothing for strangers."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from simpul.cases.models import Case
from simpul.mediation.models import Agreement, Dispute, Obligation, Party, Session, Summons
from simpul.web.desk.mediation import urls
from tests.cast import NOW, Cast
from tests.mediation.conftest import dispute, drafted, matter, mediator, party, pay, ready, signed
from tests.web.desk_pages import sit

SAFE_POST = {f"s_{key}": "no" for key in ("violence", "household", "sexual", "child", "crime", "fear")}


@pytest.fixture
def officer(cast: Cast) -> Client:
    return sit(cast, "village_officer")


@pytest.fixture
def head(cast: Cast) -> Client:
    return sit(cast, "village_head")


def do(client: Client, one: Dispute, slug: str, item: Any = None, **given: Any) -> Any:
    """Send an act's form, and see that it was taken."""
    url = reverse("desk_dispute_act", args=[one.id, slug]) + (f"?isi={item}" if item else "")
    shown = client.get(url)
    assert shown.status_code == 200, slug
    answer = client.post(url, given)
    assert answer.status_code == 302, (slug, answer.context and dict(answer.context["form"].errors))
    return answer


def test_a_matter_is_taken_into_the_register_after_the_questions(cast: Cast, officer: Client) -> None:
    case = matter(cast)
    listed = officer.get(reverse("desk_disputes"))
    assert case.title in listed.content.decode()
    url = reverse("desk_dispute_open", args=[case.id])
    assert officer.get(url).status_code == 200
    wrong = officer.post(url, {"subject": "land", "about": "Batas", "confidentiality": "usual"})
    assert wrong.status_code == 422
    told = {"subject": "land", "about": "Batas kebun", "confidentiality": "usual"}
    unsure = officer.post(url, {**told, **SAFE_POST, "s_fear": "unsure"})
    assert unsure.status_code == 422
    done = officer.post(url, {**told, **SAFE_POST})
    assert done.status_code == 302
    one = Dispute.objects.get()
    assert done["Location"] == reverse("desk_dispute", args=[one.id]) == officer.get(url)["Location"]


def test_what_must_be_protected_leaves_no_word_at_the_post(cast: Cast, officer: Client, head: Client) -> None:
    case = matter(cast)
    told = {"subject": "family", "about": "Rahasia rumah", "confidentiality": "usual", **SAFE_POST}
    done = officer.post(
        reverse("desk_dispute_open", args=[case.id]), {**told, "s_household": "yes"}, follow=True
    )
    assert done.status_code == 200 and case.title not in done.content.decode()
    for client in (officer, head):
        assert case.title not in client.get(reverse("desk_disputes")).content.decode()
        assert client.get(reverse("desk_case", args=[case.id])).status_code == 404
    assert Case.objects.get(id=case.id).sensitivity == "sealed"


def test_a_dispute_is_walked_from_its_parties_to_a_kept_agreement(
    cast: Cast, officer: Client, head: Client
) -> None:
    one = dispute(cast)
    page = reverse("desk_dispute", args=[one.id])
    do(officer, one, "pihak", name="Mansyur", role="complainant", resident="on")
    do(officer, one, "pihak", name="Jufri", role="respondent", phone="0812 3333 4444")
    first, second = Party.objects.order_by("recorded_at", "id")
    do(officer, one, "ubah-pihak", second.id, name="Jufri Daeng", role="respondent")
    do(officer, one, "keterangan", first.id, said="Rahasia saya sendiri.")
    statement = first.statements.get()
    do(officer, one, "bagikan", statement.id, how="spoken")
    do(officer, one, "tutup-keterangan", statement.id)
    do(head, one, "penengah", account="", name="Haji Tompo", leads="on", decision_number="01/2026")
    do(officer, one, "rencana", day="24/11/2026", clock="20.00", place="Balai desa")
    session = Session.objects.get()
    do(officer, one, "panggil", second.id, party=second.id, session=session.id)
    summons = Summons.objects.get()
    assert summons.come_at == session.planned_at
    do(
        officer,
        one,
        "antar",
        summons.id,
        result="received",
        day="23/11/2026",
        clock="18.00",
        how="hand",
        to="istri",
    )
    do(officer, one, "hadir", summons.id, appeared="came")
    Session.objects.update(planned_at=NOW)
    begun = do(officer, one, "mulai", session.id, day="23/11/2026", clock="09.00", **SAFE_POST)
    room = begun["Location"]
    assert "Rahasia" not in officer.get(room).content.decode()
    attend = reverse("desk_dispute_attend", args=[one.id, session.id])
    for row in session.attendances.all():
        assert officer.post(attend, {"siapa": row.id, "hadir": "ya"}).status_code == 302
    assert officer.post(attend, {"name": "Saksi Satu", "part": "witness"}).status_code == 302
    assert officer.post(attend, {"name": "", "part": "witness"}).status_code == 422
    assert officer.post(room, {"minutes": "Dibuka pukul 20.00.", "outcome": ""}).status_code == 302
    assert "Rahasia" not in officer.get(room + "cetak/").content.decode()
    ended = officer.post(room, {"minutes": "Sepakat.", "outcome": "agreed"})
    assert ended["Location"] == reverse("desk_dispute_agreement", args=[one.id])
    do(officer, one, "naskah", preamble="Damai.", place="Balai desa", grace_days="7")
    draft = Agreement.objects.get()
    do(
        officer,
        one,
        "kewajiban",
        draft.id,
        what="Ganti rugi",
        owed_by=second.id,
        owed_to=first.id,
        amount="600.000",
        due_date="20/12/2026",
        parts="2",
    )
    for who in (f"party:{first.id}", f"party:{second.id}", f"mediator:{one.mediators.get().id}"):
        do(officer, one, "tanda", draft.id, who=who, mark="thumb")
    for name in ("Saksi Satu", "Saksi Dua"):
        do(officer, one, "tanda", draft.id, who="witness", name=name, mark="signature")
    assert officer.get(ended["Location"]).status_code == 200
    do(officer, one, "tanda-tangani", draft.id, signed_date="23/11/2026")
    shown = officer.get(ended["Location"]).content.decode()
    assert Agreement.objects.get().digest in shown
    for row in Obligation.objects.order_by("position"):
        do(officer, one, "bayar", row.id, amount="300000", done_date="23/11/2026", said="tunai di balai desa")
    assert Dispute.objects.get().state == "kept"
    followed = officer.get(reverse("desk_dispute_followed", args=[one.id])).content.decode()
    assert "Rp600.000" in followed.replace(" ", "").replace("\xa0", "")
    assert officer.get(page).status_code == 200


def test_the_record_is_a_pdf_and_its_public_page_names_nobody(cast: Cast, officer: Client) -> None:
    one, agreement, _rows = signed(cast)
    pdf = officer.get(reverse("desk_dispute_pdf", args=[one.id, agreement.id]))
    assert pdf.status_code == 200 and pdf.content[:5] == b"%PDF-"
    public = Client().get(reverse("portal_settlement", args=[agreement.token]))
    words = public.content.decode()
    assert one.number in words and agreement.digest in words
    for hidden in ("Mansyur", "Jufri", "pagar", "Batas kebun", "Haji Tompo"):
        assert hidden not in words
    assert Client().get(reverse("portal_settlement", args=["a" * 22])).status_code == 404
    assert Client().get(reverse("portal_settlement", args=["x"])).status_code == 404
    Agreement.objects.update(digest="0" * 64)
    assert "tag--bad" in Client().get(reverse("portal_settlement", args=[agreement.token])).content.decode()


def test_a_draft_is_printed_as_one(cast: Cast, officer: Client) -> None:
    one, first, second = ready(cast)
    draft = drafted(cast, one, second, first)
    assert officer.get(reverse("desk_dispute_pdf", args=[one.id, draft.id])).content[:5] == b"%PDF-"
    assert Client().get(reverse("portal_settlement", args=[draft.token])).status_code == 404


def test_evidence_export_referral_and_readers(cast: Cast, officer: Client, head: Client) -> None:
    one = dispute(cast)
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "PNG")
    out.seek(0)
    out.name = "pagar.png"
    do(officer, one, "bukti", file=out, title="Foto pagar", source="Dibawa Mansyur", party="")
    kept = one.evidence.get()
    answer = officer.get(reverse("desk_dispute_evidence", args=[kept.id]))
    assert answer["Content-Disposition"].startswith("attachment")
    url = reverse("desk_dispute_export", args=[one.id])
    assert head.post(url, {"purpose": ""}).status_code == 422
    made = head.post(url, {"purpose": "Posbankum desa"})
    assert made["Content-Type"] == "application/zip"
    assert officer.get(url).status_code == 404
    do(
        officer,
        one,
        "rujuk",
        body="land",
        desk="",
        office="Kantor Pertanahan",
        why="perlu ukur ulang",
        ends_mediation="on",
    )
    do(officer, one, "jawaban", one.referrals.get().id, result="taken", answer="Diukur 3 Desember")
    readers = head.get(reverse("desk_dispute_readers", args=[one.id])).content.decode()
    assert cast.village_officer.name in readers
    assert officer.get(reverse("desk_dispute_readers", args=[one.id])).status_code == 404
    for name in ("files", "referrals", "sessions", "followed", "agreement"):
        assert officer.get(reverse(f"desk_dispute_{name}", args=[one.id])).status_code == 200


def test_strangers_find_nothing_and_the_outline_has_no_content(cast: Cast) -> None:
    one = dispute(cast, by=cast.secretary)
    plan = reverse("desk_dispute", args=[one.id])
    for part in ("neighbour_head", "neighbour_officer"):
        client = sit(cast, part)
        assert client.get(plan).status_code == 404
        assert one.number not in client.get(reverse("desk_disputes")).content.decode()
        assert client.get(reverse("desk_dispute_act", args=[one.id, "pihak"])).status_code == 404
    assert Client().get(plan).status_code == 302
    officer = sit(cast, "village_officer")
    words = officer.get(reverse("desk_disputes")).content.decode()
    assert one.number in words and one.about not in words
    assert officer.get(plan).status_code == 404
    printed = officer.get(reverse("desk_dispute_register") + "?tahun=2026").content.decode()
    assert one.number in printed and one.about not in printed


def test_unknown_acts_and_entries_are_not_found(cast: Cast, officer: Client, head: Client) -> None:
    one = dispute(cast)
    other = party(cast, dispute(cast))
    for slug, item in (
        ("terbang", ""),
        ("keterangan", ""),
        ("keterangan", other.id),
        ("keterangan", UUID(int=5)),
        ("penengah", ""),
    ):
        url = reverse("desk_dispute_act", args=[one.id, slug]) + (f"?isi={item}" if item else "")
        assert officer.get(url).status_code == 404, slug
    assert head.get(reverse("desk_dispute_act", args=[one.id, "penengah"])).status_code == 200


def test_the_list_costs_the_same_however_many_there_are(
    cast: Cast, head: Client, django_assert_max_num_queries: Any
) -> None:
    dispute(cast)
    head.get(reverse("desk_disputes"))
    for _time in range(5):
        one = dispute(cast)
        party(cast, one)
    with django_assert_max_num_queries(45):
        assert head.get(reverse("desk_disputes")).status_code == 200


def test_small_acts_from_their_forms(cast: Cast, officer: Client, head: Client) -> None:
    one, first, _second = ready(cast)
    do(officer, one, "ubah", subject="debt", about="Utang pupuk", confidentiality="usual")
    do(officer, one, "keselamatan", **SAFE_POST)
    do(officer, one, "rencana", day="24/11/2026", clock="20.00", place="Balai desa")
    planned = one.sessions.get(state="planned")
    do(officer, one, "pindah", planned.id, day="25/11/2026", clock="20.00", place="Pos")
    do(officer, one, "batal-sidang", planned.id, why="hujan lebat")
    do(officer, one, "panggil", party=first.id, day="26/11/2026", clock="19.00", place="Balai desa")
    do(officer, one, "batal-panggilan", one.summonses.get().id)
    led = mediator(cast, one, "Sitti Rabiah")
    do(head, one, "lepas-penengah", led.id, why="sakit")
    do(head, one, "akhiri", outcome="failed", why="tidak ada titik temu")
    do(head, one, "buka-lagi", why="mau bicara lagi")
    assert Dispute.objects.get(id=one.id).state == "open"
    assert "lakukan/keselamatan" in officer.get(reverse("desk_dispute", args=[one.id])).content.decode()
    gone = do(officer, one, "keselamatan", **{**SAFE_POST, "s_child": "yes"})
    assert gone["Location"] == reverse("desk_dispute_protected")
    assert officer.get(reverse("desk_dispute", args=[one.id])).status_code == 404


def test_follow_up_from_the_forms(cast: Cast, officer: Client, head: Client) -> None:
    one, agreement, rows = signed(cast, parts=2)
    done = pay(cast, one, rows[0], 100_000)
    do(officer, one, "batal-bayar", done.id)
    do(officer, one, "relakan", rows[0].id, why="sudah dimaafkan")
    Obligation.objects.filter(id=rows[1].id).update(due_date=NOW.date() - timedelta(days=300))
    Agreement.objects.filter(id=agreement.id).update(grace_days=1)
    do(head, one, "ingkar", rows[1].id, why="tidak membayar", follows="dibantu ke pengadilan")
    do(officer, one, "perbaiki", why="jatuh tempo diundur")
    draft = one.agreements.get(state="draft")
    do(officer, one, "hapus-kewajiban", draft.obligations.get().id)
    do(officer, one, "hapus-naskah", draft.id)
    assert one.agreements.filter(state="signed", withdrawn_at=None).count() == 1


def test_no_address_of_a_dispute_opens_for_a_stranger_or_breaks(cast: Cast, head: Client) -> None:
    one, agreement, _rows = signed(cast)
    held = one.sessions.get()
    given: dict[str, Any] = {"dispute_id": one.id, "session_id": held.id, "agreement_id": agreement.id}
    given |= {"evidence_id": UUID(int=7), "case_id": one.case_id, "slug": "ubah"}
    strangers = [sit(cast, part) for part in ("neighbour_head", "manager")]
    for pattern in urls.urlpatterns:
        parts = {key: given[key] for key in pattern.pattern.converters}
        address = reverse(pattern.name, kwargs=parts)
        assert head.get(address).status_code < 500, pattern.name
        if not parts:
            continue
        for client in strangers:
            for method in ("get", "post"):
                assert getattr(client, method)(address).status_code in (404, 405), pattern.name
