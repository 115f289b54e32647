"""Three days in the hills of Halong without a network, and all that goes wrong: every act is found once, every question listed.

All people are invented. What the story itself wrote down on each phone is compared, key by key, with what the server has in the end.
A day ends when a phone is locked, switched off and on again without a network; no clock is turned, but for the copies of the server:
those count only for what came minutes before them. Every step is a page that somebody opens or a command that the keeper runs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser import halong, people
from tests.browser.conftest import CHROMIUM_FLAGS, DESKTOP, chromium
from tests.browser.halong import Diary, FieldPhone, Laptop, Town
from tests.browser.people import Officer, keep_picture

UREN, MARAJAI, RIUT = "6311022019", "6311022020", "6311022010"

PLAN = """
from datetime import timedelta
from django.utils import timezone
from simpul.demo import rounds, trips
from simpul.desks import actions as desk_actions
from simpul.desks import queries as desks
from simpul.desks.models import Seat
from simpul.lib.actor import MACHINE
from simpul.outreach import actions
from simpul.outreach.queries import trip_checks
from simpul.outreach.rules import checks
at = timezone.now()
today = timezone.localtime(at).date()
def seat_of(name): return Seat.objects.select_related("user", "desk").get(user__username=name)
boss, susi, rudi = seat_of("koordinator.halong"), seat_of("petugas.halong"), seat_of("petugas2.halong")
by = desks.actor_for(boss.user, boss.id, strong=True, at=at)
villages = ["6311022019", "6311022020", "6311022010"]
desk_actions.withdraw_seat(by=MACHINE, at=at, seat_id=rudi.id)
rudi = desk_actions.give_seat(by=MACHINE, at=at, user_id=rudi.user_id, desk_id=rudi.desk_id, role="facilitator", areas=villages)
plan = actions.TripPlan(purpose="Layanan antar ke desa: Uren, Marajai, Gunung Riut", season="wet", start_date=today,
    end_date=today + timedelta(days=2), modes=("road", "foot", "river"), transport="Dua sepeda motor trail, sampan dari Uren",
    safety_name="Sekretaris Kecamatan Halong", safety_phone="0812-0000-0631")
trip = actions.plan_trip(by=by, at=at, region_code="631102", plan=plan)
stops = {}
for number, code in enumerate(villages):
    stop = actions.StopPlan(code, planned_date=today + timedelta(days=number), place="Balai desa")
    stops[code] = str(actions.add_stop(by=by, at=at, trip_id=trip.id, stop=stop).id)
for seat in (susi, rudi):
    actions.add_member(by=by, at=at, trip_id=trip.id, member=actions.Member(seat_id=seat.id, leads=seat is susi))
answers = {one.code: checks.Answer(ok=True, number={"packs": 2, "charged": 98}.get(one.code)) for one in trip_checks.questions("631102")}
actions.check_trip(by=by, at=at, trip_id=trip.id, answers=answers)
heads = ("Uluy", "Basran Ilai", "Galuh Sintia", "Jahrani", "Sahriah", "Ayal Lunau", "Kuncing", "Intan Diang", "Sutrisno Rantau")
print(json.dumps({"trip": str(trip.id), "stops": stops, "homes": {one: str(trips.home_key(one)) for one in heads},
    "round": str(rounds.FOLLOWING), "seats": {"Susi": str(susi.id), "Rudi": str(rudi.id)}}))
"""
THERE = """
from simpul.cases.models import Case
from simpul.outreach.models import Guest, Visit
from simpul.people.models import Household, Person
from simpul.programmes.models import Delivery
from simpul.sync.models import Event
made = {"visit.record": Visit, "guest.sign": Guest, "household.open": Household, "person.register": Person,
    "delivery.record": Delivery, "case.open": Case}
