"""Every address, with every kind of visitor and the keys of things that belong to Dungkait: nothing breaks, nothing leaks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from simpul.cases import access
from simpul.cases.actions import files as file_actions
from simpul.cases.actions import handling, protection, publishing, referral, stacks
from simpul.cases.models import Attachment, Case, Publication
from simpul.desks import actions as desk_actions
from simpul.desks.models import PersonalLink, Seat
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.messages import actions as message_actions
from simpul.messages.models import Message
from simpul.regions import actions as region_actions
from simpul.web.desk import words
from simpul.web.portal import receipt_link
from tests.cast import DUNGKAIT, NOW, SEATS, Cast, actor, assemble
from tests.web.desk_pages import photo, sit

pytestmark = pytest.mark.django_db

FINE = {200, 204, 302, 304, 400, 401, 403, 404, 405, 409, 422}
SHUT = {302, 403, 404, 405}
EVERY_ROLE = list({row[1]: row[0] for row in reversed(SEATS)}.values())
"""One part of the cast for each role: seats of one role are asked the same of every address. The neighbours have a walk of their own."""
WALKED = EVERY_ROLE[::4] if os.environ.get("SIMPUL_BESIDE_SQLITE") else EVERY_ROLE
"""Beside the run on SQLite, where every role walks: who may see what is the same there, and a few find what a database breaks."""
NEIGHBOURS = ("neighbour", "neighbour_coordinator", "neighbour_manager")
ENDS_THE_VISIT = {"account_logout", "leave"}
NO_SESSION = {"token", "provider", "device", "carrier"}
"""Doors for programs: a cookie opens nothing there, so there is no form whose token could be asked for."""
DOCUMENTS = {"api_v1:openapi-json", "api_v1:api-root"}
"""What the interface says of itself: the same for everybody, however it is asked."""
UNKNOWN = UUID("00000000-0000-7000-8000-000000000000")
BAD = "?page=9e9&view=%00&q=%00x&words=%00&desk='&region=%F0%9F%98%80&after=%00&lanjut=%00&cari=%00&tahun=x&bulan=x&hari=-1&kembali=//x.id"


def _named(patterns: Any, space: str = "") -> Iterator[tuple[str, tuple[str, ...], str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _named(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            policy = str(getattr(pattern.callback, "policy", ""))
            yield space + pattern.name, tuple(pattern.pattern.converters), policy


ADDRESSES = sorted(_named(get_resolver().url_patterns))
OF_A_MATTER = {
    "desk_case": "get",
    "desk_act": "post",
    "desk_prepare": "get",
    "desk_keep_draft": "post",
    "desk_attachment": "get",
    "desk_photo": "get",
    "desk_mask": "get",
    "desk_publication": "get",
    "desk_publication_decide": "post",
    "desk_decide_identity": "post",
    "desk_tell": "post",
    "desk_phone_call": "get",
    "desk_phone_back": "get",
}
"""Addresses that name one matter, or a thing that belongs to one, and how they are asked."""


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def case(cast: Cast) -> Case:
    """A matter of Dungkait with everything that can hang on one: a photo, a wish, an answer, a publication."""
    found = cast.case(hide_name=True)
    sent = {"case_id": found.id, "data": photo().read(), "declared_name": "a.jpg"}
    file_actions.attach_case(by=cast.admin, at=NOW, **sent)
    handling.claim_case(by=cast.admin, at=NOW, case_id=found.id)
    handling.answer_case(by=cast.admin, at=NOW, case_id=found.id, text="Sudah diganti.", decision="upheld")
    said: dict[str, Any] = {"title": "Lampu padam", "text": "Lampu jalan padam.", "answer": "Sudah diganti."}
    publishing.prepare_publication(by=cast.admin, at=NOW, case_id=found.id, **said)
    protection.ask_identity(
        by=cast.admin, at=NOW, case_id=found.id, reason="Alamat rumahnya harus ditanyakan sekali lagi."
    )
    return Case.objects.get(id=found.id)


@pytest.fixture
def keys(cast: Cast, case: Case) -> dict[str, Any]:
    """The key of one real thing of Dungkait for every part of an address."""
    desk_actions.issue_link(
        by=MACHINE, at=timezone.now(), desk_id=cast.desk("partner").id, holder_name="Grace Palit"
    )
    message = Message.objects.first()
    token = receipt_link.seal(
        receipt_link.Receipt(str(case.id), case.number, "123456", "", case.kind_id, DUNGKAIT, NOW.isoformat())
    )
    call = message_actions.log_call(
        by=cast.admin, at=NOW, number="0812 4455 6677", outcome="case", notes="Lampu"
    )
    message_actions.attach_call(
        by=cast.admin, at=NOW, call_id=call.id, subject_kind="case", subject_id=case.id
    )
    stack = stacks.open_stack(by=cast.village_officer, at=NOW, region_code=DUNGKAIT, kind_code="complaint")
    notice = message_actions.send_notice(
        by=cast.manager,
        at=NOW,
        region_code=DUNGKAIT,
        title="Air",
        body="Air dibagikan besok pagi.",
        decided_by="BPBD",
    )
    emergency = region_actions.declare_emergency(
        by=cast.manager, at=NOW, region_code=DUNGKAIT, name="Gempa", decision_number="1",
        decision_date=NOW.date(), decided_by="Bupati",
    )  # fmt: skip
    return {
        "case_id": case.id,
        "call_id": call.id,
        "stack_id": stack.id,
        "notice_id": notice.id,
        "emergency_id": emergency.id,
        "attachment_id": Attachment.objects.get(case=case).id,
        "publication_id": Publication.objects.get().id,
        "request_id": case.identity_requests.get().id,
        "message_id": message.id if message else UNKNOWN,
        "line_id": Line.objects.filter(subject_kind="case").latest("recorded_at").id,
        "desk_id": cast.desk("centre").id,
        "user_id": cast.user("village_officer").id,
        "seat_id": cast.seats["village_officer"].id,
        "link_id": PersonalLink.objects.get().id,
        "code": "complaint",
        "key": "x",
        "road": "email",
        "language": "id",
        "slug": "catat",
        "step": "rilis",
        "what": "kasus",
        "size": "a6",
        "token": token,
        "place": 1,
        "at_step": 2,
        "checklist": 4,
        "letter": "D",
        "number": 1,
        "pk": 1,
        "door": "desk",
        "colour": "0b4a57",
        "digest": "x",
    }


def _address(name: str, parts: tuple[str, ...], keys: dict[str, Any]) -> str:
    given = {part: keys.get(part, UNKNOWN) for part in parts}
    if name.startswith(("manage_region", "manage_hamlet")) and "code" in parts:
        given["code"] = DUNGKAIT
    return reverse(name, kwargs=given)


TYPED = {
    "how": next(iter(words.TOLD)),
    "granted": "no",
    "reason": "Cukup panjang untuk sebuah alasan.",
    "catat-text": "x",
}
"""What the forms want to hear before they look at the key."""


def _ask(client: Client, method: str, address: str, **typed: str) -> Any:
    client.raise_request_exception = False
    return client.post(address, typed) if method == "post" else getattr(client, method)(address)


def _walk(
    client: Client, keys: dict[str, Any], who: str, policies: tuple[str, ...], *methods: str
) -> list[str]:
    """Every address of these policies, plain and with unreadable values; what did not answer as it should."""
    found = []
    for name, parts, policy in ADDRESSES:
        if name in ENDS_THE_VISIT or not policy.startswith(policies):
            continue
        address = _address(name, parts, keys)
        for method in methods:
            asked = address + BAD if method == "get" else address
            answer = _ask(client, method, asked)
            what = f"{who}: {method.upper()} {asked} ({name})"
            if answer.status_code not in FINE:
                found.append(f"{what} answered {answer.status_code}")
            elif "Content-Security-Policy" not in answer.headers:
                found.append(f"{what} has no content security policy")
            elif answer.status_code == 200 and not _is_kept_by_nobody(answer, policy):
                found.append(f"{what} may be kept by a cache")
    return found


def _is_kept_by_nobody(answer: Any, policy: str) -> bool:
    return policy == "public" or "no-store" in answer.headers.get("Cache-Control", "")


BEHIND_DOORS = ("officer", "signed_in")
OPEN = ("public", "resident", "partner")


@pytest.mark.parametrize("part", WALKED)
def test_no_address_breaks_for_any_role(cast: Cast, keys: dict[str, Any], part: str) -> None:
    found = _walk(sit(cast, part), keys, part, BEHIND_DOORS, "get", "post")
    assert not found, "\n" + "\n".join(found)


def test_a_stranger_gets_behind_no_door(cast: Cast, keys: dict[str, Any]) -> None:
    client = Client()
    found = _walk(client, keys, "stranger", (*OPEN, *BEHIND_DOORS), "get", "head", "options", "post")
    for name, parts, policy in ADDRESSES:
        if policy.startswith(("officer", "signed_in")):
            for method in ("get", "post"):
                status = _ask(client, method, _address(name, parts, keys)).status_code
                if status not in SHUT:
                    found.append(f"stranger: {method} {name} answered {status}")
    assert not found, "\n" + "\n".join(found)


@pytest.mark.once
@pytest.mark.parametrize("part", NEIGHBOURS)
def test_the_neighbour_finds_nothing_of_dungkait(cast: Cast, keys: dict[str, Any], part: str) -> None:
    _finds_nothing(cast, keys, part)


@pytest.mark.once
@pytest.mark.parametrize("part", ["other_pokja", "partner", "pokja", "village_officer"])
def test_another_desk_finds_nothing_that_was_not_given_to_it(
    cast: Cast, keys: dict[str, Any], case: Case, part: str
) -> None:
    if access.visible(getattr(cast, part)).filter(id=case.id).exists():
        pytest.skip("this desk sees the matter by its place")
    tells = (
        ["desk_tell"] if part == "village_officer" else []
    )  # the village tells its own people what has come for them
    _finds_nothing(cast, keys, part, *tells)


def _finds_nothing(cast: Cast, keys: dict[str, Any], part: str, *besides: str) -> None:
    client = sit(cast, part)
    found = []
    for name, parts, _policy in ADDRESSES:
        if name in OF_A_MATTER and name not in besides:
            address = _address(name, parts, keys)
            status = _ask(client, OF_A_MATTER[name], address, **TYPED).status_code
            if status != 404:
                found.append(f"{part}: {address} ({name}) answered {status}")
    case = Case.objects.get(id=keys["case_id"])
    for address in (
        "/meja/?view=all",
        f"/meja/cari/?q={case.number}",
        "/meja/cari/?q=lampu",
        f"/meja/cetak/?id={case.id}",
    ):
        answer = _ask(client, "get", address)
        if answer.status_code == 200 and (
            case.title in answer.content.decode() or "Nurhayati" in answer.content.decode()
        ):
            found.append(f"{part}: {address} shows the matter")
    assert not found, "\n" + "\n".join(found)


def test_who_is_kept_away_from_a_matter_finds_nothing_of_it(cast: Cast, keys: dict[str, Any]) -> None:
    assert sit(cast, "second_admin").get(f"/meja/kasus/{keys['case_id']}/").status_code == 200
    protection.exclude_case(
        by=cast.focal,
        at=timezone.now(),
        case_id=keys["case_id"],
        reason="Perkara ini tentang dia",
        user_id=cast.user("second_admin").id,
    )
    _finds_nothing(cast, keys, "second_admin")


def test_a_seat_that_was_withdrawn_opens_nothing(cast: Cast, keys: dict[str, Any]) -> None:
    client = sit(cast, "admin")
    address = f"/meja/kasus/{keys['case_id']}/"
    assert client.get(address).status_code == 200
    Seat.objects.filter(id=cast.seats["admin"].id).update(until_at=timezone.now() - timedelta(minutes=1))
    assert client.get(address).status_code == 302
    assert client.post(f"{address}catat/", {"catat-text": "x"}).status_code == 302


def test_a_strong_seat_opens_nothing_with_a_password_alone(cast: Cast, keys: dict[str, Any]) -> None:
    client = sit(cast, "manager")
    session = client.session
    session["account_authentication_methods"] = [{"method": "password"}]
    session.save()
    found = []
    for name, parts, policy in ADDRESSES:
        if policy.startswith("officer"):
            for method in ("get", "post"):
                answer = _ask(client, method, _address(name, parts, keys))
                if answer.status_code != 302 or answer["Location"] != "/akun/faktor-kedua/wajib/":
                    found.append(f"{method} {name} answered {answer.status_code}")
    assert not found, "\n" + "\n".join(found)


def test_no_form_is_taken_without_its_token(cast: Cast, keys: dict[str, Any]) -> None:
    inside = sit(cast, "admin")
    client = Client(enforce_csrf_checks=True)
    client.cookies = inside.cookies
    found = []
    for name, parts, policy in ADDRESSES:
        if policy and name not in ENDS_THE_VISIT | DOCUMENTS:
            status = _ask(client, "post", _address(name, parts, keys)).status_code
            if status not in ({400, 401, 403, 404, 405} if policy in NO_SESSION else {403, 405}):
                found.append(f"POST {name} without a token answered {status}")
    assert not found, "\n" + "\n".join(found)


def test_a_partner_by_link_gets_no_file_and_no_act_of_another_matter(
    cast: Cast, keys: dict[str, Any]
) -> None:
    link = desk_actions.issue_link(
        by=MACHINE, at=timezone.now(), desk_id=cast.desk("partner").id, holder_name="Grace Palit"
    )
    client = Client()
    assert client.post(f"/mitra/{link.token}/", {"pin": link.pin}).status_code == 302
    mine = cast.case(text_given="Terpal belum datang.")
    referral.refer_case(
        by=cast.admin,
        at=timezone.now(),
        case_id=mine.id,
        to_desk_id=cast.desk("partner").id,
        note="Mohon dibantu",
        extract="Terpal belum datang.",
    )
    for step in ("terima", "tolak", "jawab", "lampirkan"):
        given = {f"{step}-{keys['case_id'].hex}-{name}": "Ya" for name in ("reason", "answer")}
        answer = client.post(
            f"/mitra/kasus/{keys['case_id']}/{step}/",
            {**given, f"{step}-{keys['case_id'].hex}-outcome": "done"},
        )
        assert answer.status_code in {404, 409}
    assert client.get(f"/mitra/berkas/{keys['attachment_id']}/").status_code == 404
    assert client.get("/meja/").status_code == 302
    assert actor(cast.seats["partner"]).desk_ids == frozenset({cast.desk("partner").id})
