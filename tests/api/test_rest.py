"""The REST interface: what a partner's program may do and see, and that nothing is skipped, repeated or done twice."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pikepdf
import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.cases.actions import files, handling, intake, protection
from simpul.cases.models import Case
from simpul.exchange import access as exchange_access
from simpul.exchange import actions as exchange_actions
from simpul.exchange.models import Reply, Token
from simpul.exchange.queries import matters as matter_queries
from simpul.journal.models import Line
from simpul.web.middleware import SEEN_KEY
from tests import cast as casting
from tests.api.conftest import PARTNER, Program, issue, publish, refer
from tests.cast import BONTO_JAI, BOTTENG, DUNGKAIT, NOW
from tests.web.desk_pages import sit

CASE = {"kind": "complaint", "text": "Tenda kami bocor sejak hujan semalam.", "region": DUNGKAIT}
NOBODY = "00000000-0000-7000-8000-000000000000"


def key() -> str:
    return uuid4().hex


def problem(answer: Any, status: int, code: str = "") -> dict[str, Any]:
    """The problem in an answer, of the form every problem has."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert (
        found["status"] == status
        and found["type"] == f"urn:simpul:problem:{found['code']}"
        and found["detail"]
    )
    assert not code or found["code"] == code
    return found


# --- keys -------------------------------------------------------------------------------------------------------------


def test_without_a_live_key_nothing_is_told(cast: casting.Cast, partner: Program) -> None:
    assert problem(Program("")("GET", "/cases"), 401, "api.key_not_valid")
    assert Program("spl_" + "x" * 43)("GET", "/key")["WWW-Authenticate"].startswith("Bearer")
    assert partner("GET", "/key").json()["desk"] == "Yayasan Atap Bersama"
    token = Token.objects.get()
    exchange_actions.withdraw_token(by=cast.administrator, at=timezone.now(), token_id=token.id)
    problem(partner("GET", "/key"), 401)
    late = issue(cast, *PARTNER, desk="partner", days=1)
    Token.objects.filter(id=late.token.id).update(expires_at=timezone.now() - timedelta(seconds=1))
    problem(Program(late.secret)("GET", "/key"), 401)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/cases", None),
        ("GET", f"/cases/{NOBODY}", None),
        ("GET", f"/cases/{NOBODY}/attachments", None),
        ("GET", f"/cases/{NOBODY}/attachments/{NOBODY}", None),
        ("POST", f"/cases/{NOBODY}/accept", {}),
        ("POST", f"/cases/{NOBODY}/decline", {"reason": "Bukan kami"}),
        ("POST", f"/cases/{NOBODY}/answer", {"answer": "Sudah dikirim"}),
        ("POST", f"/cases/{NOBODY}/notes", {"text": "Catatan"}),
        ("POST", "/cases", CASE),
        ("GET", "/publications", None),
        ("GET", "/subscriptions", None),
        ("POST", "/subscriptions", {"url": "https://contoh.invalid/x", "events": ["case.refer"]}),
        ("GET", f"/subscriptions/{NOBODY}", None),
        ("PATCH", f"/subscriptions/{NOBODY}", {}),
        ("DELETE", f"/subscriptions/{NOBODY}", None),
        ("POST", f"/subscriptions/{NOBODY}/test", None),
    ],
)
def test_a_key_is_good_for_its_own_uses_only(cast: casting.Cast, method: str, path: str, body: Any) -> None:
    program = Program(issue(cast, "requests.write").secret)
    problem(program(method, path, body, **{"Idempotency-Key": key()}), 403, "api.scope_missing")