print(json.dumps({
    "things": {kind: [str(key) for key in model.objects.values_list("id", flat=True)] for kind, model in made.items()},
    "events": [[str(one.device_id), one.epoch, one.seq, one.kind, one.state, one.reason, one.is_fork]
        for one in Event.objects.order_by("device_id", "epoch", "seq")],
    "numbers": list(Case.objects.values_list("number", flat=True)),
}))
"""
MADE = {
    "visit.record": "visit_id", "guest.sign": "guest_id", "household.open": "household_id",
    "person.register": "person_id", "delivery.record": "delivery_id", "case.open": "case_id",
}  # fmt: skip
BRIDGE = {
    "kind": "complaint", "text": "Jembatan gantung putus, anak-anak tidak dapat ke sekolah.", "mode": "self",
    "reporter": "Uluy", "urgency": "urgent",
}  # fmt: skip
NEW_HOME = {
    "name": "Keluarga Aluh Minah", "head.name": "Aluh Minah", "head.sex": "P", "region": UREN,
    "address": "Di seberang jembatan gantung", "members_said": "3", "source": "resident", "said_by": "Aluh Minah",
}  # fmt: skip


def wall(value: str) -> dict[str, Any]:
    """What the wall is made of, as one of them sees it."""
    return {"groups": ["Bangunan"], "f.wall": value, "source": "visit"}


def rice(town: Town, *, to: str = "self", by: str = "") -> dict[str, Any]:
    """Ten kilograms of rice, signed for."""
    given = {
        "round": town.plan["round"],
        "outcome": "delivered",
        "to": to,
        "signature": True,
        "at": "Balai desa",
    }
    return {**given, "proxy": by} if by else given


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    """A folder for the town, the laptop and the phones."""
    folder = Path(tempfile.mkdtemp(prefix="simpul-halong-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def env() -> dict[str, str]:
    """On SQLite: the town's server is put back from a copy, file by file."""
    left_out = {"SIMPUL_TESTING", "DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
    return {key: value for key, value in os.environ.items() if key not in left_out}


@pytest.fixture(scope="module")
def town(root: Path, env: dict[str, str]) -> Iterator[Town]:
    """The server in the town, with the sample regency and a trip of three days from today."""
    made = Town(root / "town", {**env, "SIMPUL_DATA": str(root / "town")})
    made.prepare()
    made.plan = made.python(PLAN)
    with halong.served(made):
        yield made


@pytest.fixture(scope="module")
def desk(play: Playwright, town: Town) -> Iterator[Officer]:
    """The coordinator at the desk in the town."""
    browser = play.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
    shots = bool(os.environ.get("SIMPUL_SHOTS"))
    context = browser.new_context(viewport=DESKTOP, locale="id-ID", base_url=town.url, bypass_csp=shots)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield Officer(page, town.site, "koordinator.halong")
    browser.close()


def test_three_days(play: Playwright, root: Path, env: dict[str, str], town: Town, desk: Officer) -> None:
    before = town.python(THERE)
    diary = Diary()
    susi, rudi = in_town(play, root, town, desk)
    laptop = Laptop(root / "laptop", {**env, "SIMPUL_DATA": str(root / "laptop")})
    laptop.join(town.url, invited(desk, "Laptop Desa Uren", node="Kantor Desa Uren"))
    number = first_day(town, susi, rudi, diary)
    twin = first_night(root, town, susi, rudi)
    second_day(root, town, desk, susi, rudi, twin, diary)
    third_day(town, susi, rudi, twin, diary)
    the_server_breaks(root, town, laptop, susi)
    moved_away(desk, town)
    home_again(town, susi, rudi, twin, diary)
    every_question_is_listed(desk, rudi)
    every_act_is_there_once(town, diary, before, number)
    safe_in_a_copy(root, town, susi, rudi, twin)
    for phone in (susi, rudi, twin):
        phone.switch_off()
        assert not phone.faults


# --- the days ---------------------------------------------------------------------------------------------------------


def invited(desk: Officer, label: str, *, seat: str = "", node: str = "", picture: str = "") -> str:
    """The code that the coordinator's page shows once."""
    page = desk.page
    page.goto("/meja/perangkat/baru/" + ("?jenis=laptop" if node else ""))
    page.locator("[name=desk]" if node else "[name=seat]").select_option(
        **({"label": node} if node else {"value": seat})
    )
    page.fill("[name=label]", label)
    page.locator("main form button[type=submit]").last.click()
    code = page.locator(".device-code")
    code.wait_for()
    if picture:
        keep_picture(page, picture)
    return "".join(code.locator("span").all_inner_texts())


def in_town(play: Playwright, root: Path, town: Town, desk: Officer) -> tuple[FieldPhone, FieldPhone]:
    """The day before: two phones are let in and loaded."""
    made = []
    for name in ("Susi", "Rudi"):
        first = name == "Susi"
        phone = FieldPhone(play, name, root / name, town.url)
        phone.switch_on()
        code = invited(
            desk, f"HP {name}", seat=town.plan["seats"][name], picture="halong-1-undangan" if first else ""
        )
        shown = {"code": "lapangan-1-kode", "passphrase": "lapangan-2-sandi"}
        phone.enrol(code, pictures=shown if first else None)
        state = phone.sync(until=lambda now: now["households"] >= 9 and now["numbers"] > 0)
        assert state["summary"]["unsent"] == 0
        phone.network(False)
        made.append(phone)
    return made[0], made[1]


def first_day(town: Town, susi: FieldPhone, rudi: FieldPhone, diary: Diary) -> str:
    """Uren: arriving, a guest, a visit, a matter with its receipt, a new household, rice; and what neither sees of the other."""
    homes, trip, uren = town.plan["homes"], town.plan["trip"], town.plan["stops"][UREN]
    at = f"trip={trip}&stop={uren}"
    susi.lock()
    susi.unlock(picture="lapangan-3-kunci")
    susi.go("/hari-ini")
    susi.keep("lapangan-4-hari-ini")
    susi.fill_in(f"berangkat?trip={trip}", {})
    susi.fill_in(f"tiba?{at}", {"official": "Mahlan, sekretaris desa"})
    guest = {"who": "Busu Ramli", "origin": "Uren Hilir", "purpose": "Akta kelahiran anak"}
    susi.fill_in(f"tamu?{at}", guest)
    susi.go(f"/perjalanan/{trip}")
    susi.keep("halong-2-perjalanan")
    susi.go(f"/keluarga/{homes['Uluy']}")
    susi.keep("lapangan-5-rumah")
    visit = {"outcome": "met", "spoke_to": "Uluy", "words": "Atap bocor di dapur.", "photo": True}
    susi.fill_in(f"kunjungan?household={homes['Uluy']}", visit, pictures={"2": "halong-3-kunjungan"})
    susi.fill_in(f"perkara?household={homes['Uluy']}", BRIDGE)
    number = re.search(r"SPL-\d{4}-\d{5}-[A-Z]", susi.read())
    assert number and re.search(r"\b\d{6}\b", susi.read()), susi.read()
    susi.keep("halong-4-tanda-terima")
    susi.fill_in("rumah-tangga", NEW_HOME, pictures={"review": "halong-5-keluarga-baru"})
    susi.fill_in(f"rumah?household={homes['Uluy']}", wall("Tembok"))
    taken = rice(town, to="family", by="Norhalimah")
    susi.fill_in(f"penyerahan?household={homes['Basran Ilai']}", taken, pictures={"2": "halong-6-beras"})
    susi.go("/kotak-keluar")
    susi.keep("lapangan-6-kotak-keluar")
    rudi.fill_in(f"kunjungan?household={homes['Sahriah']}", {"outcome": "met", "spoke_to": "Sahriah"})
    rudi.fill_in(f"rumah?household={homes['Uluy']}", wall("Kayu"))
    rudi.fill_in(f"penyerahan?household={homes['Basran Ilai']}", rice(town))
    diary.note(susi, rudi)
    return number[0]


def first_night(root: Path, town: Town, susi: FieldPhone, rudi: FieldPhone) -> FieldPhone:
    """On the ridge one phone has a signal and sends its day; at night the town makes a copy, and somebody copies the other phone."""
    susi.network(True)
    susi.sync(until=lambda now: now["summary"]["unsent"] == 0 and now["summary"]["received"] > 0)
    susi.network(False)
    town.copy_at_night(root / "malam-pertama.simpul")
    susi.night()
    rudi.lock()
    rudi.switch_off()
    twin = rudi.copied("Rudi 2", root / "Rudi 2")
    for phone in (rudi, twin):
        phone.switch_on(online=False)
        phone.unlock()
    return twin


def second_day(
    root: Path, town: Town, desk: Officer, susi: FieldPhone, rudi: FieldPhone, twin: FieldPhone, diary: Diary
) -> None:
    """Marajai. One phone sends by signal and forgets what is safe; the other's file goes to town on a stick; its twin writes."""
    homes, trip, marajai = town.plan["homes"], town.plan["trip"], town.plan["stops"][MARAJAI]
    susi.fill_in(f"tiba?trip={trip}&stop={marajai}", {})
    susi.fill_in(f"kunjungan?household={homes['Ayal Lunau']}", {"outcome": "met", "spoke_to": "Ayal Lunau"})
    diary.note(susi)
    susi.network(True)
    state = susi.sync(until=lambda now: now["summary"]["unsent"] == 0)
    assert state["summary"]["safe"] > 0, "what was in the town's copy may be forgotten"
    susi.network(False)
    susi.fill_in(f"penyerahan?household={homes['Ayal Lunau']}", rice(town))
    rudi.fill_in(f"kunjungan?household={homes['Kuncing']}", {"outcome": "met", "spoke_to": "Kuncing"})
    rudi.fill_in(f"penyerahan?household={homes['Intan Diang']}", rice(town))
    twin.fill_in(f"kunjungan?household={homes['Jahrani']}", {"outcome": "nobody_home"})
    diary.note(susi, rudi, twin)
    carried_on_a_stick(root, town, desk, rudi)


def carried_on_a_stick(root: Path, town: Town, desk: Officer, phone: FieldPhone) -> None:
    """The phone's file is taken in at the desk in town, and once more by its keeper, without harm."""
    phone.go("/kotak-keluar/bawa")
    phone.keep("lapangan-7-tanpa-jaringan")
    with phone.page.expect_download() as coming:
        phone.page.locator("section.section", has_text="Sebagai berkas").locator("button").first.click()
    file = root / "rudi.simpul"
    coming.value.save_as(file)
    page = desk.page
    page.goto("/meja/bundel/")
    page.set_input_files("[name=file]", file)
    page.locator("main form[enctype] button[type=submit]").first.click()
    taking = page.locator('form[action$="/masuk/"]')
    expect(page.locator("main")).to_contain_text("HP Rudi")
    if taking.locator("[name=file]").count():
        taking.locator("[name=file]").set_input_files(file)
    keep_picture(page, "halong-12-bundel")
    with page.expect_navigation():
        taking.locator("button[type=submit]").click()
    expect(page.locator(".govuk-error-summary, .notice--bad")).to_have_count(0)
    again = json.loads(town.simpul("bundle", "import", str(file), "--json"))
    assert again["ok"] and not again["envelopes"].get("stored"), again


def third_day(town: Town, susi: FieldPhone, rudi: FieldPhone, twin: FieldPhone, diary: Diary) -> None:
    """The last day: Susi in Gunung Riut, Rudi still in Marajai, the twin in Uren."""
    homes, trip, riut = town.plan["homes"], town.plan["trip"], town.plan["stops"][RIUT]
    susi.night()
    susi.fill_in(f"tiba?trip={trip}&stop={riut}", {})
    susi.fill_in(f"tamu?trip={trip}&stop={riut}", {"who": "Nenek Sari", "purpose": "KIS tidak aktif"})
    rudi.fill_in(f"penyerahan?household={homes['Kuncing']}", rice(town))
    twin.fill_in(f"penyerahan?household={homes['Jahrani']}", rice(town))
    diary.note(susi, rudi, twin)


def the_server_breaks(root: Path, town: Town, laptop: Laptop, susi: FieldPhone) -> None:
    """The disk in town dies. Susi leaves her work with the village laptop; the town puts the copy of the first night back."""
    laptop.start()
    town.cut_power()
    susi.network(True)
    susi.go("/kotak-keluar/bawa")
    susi.page.fill("[name=carrier]", laptop.url)
    by_laptop = susi.page.locator("section.section", has=susi.page.locator("[name=carrier]"))
    by_laptop.locator("button").first.click()
    susi.until("() => document.getElementById('toast') && document.getElementById('toast').textContent")
    assert susi.state()["summary"]["carried"] > 0, susi.state()
    susi.go("/kotak-keluar")
    susi.keep("halong-7-laptop")
    susi.network(False)
    town.simpul("restore", str(root / "malam-pertama.simpul"), "--replace", "--json")
    town.start()
    assert laptop.talk() == ""
    laptop.stop()


def moved_away(desk: Officer, town: Town) -> None:
    """While Rudi is still out with work on it, a household moves to a village that is not his."""
    page = desk.page
    page.goto(f"/meja/warga/rt/{town.plan['homes']['Kuncing']}/pindah/")
    for one in page.locator("[name=persons]").all():
        one.check(force=True)
    page.fill("[name=to_region]", "Mauya")
    people.fill(page, {"source": "family", "on_date": datetime.now(UTC).date().isoformat()})
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".govuk-error-summary")).to_have_count(0)


