"""The administration: every page is shut to others, what is changed is changed, what is refused says so, and all of it is told."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from simpul.accounts.models import User
from simpul.cases.models import Kind, Route
from simpul.desks import queries as desk_queries
from simpul.desks.models import Delegation, Desk, Institution, PersonalLink, Seat
from simpul.jobs import schedule
from simpul.journal import actions as journal_actions
from simpul.journal.models import Line
from simpul.web.manage import urls, watching
from tests import cast as cast_module
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db

Enter = Callable[..., Client]


@pytest.fixture
def cast() -> Any:
    return cast_module.assemble()


def entering(cast: Any) -> Enter:
    """Opens a browser in which a part is signed in, with or without the second factor."""

    def _enter(part: str, *, strong: bool = True) -> Client:
        client = Client()
        client.force_login(cast.user(part), backend="simpul.accounts.signin.NameMailOrPhone")
        session = client.session
        session["seat"] = str(cast_module.seat_id(cast, part))
        if strong:
            session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
        session.save()
        return client

    return _enter


@pytest.fixture
def enter(cast: Any) -> Enter:
    return entering(cast)


@pytest.fixture
def admin(enter: Enter) -> Client:
    return enter("administrator")


def page(client: Client, name: str, /, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, f"{name} answered {answer.status_code}"
    return answer.content.decode()


def send(client: Client, name: str, /, *args: Any, **data: Any) -> Any:
    return client.post(reverse(name, args=args), data, follow=True)


def refused(answer: Any, field: str, words: str) -> None:
    """The page is shown again with the sentence beside the field, or above the form for field ""."""
    assert answer.status_code == 422
    text = answer.content.decode()
    if field:
        beside = re.search(rf'id="id_{field}_error".*?</div>', text, re.DOTALL)
        assert beside, f"nothing is said beside {field}"
        assert words in beside[0]
    assert words in text


def journalled(kind: str, /, **facts: Any) -> Line:
    line = Line.objects.filter(kind=kind).order_by("-recorded_at", "-id").first()
    assert line is not None, f"no line {kind}"
    assert line.role == "administrator"
    for name, value in facts.items():
        assert line.facts[name] == value
    return line


# --- who may ask ------------------------------------------------------------------------------------------------------

PAGES = [pattern.name for pattern in urls.urlpatterns if "<" not in str(pattern.pattern)]
WATCHED = {"manage_home", "manage_journal"}


@pytest.mark.parametrize("name", PAGES)
def test_strangers_are_sent_to_sign_in(client: Client, name: str) -> None:
    answer = client.get(reverse(name))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/akun/masuk/")


@pytest.mark.parametrize("part", ["admin", "manager", "focal", "village_officer", "custodian"])
def test_other_roles_find_nothing_here(enter: Enter, part: str) -> None:
    client = enter(part)
    for name in PAGES:
        assert client.get(reverse(name)).status_code == 404, name


def test_the_protection_officer_reads_the_journal_and_nothing_else(enter: Enter) -> None:
    client = enter("protection_officer")
    assert client.get(reverse("manage_home"))["Location"] == reverse("manage_journal")
    assert client.get(reverse("manage_journal")).status_code == 200
    for name in PAGES:
        if name not in WATCHED:
            assert client.get(reverse(name)).status_code == 404, name


def test_without_a_second_factor_the_administrator_is_asked_for_one(enter: Enter) -> None:
    answer = enter("administrator", strong=False).get(reverse("manage_home"))

    assert answer["Location"] == reverse("account_second_factor")


def test_every_page_is_served_small_and_never_kept(admin: Client, cast: Any) -> None:
    for name in PAGES:
        answer = admin.get(reverse(name))
        if answer.status_code == 405:
            continue
        assert answer.status_code == 200, name
        assert len(answer.content) < 120_000, name
        assert "no-store" in answer["Cache-Control"], name


def test_every_page_can_be_read_in_english(admin: Client, cast: Any) -> None:
    admin.cookies["bahasa"] = "en"

    assert "To do" in page(admin, "manage_home")
    assert "Who sits where" in page(admin, "manage_seats")
    assert "Working group" in page(admin, "manage_desks")


# --- the start page ---------------------------------------------------------------------------------------------------


def test_the_start_page_teaches_the_order_of_work(admin: Client, cast: Any) -> None:
    Desk.objects.filter(protected=True).update(protected=False)
    Seat.objects.filter(desk=cast.desk("village")).update(withdrawn_at=cast.now)
    Route.objects.filter(kind_id="idea").delete()

    text = page(admin, "manage_home")

    assert "Buka meja untuk urusan tersegel" in text
    assert "Kantor Desa Dungkait" in text
    assert Kind.objects.get(code="idea").name in text
    assert "Dian Pratiwi" in text, "the administrator has no second factor on record"


# --- the institution --------------------------------------------------------------------------------------------------

INSTITUTION = {
    "name": "Pemerintah Kabupaten Mamuju", "short_name": "Mamuju", "service_name": "Simpul", "region_code": "7602", "number_prefix": "MMJ",

    "brand": "#0b4f6c", "phone": "0426 21000", "whatsapp": "", "email": "", "address": "Jl. Soekarno Hatta 1",
    "opening_words": "Selamat datang.",
    "protection_officer": "Sitti Aminah", "ombudsman": "137", "quiet_from": "21.00", "quiet_to": "6",
}  # fmt: skip


def test_the_institution_is_changed_and_told(admin: Client, cast: Any) -> None:
    answer = send(admin, "manage_institution", **INSTITUTION)

    home = Institution.objects.get()
    assert (home.number_prefix, home.phone, home.quiet_from.hour, home.quiet_to.hour) == (
        "MMJ",
        "0426 21000",
        21,
        6,
    )
    journalled("institution.change")
    assert "Data lembaga diubah" in answer.content.decode()


def test_a_pale_colour_is_refused_beside_its_field_and_nothing_typed_is_lost(
    admin: Client, cast: Any
) -> None:
    answer = send(
        admin, "manage_institution", **{**INSTITUTION, "brand": "#ffee00", "opening_words": "Kata baru."}
    )

    refused(answer, "brand", "Pilih warna yang lebih gelap")
    assert "Kata baru." in answer.content.decode()
    assert Institution.objects.get().brand != "#ffee00"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("number_prefix", "1"),
        ("region_code", "nirgendwo"),
        ("brand", "rot"),
        ("quiet_from", "25.00"),
    ],
)
def test_the_institution_refuses_what_cannot_be(admin: Client, cast: Any, field: str, value: str) -> None:
    refused(send(admin, "manage_institution", **{**INSTITUTION, field: value}), field, "")


def test_an_emblem_is_taken_made_anew_and_taken_away(admin: Client, cast: Any) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 40), "#0b4f6c").save(drawn, "PNG")
    send(admin, "manage_institution", **INSTITUTION, emblem=ContentFile(drawn.getvalue(), "lambang.png"))
    assert Institution.objects.get().emblem_sha256
    fake = send(
        admin, "manage_institution", **INSTITUTION, emblem=ContentFile(b"MZ not a picture", "lambang.png")
    )
    refused(fake, "emblem", "")
    send(admin, "manage_institution", **INSTITUTION, no_emblem="on")
    assert not Institution.objects.get().emblem_sha256


def test_the_preview_shows_what_was_typed(admin: Client, cast: Any) -> None:
    answer = send(admin, "manage_institution", **{**INSTITUTION, "brand": "#225511"}, preview="1")

    assert "public-225511" in answer.content.decode()
    assert Institution.objects.get().brand != "#225511"


def test_the_preview_shows_a_colour_and_saves_nothing(admin: Client, cast: Any) -> None:
    good = page(admin, "manage_institution_preview", brand="#114411", name="Desa Coba")
    pale = page(admin, "manage_institution_preview", brand="#ffee00")

    assert "Desa Coba" in good
    assert "public-114411" in good
    assert "Pilih warna yang lebih gelap" in pale
    assert not Line.objects.filter(kind="institution.change").exists()


def test_an_institution_and_its_desks_may_serve_everywhere(admin: Client, cast: Any) -> None:
    send(admin, "manage_institution", **{**INSTITUTION, "region_code": ""})
    send(admin, "manage_desk_open", **{**DESK, "region_code": ""})

    assert Institution.objects.get().region_code == ""
    assert Desk.objects.get(code="puskesos-dungkait").region_code == ""
    assert "Di mana saja" in page(admin, "manage_desks")
    for name in PAGES:
        assert admin.get(reverse(name)).status_code in (200, 405), name


# --- desks ------------------------------------------------------------------------------------------------------------

DESK = {
    "name": "Puskesos Dungkait", "code": "puskesos-dungkait", "kind": "puskesos", "level": "village", "region_code": "7602132001",
    "week": ["1", "2", "3", "4", "5", "6"], "hop_days": "2", "work_days": "4", "their_days": "10",
}  # fmt: skip


def test_a_desk_is_opened_changed_given_hours_and_closed(admin: Client, cast: Any) -> None:
    send(admin, "manage_desk_open", above_id=str(cast.desk("centre").id), **DESK)
    desk = Desk.objects.get(code="puskesos-dungkait")
    assert (desk.week, desk.hop_days, desk.above) == ("123456", 2, cast.desk("centre"))
    journalled("desk.open", name="Puskesos Dungkait")

    changed = {**DESK, "name": "Puskesos Baru", "above_id": ""}
    send(admin, "manage_desk_change", desk.id, **changed)
    desk.refresh_from_db()
    assert (desk.name, desk.above_id, desk.code) == ("Puskesos Baru", None, "puskesos-dungkait")

    send(
        admin,
        "manage_desk_hours",
        desk.id,
        opens_1_1="8",
        closes_1_1="16.00",
        opens_8_1="20.00",
        closes_8_1="02:00",
    )
    assert sorted(str(row) for row in desk.hours.all()) == ["1 08:00-16:00", "8 20:00-02:00"]
    assert "08.00" in page(admin, "manage_desk_hours", desk.id)

    assert "tidak dapat diserahkan ke meja ini" in page(admin, "manage_desk_close", desk.id)
    send(admin, "manage_desk_close", desk.id, reason="Digabung")
    desk.refresh_from_db()
    assert desk.is_closed
    assert journalled("desk.close").inputs == {"reason": "Digabung"}
    assert "Puskesos Baru" in page(admin, "manage_desks")


def test_desks_refuse_beside_the_field(admin: Client, cast: Any) -> None:
    refused(send(admin, "manage_desk_open", **{**DESK, "code": "centre"}), "code", "")
    refused(send(admin, "manage_desk_open", **{**DESK, "code": "KODE SALAH"}), "code", "")
    refused(send(admin, "manage_desk_open", **{**DESK, "outside": "on"}), "outside", "")
    refused(send(admin, "manage_desk_open", **{**DESK, "work_days": "0"}), "work_days", "")
    refused(send(admin, "manage_desk_open", **{**DESK, "week": []}), "week", "")
    below = {
        **DESK,
        "region_code": "7602",
        "kind": "leadership",
        "level": "regency",
        "above_id": str(cast.desk("centre").id),
    }
    refused(send(admin, "manage_desk_change", cast.desk("leaders-mamuju").id, **below), "above_id", "")
    refused(send(admin, "manage_desk_close", cast.desk("centre").id, reason="x"), "", "Pokja Hunian")
    hours = cast.desk("centre").id
    refused(
        send(
            admin, "manage_desk_hours", hours, opens_1_1="8", closes_1_1="16", opens_1_2="15", closes_1_2="17"
        ),
        "",
        "",
    )
    refused(send(admin, "manage_desk_hours", hours, opens_2_1="8"), "", "Selasa: tuliskan kedua jamnya")
    assert not Line.objects.filter(kind__in=("desk.open", "desk.change", "desk.close", "hours.set")).exists()


def test_the_ladder_and_the_warnings(admin: Client, cast: Any) -> None:
    Desk.objects.filter(protected=True).update(protected=False)
    Seat.objects.filter(desk=cast.desk("village")).update(withdrawn_at=cast.now)
    Desk.objects.filter(code="leaders-mamuju").update(closed_at=cast.now)

    text = page(admin, "manage_desks", lihat="tangga")

    assert "Tidak ada meja yang boleh memegang urusan tersegel" in text
    assert "Belum ada orang di: Kantor Desa Dungkait" in text
    assert "Meja di atasnya sudah ditutup: Call Center Mamuju" in text


# --- people -----------------------------------------------------------------------------------------------------------


def test_a_person_is_added_and_the_first_password_is_shown_once(admin: Client, cast: Any) -> None:
    answer = send(
        admin,
        "manage_user_add",
        full_name="Ani Daeng",
        username="ani.daeng",
        email="",
        phone="0812 3456 7890",
    )

    text = answer.content.decode()
    found = re.search(r'id="first-password">([^<]+)<', text)
    person = User.objects.get(username="ani.daeng")
    assert found
    assert person.check_password(found[1])
    assert "no-store" in answer["Cache-Control"]
    assert found[1] not in page(admin, "manage_user", person.id)
    assert found[1] not in str(journalled("user.add").inputs)


def test_people_refuse_beside_the_field(admin: Client, cast: Any) -> None:
    good = {"full_name": "Ani Daeng", "username": "ani.daeng", "email": "", "phone": ""}
    for field, value in (
        ("username", "ratna"),
        ("username", "1"),
        ("email", "tidak"),
        ("phone", "12"),
        ("full_name", ""),
    ):
        refused(send(admin, "manage_user_add", **{**good, field: value}), field, "")
    assert not User.objects.filter(username="ani.daeng").exists()


def test_a_sign_in_is_switched_off_with_consequences_said_first_and_on_again(
    admin: Client, cast: Any
) -> None:
    person = cast.user("village_officer")
    beside = Seat.objects.filter(desk=cast.desk("village"), withdrawn_at=None).exclude(user=person)
    assert "Kantor Desa Dungkait" not in page(admin, "manage_user_disable", person.id), "others sit there"
    beside.update(withdrawn_at=cast.now)
    assert "Kantor Desa Dungkait" in page(admin, "manage_user_disable", person.id), "nobody else sits there"

    send(admin, "manage_user_disable", person.id, reason="Pindah tugas")
    person.refresh_from_db()
    assert not person.is_active
    refused(send(admin, "manage_user_disable", person.id, reason="lagi"), "", "")
    send(admin, "manage_user_enable", person.id)
    person.refresh_from_db()
    assert person.is_active
    journalled("user.enable")

    own = cast.user("administrator")
    refused(send(admin, "manage_user_disable", own.id, reason="x"), "", "")


def test_a_new_password_ends_sessions_and_may_drop_the_second_factor(
    admin: Client, cast: Any, enter: Enter
) -> None:
    officer = enter("village_officer")
    person = cast.user("village_officer")

    answer = send(admin, "manage_user_password", person.id, drop_second_factor="on")

    found = re.search(r'id="first-password">([^<]+)<', answer.content.decode())
    person.refresh_from_db()
    assert found
    assert person.check_password(found[1])
    assert person.must_change_password
    assert officer.get("/akun/").status_code == 302
    journalled("password.issue")


def test_a_search_finds_people(admin: Client, cast: Any) -> None:
    text = page(admin, "manage_users", cari="ratna")

    assert "Ratna Dewi" in text
    assert "Hasan Basri" not in text


# --- seats, delegations, links ----------------------------------------------------------------------------------------


def test_a_seat_is_given_with_dates_and_areas_and_withdrawn(admin: Client, cast: Any) -> None:
    person = cast.user("village_officer")
    send(
        admin, "manage_seat_give", user_id=str(person.id), desk_id=str(cast.desk("centre").id), role="front_office", title="Petugas loket",
        areas="Desa Botteng, Kec. Simboro, Kab. Mamuju\n7602132001", from_at="1/12/2026", until_at="31/12/2026",
    )  # fmt: skip
    seat = Seat.objects.get(user=person, role="front_office")
    assert seat.areas == [cast_module.BOTTENG, cast_module.DUNGKAIT]
    assert seat.until_at is not None
    assert (seat.until_at - seat.from_at).days == 31, "the last day counts whole"
    journalled("seat.give", role="front_office")

    send(admin, "manage_seat_withdraw", seat.id, reason="Selesai")
    seat.refresh_from_db()
    assert seat.withdrawn_at is not None
    journalled("seat.withdraw")


def test_seats_refuse_beside_the_field(admin: Client, cast: Any) -> None:
    person = cast.user("village_officer")
    good = {"user_id": str(person.id), "desk_id": str(cast.desk("centre").id), "role": "front_office"}
    refused(
        send(admin, "manage_seat_give", **{**good, "desk_id": str(cast.desk("outside").id)}), "desk_id", ""
    )
    refused(
        send(
            admin,
            "manage_seat_give",
            **{**good, "desk_id": str(cast.desk("village").id), "role": "post_officer"},
        ),
        "role",
        "",
    )
    refused(
        send(admin, "manage_seat_give", **{**good, "from_at": "2/12/2026", "until_at": "1/12/2026"}),
        "until_at",
        "",
    )
    refused(send(admin, "manage_seat_give", **{**good, "areas": "Desa Entah"}), "areas", "Desa Entah")
    both = {**good, "user_id": str(cast.user("protection_officer").id), "role": "administrator"}
    refused(send(admin, "manage_seat_give", **both), "role", "")
    own = cast_module.seat_id(cast, "administrator")
    refused(send(admin, "manage_seat_withdraw", own, reason="x"), "", "")
    assert not Line.objects.filter(kind__startswith="seat.").exists()


def test_a_desk_is_delegated_by_decision_and_the_delegation_ended(admin: Client, cast: Any) -> None:
    given = {
        "seat_id": str(cast_module.seat_id(cast, "pokja")),
        "to_seat_id": str(cast_module.seat_id(cast, "other_pokja")),
    }
    dates = {
        "from_date": f"{timezone.now():%d/%m/%Y}",
        "to_date": f"{timezone.now() + timedelta(days=9):%d/%m/%Y}",
    }
    same = {**given, "to_seat_id": given["seat_id"]}
    refused(send(admin, "manage_delegation_give", **same, **dates, decision="800/1"), "to_seat_id", "")
    refused(
        send(
            admin,
            "manage_delegation_give",
            **given,
            decision="800/1",
            from_date="2/1/2020",
            to_date="3/1/2020",
        ),
        "to_date",
        "",
    )

    send(admin, "manage_delegation_give", **given, **dates, decision="800/12/2026")

    made = Delegation.objects.get()
    assert "800/12/2026" in page(admin, "manage_delegations")
    journalled("delegation.give", decision="800/12/2026")
    assert "Pokja Hunian" in page(admin, "manage_delegation_end", made.id)
    send(admin, "manage_delegation_end", made.id)
    made.refresh_from_db()
    assert made.ended_at is not None


def test_a_link_and_its_pin_are_shown_once_apart_and_the_link_withdrawn(admin: Client, cast: Any) -> None:
    given = {
        "desk_id": str(cast.desk("partner").id),
        "holder_name": "Grace Palit",
        "holder_contact": "0812 1111 2222",
        "days": "90",
    }
    refused(send(admin, "manage_link_issue", **{**given, "days": "900"}), "days", "")

    text = send(admin, "manage_link_issue", **given).content.decode()

    link = PersonalLink.objects.get()
    token = re.search(r"/mitra/([\w-]{30,})/", text)
    assert token
    assert text.count('<article class="slip">') == 2
    assert token[1] not in page(admin, "manage_links")
    assert token[1] not in str(journalled("link.issue").inputs)
    send(admin, "manage_link_withdraw", link.id)
    link.refresh_from_db()
    assert link.withdrawn_at is not None
    journalled("link.withdraw")


# --- queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["manage_desks", "manage_users", "manage_seats", "manage_home"])
def test_a_longer_list_asks_no_more_questions(
    admin: Client, cast: Any, name: str, django_assert_max_num_queries: Any
) -> None:
    page(admin, name)
    with django_assert_max_num_queries(60) as before:
        page(admin, name)
    for number in range(12):
        desk = Desk.objects.create(
            code=f"meja-{number}", name=f"Meja {number}", kind="pokja", level="regency", region_code="7602", above=cast.desk("centre"),
            opened_at=cast.now,
        )  # fmt: skip
        person = User.objects.create(
            username=f"orang-{number}", full_name=f"Orang {number}", created_at=cast.now
        )
        Seat.objects.create(user=person, desk=desk, role="manager", from_at=cast.now)
    with django_assert_max_num_queries(len(before)):
        page(admin, name)


def test_every_periodic_work_has_its_words() -> None:
    assert {work.name for work in schedule.SCHEDULE} <= set(watching.PERIODIC)


def test_a_coordinator_of_a_posyandu_is_its_chair_in_the_header_and_in_the_journal(cast: Any) -> None:
    page = sit(cast, "posyandu_chair").get(reverse("desk_posyandu_tasks")).content.decode()
    assert "Ketua posyandu, " in page and "Koordinator Puskesos" not in page
    journal_actions.record(
        by=cast.posyandu_chair, at=cast_module.NOW, kind="finding.close", subject_kind="finding",
        subject_id=cast.desk("posyandu").id, region_code=cast.desk("posyandu").region_code, facts={},
    )  # fmt: skip
    text = words(sit(cast, "administrator").get(reverse("manage_journal")))
    assert "Ketua posyandu" in text
    assert desk_queries.seat_label(cast.seats["neighbour_coordinator"]).startswith("Koordinator Puskesos, ")