def test_a_key_has_a_limit_a_minute(cast: casting.Cast) -> None:
    program = Program(issue(cast, "feed.read", per_minute=2).secret)
    answers = [program("GET", "/key") for _turn in range(6)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 2 and 1 <= int(refused[0]["Retry-After"]) <= 60
    problem(refused[0], 429, "api.too_many_requests")


def test_no_session_is_begun_and_no_form_token_asked_for(cast: casting.Cast, partner: Program) -> None:
    strict = Program(partner.secret, Client(enforce_csrf_checks=True))
    answer = strict("POST", "/cases", CASE, **{"Idempotency-Key": key()})
    assert answer.status_code == 201 and "Set-Cookie" not in answer.headers
    assert answer["Cache-Control"] == "private, no-store"


def test_a_browsers_idle_session_changes_nothing_here(cast: casting.Cast, partner: Program) -> None:
    officer = sit(cast, "admin")
    session = officer.session
    session[SEEN_KEY] = 1
    session.save()
    browsing = Program(partner.secret, officer)
    assert browsing("GET", "/key").status_code == 200
    for address in ("/api/open311/v2/services.json", "/hook/whatsapp/", "/jawaban/feed.json"):
        answer = officer.get(address)
        assert answer.status_code != 302 and not answer.cookies
    assert officer.session[SEEN_KEY] == 1, "an idle session is not woken by a program's request"
    assert "istirahat" in officer.get("/meja/").url


# --- taking in --------------------------------------------------------------------------------------------------------


def test_a_partner_takes_a_matter_in_and_reads_it(cast: casting.Cast, partner: Program) -> None:
    person = {"name": "Sitti Rahma", "phone": "0812-1111-2222"}
    answer = partner(
        "POST", "/cases", {**CASE, "person": person, "consent": "spoken"}, **{"Idempotency-Key": key()}
    )
    assert answer.status_code == 201, answer.content
    made = answer.json()
    case = Case.objects.get()
    assert made["id"] == str(case.id) and made["number"] == case.number and len(made["pin"]) == 6
    assert case.assisted_by == "Program uji, Yayasan Atap Bersama" and case.mode == "proxy"
    read = partner("GET", f"/cases/{case.id}").json()
    assert read["words"] == CASE["text"] and read["referral"] is None and not read["your_turn"]
    assert read["contact"] is None
    assert Line.objects.get(kind="case.open").device.startswith("token spl_")


def test_a_protected_matter_is_taken_in_and_then_gone(cast: casting.Cast, partner: Program) -> None:
    sent = {**CASE, "kind": "protected_report", "text": "Petugas meminta imbalan untuk bantuan."}
    made = partner("POST", "/cases", sent, **{"Idempotency-Key": key()}).json()
    assert (
        made["id"] is None and made["number"] is None and len(made["receipt"]) == 16 and not made["readable"]
    )
    case = Case.objects.get()
    problem(partner("GET", f"/cases/{case.id}"), 404, "not_found")
    assert partner("GET", "/cases").json()["items"] == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "none"}, "case.kind_unknown"),
        ({"region": "99.99.99.9999"}, "not_found"),
        ({"region": BONTO_JAI}, "not_found"),
        ({"text": "x"}, "api.not_valid"),
        ({"text": "a\x00bcd"}, "api.not_valid"),
        ({"person": {"name": "A", "nik": "1"}}, "api.not_valid"),
        ({"urgency": "soon"}, "api.not_valid"),
    ],
)
def test_what_cannot_be_taken_in_is_told_and_the_key_is_free_again(
    cast: casting.Cast, partner: Program, changed: dict[str, Any], code: str
) -> None:
    mine = key()
    answer = partner("POST", "/cases", {**CASE, **changed}, **{"Idempotency-Key": mine})
    problem(answer, 404 if code == "not_found" else 422, code)
    assert partner("POST", "/cases", CASE, **{"Idempotency-Key": mine}).status_code == 201


def test_a_wrong_answer_to_a_question_is_named(cast: casting.Cast, partner: Program) -> None:
    answer = partner("POST", "/cases", {**CASE, "kind": "aid_complaint"}, **{"Idempotency-Key": key()})
    found = problem(answer, 422, "case.answers_wrong")
    assert all(part["field"].startswith("answers.") and part["detail"] for part in found["errors"])


@pytest.mark.parametrize("body", ["{", '{"kind": "\\ud800"}', "[]", "\xff", '"x"', ""])
def test_what_is_no_json_is_refused(cast: casting.Cast, partner: Program, body: str) -> None:
    headers = {"Authorization": f"Bearer {partner.secret}", "Idempotency-Key": key()}
    answer = Client().generic(
        "POST", "/api/v1/cases", body.encode("latin-1"), "application/json", headers=headers
    )
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


def test_too_large_is_too_large(cast: casting.Cast, partner: Program) -> None:
    huge = {**CASE, "text": "x" * (3 * 1024 * 1024)}
    problem(partner("POST", "/cases", huge, **{"Idempotency-Key": key()}), 413)


# --- once -------------------------------------------------------------------------------------------------------------


def test_a_repeated_request_gets_the_same_answer_word_for_word(cast: casting.Cast, partner: Program) -> None:
    mine = {"Idempotency-Key": key()}
    first = partner("POST", "/cases", CASE, **mine)
    again = partner("POST", "/cases", CASE, **mine)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotent-Replayed"] == "true" and Case.objects.count() == 1
    problem(
        partner("POST", "/cases", {**CASE, "text": "Lain sekali."}, **mine), 422, "api.idempotency_key_reused"
    )
    other = Program(issue(cast, *PARTNER, desk="partner", name="Lain").secret)
    assert other("POST", "/cases", CASE, **mine).status_code == 201 and Case.objects.count() == 2