def home_again(town: Town, susi: FieldPhone, rudi: FieldPhone, twin: FieldPhone, diary: Diary) -> None:
    """All come home and send everything that the server does not have; the copied phone begins a history of its own and goes on in it."""
    for phone in (susi, rudi, twin):
        phone.network(True)
        phone.sync(until=lambda now: now["summary"]["unsent"] == 0)
    assert [phone.state()["epochs"] for phone in (susi, rudi, twin)] == [1, 1, 2]
    twin.fill_in(f"kunjungan?household={town.plan['homes']['Galuh Sintia']}", {"outcome": "nobody_home"})
    diary.note(susi, rudi, twin)
    twin.sync(until=lambda now: now["summary"]["unsent"] == 0)
    said = rudi.go("/pertanyaan").inner_text("main")
    for words in ("Dua petugas menulis dua nilai", "Mungkin diberikan dua kali", "wilayah lain"):
        assert words in said, said
    rudi.keep("halong-8-pertanyaan")


# --- what is there in the end -----------------------------------------------------------------------------------------


def every_question_is_listed(desk: Officer, rudi: FieldPhone) -> None:
    """The two walls, the two sacks of rice, the household that moved, the phone with two histories: each waits for a person."""
    page = desk.page
    page.goto("/meja/perangkat/perbaikan/")
    waiting = page.inner_text("main")
    for question in ("dua nilai", "dua penyerahan", "satu HP, dua riwayat", "pindah"):
        assert question in waiting, waiting
    keep_picture(page, "halong-10-perbaikan")
    page.locator("main a", has_text="dua nilai, satu kolom").last.click()
    page.wait_for_url(re.compile("/perbaikan/[0-9a-f-]{36}/"))
    both = page.inner_text("main")
    assert "Tembok" in both and "Kayu" in both, both
    page.goto("/meja/penyaluran/ganda/")
    expect(page.locator("main")).to_contain_text("Basran Ilai")
    keep_picture(page, "halong-9-ganda")


def every_act_is_there_once(town: Town, diary: Diary, before: dict[str, Any], number: str) -> None:
    """The things that the story wrote down are there, each one time, and nothing else was added."""
    there = town.python(THERE)
    for kind, key in MADE.items():
        added = Counter(there["things"][kind]) - Counter(before["things"][kind])
        assert added == Counter(diary.keys(kind, key)), kind
    written = Counter((*act.name, act.kind) for act in diary.acts.values())
    received = Counter((row[0], row[1], row[2], row[3].split("/")[0]) for row in there["events"])
    assert received == written
    assert {row[4] for row in there["events"]} <= {"accepted", "conflict", "flagged"}, there["events"]
    assert there["numbers"].count(number) == 1


def safe_in_a_copy(root: Path, town: Town, *phones: FieldPhone) -> None:
    """After the next copy nothing waits any more: every entry is safe, and only now a phone lets go of it."""
    town.copy_at_night(root / "malam-terakhir.simpul")
    for phone in phones:
        state = phone.sync(until=lambda now: now["summary"]["received"] == 0)
        assert state["summary"]["unsent"] == 0
    phones[0].go("/kotak-keluar")
    phones[0].keep("halong-11-aman")