def test_the_key_is_demanded_where_something_is_made(cast: casting.Cast, partner: Program) -> None:
    problem(partner("POST", "/cases", CASE), 422)
    problem(partner("POST", "/cases", CASE, **{"Idempotency-Key": "short"}), 422)


def test_a_request_that_a_power_cut_left_is_taken_over_and_makes_nothing_new(
    cast: casting.Cast, partner: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = {"Idempotency-Key": key()}

    def cut(**_given: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(exchange_actions, "keep_reply", cut)
        problem(partner("POST", "/cases", CASE, **mine), 500, "api.fault")
    assert Case.objects.count() == 1
    busy = partner("POST", "/cases", CASE, **mine)
    problem(busy, 409, "api.still_working")
    assert busy["Retry-After"]
    Reply.objects.update(claimed_at=timezone.now() - timedelta(minutes=2))
    assert partner("POST", "/cases", CASE, **mine).json()["id"] == str(Case.objects.get().id)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_done() -> None:
    if connection.vendor == "sqlite" and "mode=memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("a database in memory has no readers beside a writer: use PostgreSQL")
    cache.clear()
    cast = casting.assemble()
    secret, mine = issue(cast, *PARTNER, desk="partner").secret, {"Idempotency-Key": key()}
    found: list[tuple[int, bytes]] = []

    def press() -> None:
        try:
            answer = Program(secret)("POST", "/cases", CASE, **mine)
            found.append((answer.status_code, answer.content if answer.status_code == 201 else b""))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and {status for status, _body in found} <= {201, 409}
    assert len({body for status, body in found if status == 201}) == 1
    assert Case.objects.count() == 1


# --- working on a matter ----------------------------------------------------------------------------------------------


def test_a_partner_accepts_answers_and_notes(cast: casting.Cast, partner: Program) -> None:
    case = cast.case()
    refer(cast, case, shares_contact=True, consent="spoken")
    offered = partner("GET", f"/cases/{case.id}").json()
    assert (
        offered["words"] == "Tiga keluarga butuh terpal." and offered["title"] == "" and offered["your_turn"]
    )
    assert offered["referral"]["note"] == "Mohon bantuan terpal." and offered["referral"]["due_at"]
    assert offered["contact"]["name"] == "Nurhayati" and "4455" in offered["contact"]["ways"][0]["address"]
    assert "Lampu" not in json.dumps(offered)
    mine = {"Idempotency-Key": key()}
    assert partner("POST", f"/cases/{case.id}/accept", **mine).json()["referral"]["state"] == "accepted"
    assert partner("POST", f"/cases/{case.id}/accept", **mine).status_code == 200
    problem(partner("POST", f"/cases/{case.id}/accept"), 409, "case.move_refused")
    noted = partner("POST", f"/cases/{case.id}/notes", {"text": "Berangkat besok pagi."})
    assert noted.status_code == 201 and case.notes.get().text == "Berangkat besok pagi."
    answered = partner(
        "POST", f"/cases/{case.id}/answer", {"answer": "Terpal sudah diserahkan.", "outcome": "done"}
    )
    assert answered.json()["referral"]["state"] == "answered" and not answered.json()["your_turn"]
    case.refresh_from_db()
    assert case.draft_answer == "Terpal sudah diserahkan." and case.holder == cast.desk("centre")


def test_a_partner_declines_with_a_reason(cast: casting.Cast, partner: Program) -> None:
    case = cast.case()
    refer(cast, case)
    assert partner("GET", f"/cases/{case.id}").json()["contact"] is None
    problem(partner("POST", f"/cases/{case.id}/decline", {"reason": ""}), 422)
    declined = partner("POST", f"/cases/{case.id}/decline", {"reason": "Bukan wilayah kerja kami."}).json()
    assert declined["referral"]["state"] == "declined"
    problem(partner("POST", f"/cases/{case.id}/answer", {"answer": "Sudah."}), 404)


def test_what_is_not_on_the_desks_chain_is_not_there(cast: casting.Cast, partner: Program) -> None:
    case = cast.case()
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/attachments", None),
        ("POST", "/accept", None),
        ("POST", "/notes", {"text": "Halo semua."}),
    ):
        answer = partner(method, f"/cases/{case.id}{path}", body)
        unknown = partner(method, f"/cases/{NOBODY}{path}", body)
        assert answer.content == unknown.content
        problem(answer, 404, "not_found")


def test_a_matter_that_was_sealed_meanwhile_is_gone(cast: casting.Cast, partner: Program) -> None:
    case = cast.case()
    refer(cast, case)
    protection.seal_case(by=cast.admin, at=NOW, case_id=case.id, reason="Menyangkut anak.")
    problem(partner("GET", f"/cases/{case.id}"), 404)
    assert partner("GET", "/cases").json()["items"] == []


def test_a_partner_sees_its_own_files_only(cast: casting.Cast, partner: Program) -> None:
    case = cast.case()
    refer(cast, case)
    by = matter_actor(partner)
    files.attach_case(by=cast.admin, at=NOW, case_id=case.id, data=_pdf(), declared_name="rahasia.pdf")
    files.attach_case(by=by, at=NOW, case_id=case.id, data=_pdf(), declared_name="bukti terpal.pdf")
    [row] = partner("GET", f"/cases/{case.id}/attachments").json()["items"]
    assert row["name"] == "pdf-2.pdf" and row["mime"] == "application/pdf"
    answer = partner("GET", row["url"].removeprefix("http://testserver/api/v1"))
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''pdf-2.pdf"
    hidden = case.attachments.exclude(id=row["id"]).get()
    problem(partner("GET", f"/cases/{case.id}/attachments/{hidden.id}"), 404)


def matter_actor(partner: Program) -> Any:
    return exchange_access.actor_of(Token.objects.select_related("desk").get())


def _pdf() -> bytes:
    sink = BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(sink)
    return sink.getvalue()


def test_an_etag_spares_what_did_not_change(cast: casting.Cast, partner: Program) -> None:
    case = cast.case()
    refer(cast, case)
    tag = partner("GET", f"/cases/{case.id}")["ETag"]
    same = partner("GET", f"/cases/{case.id}", **{"If-None-Match": tag})
    assert same.status_code == 304 and not same.content
    assert partner("GET", f"/cases/{case.id}", **{"If-None-Match": f"W/{tag}"}).status_code == 304
    partner("POST", f"/cases/{case.id}/accept")
    assert partner("GET", f"/cases/{case.id}", **{"If-None-Match": tag}).status_code == 200


# --- lists ------------------------------------------------------------------------------------------------------------


def opened(cast: casting.Cast, number: int, **given: Any) -> list[Case]:
    """Matters on the partner's chain, each a minute after the one before."""
    made = []
    for turn in range(number):
        case = cast.case(at=NOW + timedelta(minutes=turn), **given)
        refer(cast, case, at=NOW + timedelta(minutes=turn))
        made.append(case)
    return made


def test_filters_narrow_the_list(cast: casting.Cast, partner: Program) -> None:
    first, second, third = opened(cast, 3)
    elsewhere = opened(cast, 1, region_code=BOTTENG, kind_code="aspiration")[0]
    partner("POST", f"/cases/{second.id}/accept")
    partner("POST", f"/cases/{third.id}/decline", {"reason": "Bukan kami."})

    def found(query: str) -> set[str]:
        return {row["id"] for row in partner("GET", f"/cases?{query}").json()["items"]}

    assert found("state=offered") == {str(first.id), str(elsewhere.id)}
    assert found("state=offered&state=working&kind=complaint") == {
        str(one.id) for one in (first, second, third)
    }
    assert found("kind=aspiration") == found("region=76.02.12") == {str(elsewhere.id)}
    assert found("your_turn=false") == {str(third.id)}
    since = (timezone.now() - timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
    assert found(f"updated_since={since}") == {str(second.id), str(third.id)}
    problem(partner("GET", "/cases?cursor=abc"), 422, "api.cursor_not_valid")
    problem(partner("GET", "/cases?limit=0"), 422, "api.not_valid")
    problem(partner("GET", "/cases?updated_since=9999-12-31T23:59:59-23:00"), 422, "api.not_valid")
    problem(partner("GET", "/publications?cursor=9999-12-31T23:59:59-23:59_x"), 422, "api.cursor_not_valid")


def test_a_poller_that_resumes_sees_what_changed(cast: casting.Cast, partner: Program) -> None:
    case, _other = opened(cast, 2)
    page = partner("GET", "/cases").json()
    assert page["next"] is None and page["resume"]
    partner("POST", f"/cases/{case.id}/accept")
    later = partner("GET", f"/cases?cursor={page['resume']}").json()
    assert str(case.id) in {row["id"] for row in later["items"]}


@given(data=st.data())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_paging_skips_nothing_and_repeats_nothing_while_rows_change(
    cast: casting.Cast, partner: Program, data: st.DataObject
) -> None:
    cases = list(Case.objects.order_by("number")) or opened(cast, 5)
    for turn, case in enumerate(cases):
        Case.objects.filter(id=case.id).update(changed_at=NOW + timedelta(minutes=turn // 2))
    clock = NOW + timedelta(hours=1)
    seen: list[tuple[str, str]] = []
    cursor, size = "", data.draw(st.integers(1, 3))
    by = matter_actor(partner)
    while True:
        page = matter_queries.matters(
            by, matter_queries.Wanted(limit=size, after=_mark(cursor), since=NOW - timedelta(days=1))
        )
        seen += [(str(one.case.id), one.case.changed_at.isoformat()) for one in page.rows]
        if not page.more:
            break
        cursor = f"{page.rows[-1].case.changed_at.isoformat()}|{page.rows[-1].case.id}"
        if data.draw(st.booleans()) and len(seen) < 20:
            clock += timedelta(seconds=data.draw(st.integers(0, 5)))
            chosen = data.draw(st.sampled_from(cases))
            handling.note_case(by=cast.admin, at=clock, case_id=chosen.id, text="Berubah lagi.")
    assert len(seen) == len(set(seen)), "the same form of a matter came twice"
    newest = {
        str(one.id): one.changed_at.isoformat() for one in Case.objects.filter(id__in=[c.id for c in cases])
    }
    assert set(newest.items()) <= set(seen), "a matter was skipped"


def _mark(text: str) -> Any:
    if not text:
        return None
    moment, _sep, identity = text.partition("|")
    return datetime.fromisoformat(moment), UUID(identity)


def test_lists_cost_the_same_however_long(
    cast: casting.Cast, partner: Program, django_assert_max_num_queries: Any
) -> None:
    opened(cast, 6, reporter=intake.PersonGiven(name="Nurhayati", phone="0812-4455-6677"))
    partner("GET", "/key")
    with django_assert_max_num_queries(9):
        assert len(partner("GET", "/cases").json()["items"]) == 6
    with django_assert_max_num_queries(3):
        partner("GET", "/publications")


def test_kinds_regions_and_publications_are_read(cast: casting.Cast, partner: Program) -> None:
    kinds = partner("GET", "/kinds").json()["items"]
    english = partner("GET", "/kinds?lang=en").json()["items"]
    assert {one["code"] for one in kinds} >= {"complaint", "information"} and kinds != english
    found = partner("GET", "/regions?q=Dungkai").json()["items"]
    assert found[0]["code"] == DUNGKAIT and "Mamuju" in found[0]["path"]
    case = cast.case()
    publish(cast, case)
    [row] = partner("GET", "/publications?kind=complaint&region=7602").json()["items"]
    assert row["answer"] == "Lampu sudah diganti." and row["url"].endswith(f"/jawaban/{row['id']}/")
    assert case.number not in json.dumps(row)


def test_the_document_describes_every_address(cast: casting.Cast, client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert (
        document["openapi"] == "3.1.0"
        and document["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"
    )
    assert {f"/api/v1{path}" for path in ("/cases", "/cases/{case_id}/answer", "/subscriptions")} <= set(
        document["paths"]
    )
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["security"] and operation["description"]
            assert "application/problem+json" in operation["responses"]["404"]["content"]
    problem(client.get("/api/v1/docs"), 404)
    problem(client.get("/api/v1/"), 404)
    problem(client.delete("/api/v1/kinds"), 405)


# --- subscriptions ----------------------------------------------------------------------------------------------------


def test_subscriptions_are_added_changed_and_withdrawn(
    cast: casting.Cast, partner: Program, settings: Any
) -> None:
    settings.SIMPUL_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    sent = {"url": "http://127.0.0.1:9/hook", "events": ["case.refer", "case.recall"]}
    answer = partner("POST", "/subscriptions", sent)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["secret"].startswith("whsec_") and made["events"] == sent["events"]
    path = f"/subscriptions/{made['id']}"
    assert partner("GET", path).json()["secret"] is None
    assert [row["id"] for row in partner("GET", "/subscriptions").json()["items"]] == [made["id"]]
    assert partner("PATCH", path, {"active": False}).json()["active"] is False
    assert partner("POST", f"{path}/test").status_code == 202
    assert partner("DELETE", path).status_code == 204
    problem(partner("GET", path), 404)
    problem(
        partner("POST", "/subscriptions", {**sent, "events": ["case.unheard_of"]}),
        422,
        "subscription.events_unknown",
    )
    settings.SIMPUL_WEBHOOK_NETWORKS = []
    problem(partner("POST", "/subscriptions", sent), 422, "subscription.target_unusable")
