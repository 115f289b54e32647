"""The core of the field app in a real Chromium against the real server: enrolled, written without a network, sent, judged, brought back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from simpul.cases.models import Case
from simpul.lib.actor import MACHINE
from simpul.outreach.models import Visit
from simpul.people import actions as people_actions
from simpul.people.models import Household, Person
from simpul.people.rules.history import Said
from simpul.sync.actions import bundling, enrolling, erasing, judging, opening, packing
from simpul.sync.models import BackupMark, Blob, Device, ErasureReceipt, Event
from simpul.sync.queries import short
from simpul.upkeep.models import Tombstone
from tests.sync import works

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
HERE = Path(__file__).parent
PASSPHRASE = "empat kucing lari pagi"
SAID = Said("officer", date(2026, 11, 20))
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
KEEPER = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "hasPrf": True,
    "automaticPresenceSimulation": True,
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


class Hand:
    """A phone's browser: runs steps of the core in a page of the server's own origin."""

    def __init__(self, context: Any, home: str) -> None:
        self.context = context
        self.home = home
        self.faults: list[str] = []
        self.page = self.open()

    def open(self) -> Any:
        """A new page with the core loaded."""
        page = self.context.new_page()
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.goto(f"{self.home}/static/field/core/errors.js")
        page.add_script_tag(content=(HERE / "hand.js").read_text(encoding="utf-8"))
        return page

    def does(self, step: str, given: Any = None) -> Any:
        """One step of ``hand.js``: what it gives back, or the code it was refused with."""
        return self.page.evaluate("([step, given]) => hand(step, given)", [step, given])


@pytest.fixture
def hand(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hand]:
    """A phone; a fault of the page fails the test."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver runs a loop in this thread
    cache.clear()
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        made = Hand(browser.new_context(), live_server.url)
        yield made
        assert not made.faults
        browser.close()


@pytest.fixture
def here(transactional_db: None) -> works.Stage:
    """Bonto Jai."""
    return works.stage()


def enrol(hand: Hand, here: works.Stage) -> str:
    """A phone for the facilitator."""
    made = enrolling.invite_device(by=MACHINE, at=timezone.now(), seat_id=here.seats["walker"].id)
    told: dict[str, Any] = hand.does("enrol", {"code": made.code, "passphrase": PASSPHRASE})
    assert told.get("refused") is None, told
    return str(told["id"])


def test_a_day_of_work_is_done_once_and_comes_back(hand: Hand, here: works.Stage) -> None:
    home = here.home("Daeng Ngemba")
    enrol(hand, here)
    assert hand.does("sync")["problem"] == ""
    name = short.of(home.id)
    assert hand.does("row", ["households", name])["name"] == "Daeng Ngemba"
    assert [one["id"] for one in hand.does("search", "daeng ngemba")]
    hand.context.set_offline(True)
    made = hand.does("day", {"household": name, "region": home.region_code, "hamlet": str(here.hamlet.id)})
    assert all(ms < 1000 for ms in made["times"]), made["times"]
    assert hand.does("row", ["households", name])["last_kind"] == "visit"
    assert hand.does("rows", ["persons", {"household": made["household"]}])[0]["name"] == "Sitti Aminah"
    assert hand.does("sync")["problem"] == "offline"
    assert hand.does("summary")["here"] == 4
    hand.context.set_offline(False)
    hand.does("sync")
    assert hand.does("states") == ["accepted"] * 4
    summary = hand.does("summary")
    assert summary["received"] == 4 and summary["unsent"] == 0 and summary["questions"] == 0
    assert Visit.objects.filter(household=home).count() == 1
    fresh = Household.objects.get(id=made["household"])
    assert Person.objects.get(id=made["person"]).household_id == fresh.id
    hand.does("sync")
    assert Event.objects.count() == 4
    row = hand.does("row", ["households", made["household"]])
    assert row["id"] == short.of(fresh.id) and row["count"] == 1 and "_" not in row
    now = timezone.now()
    BackupMark.objects.create(covers_until=now, verified_at=now)
    hand.does("sync")
    assert hand.does("summary")["safe"] == 4


def test_what_was_saved_outlives_a_killed_page_a_lock_and_a_second_page(
    hand: Hand, here: works.Stage
) -> None:
    home = here.home()
    key = enrol(hand, here)
    hand.does("sync")
    hand.context.set_offline(True)
    hand.does("visit", short.of(home.id))
    hand.does("draft", {"id": "visit:x", "words": "setengah"})
    hand.does("lock")
    hand.does("unlock", {"id": key, "passphrase": PASSPHRASE})
    assert hand.does("reached") is True  # "last heard" is still known without a network
    hand.page.close()
    hand.context.set_offline(False)
    hand.page = hand.open()
    assert hand.does("unlock", {"id": key, "passphrase": "salah sekali ini"})["refused"] == "vault.wrong"
    assert "refused" not in hand.does("unlock", {"id": key, "passphrase": PASSPHRASE})
    assert hand.does("summary")["here"] == 1 and hand.does("drafts") == ["setengah"]
    first, hand.page = hand.page, hand.open()
    assert hand.does("unlock", {"id": key, "passphrase": PASSPHRASE})["refused"] == "vault.elsewhere"
    assert "refused" not in hand.does("unlock", {"id": key, "passphrase": PASSPHRASE, "takeOver": True})
    first.wait_for_function("locked === 'elsewhere'")
    first.close()
    hand.does("lock")
    assert hand.does("row", ["households", "x"])["refused"] == "vault.locked"
    assert hand.does("vaults")[0]["unsent"]["events"] == 1
    assert hand.does("carry_locked", key)["stored"] == 1
    assert hand.does("unlock", {"id": key, "passphrase": PASSPHRASE})["id"] == key
    hand.does("sync")
    assert hand.does("states") == ["accepted"] and Visit.objects.count() == 1
    assert not Event.objects.filter(is_fork=True).exists()


def test_nothing_of_a_vault_can_be_read_without_its_key(hand: Hand, here: works.Stage) -> None:
    enrol(hand, here)
    here.home("Rahasia Betul")
    hand.does("sync")
    hand.does("note", "Rahasia Betul")
    hand.does("draft", {"id": "d", "words": "Rahasia Betul"})
    hand.does("lock")
    assert hand.does("leaks", ["Rahasia", "Walker", "Bonto", "setengah"]) == []


def test_a_passkey_opens_the_vault(hand: Hand, here: works.Stage) -> None:
    keeper = hand.context.new_cdp_session(hand.page)
    keeper.send("WebAuthn.enable")
    keeper.send("WebAuthn.addVirtualAuthenticator", {"options": KEEPER})
    key = enrol(hand, here)
    if hand.does("passkey", PASSPHRASE) is False:
        pytest.skip("this Chromium has no PRF")
    hand.does("lock")
    assert hand.does("unlock", {"id": key, "passkey": True})["id"] == key


def test_a_database_put_back_begins_a_new_history_and_loses_nothing(hand: Hand, here: works.Stage) -> None:
    home = here.home()
    key = enrol(hand, here)
    hand.does("visit", short.of(home.id))
    hand.does("lock")
    hand.does("copy", key)
    hand.does("unlock", {"id": key, "passphrase": PASSPHRASE})
    hand.does("visit", short.of(home.id))
    hand.does("sync")
    hand.does("lock")
    hand.does("put_back", key)
    epochs = hand.does("unlock", {"id": key, "passphrase": PASSPHRASE})["epochs"]
    assert epochs == 2
    hand.does("visit", short.of(home.id))
    hand.does("sync")
    assert Visit.objects.count() == 3
    assert not Event.objects.filter(is_fork=True).exists()


def test_a_pack_comes_in_pieces_and_goes_on_where_it_was_cut(hand: Hand, here: works.Stage) -> None:
    for place in range(5):
        here.home(f"Daeng {place}")
    enrol(hand, here)
    device = Device.objects.get()
    areas = tuple(device.areas or [device.desk.region_code])
    packing.build_pack(by=MACHINE, at=timezone.now(), role="facilitator", areas=areas)
    assert hand.does("sync")["problem"] == ""
    assert hand.does("pack")["cursor"] is not None and hand.does("count", "households") >= 5
    hand.does("lock")


def test_a_locked_phone_takes_no_new_work_and_still_sends_what_it_holds(
    hand: Hand, here: works.Stage
) -> None:
    home = here.home()
    enrol(hand, here)
    hand.does("sync")
    assert hand.does("count", "households") >= 1
    hand.does("visit", short.of(home.id))
    enrolling.revoke_device(by=MACHINE, at=timezone.now(), device_id=Device.objects.get().id, why="hilang")
    assert hand.does("sync")["problem"] == "revoked"
    assert hand.does("count", "households") == 0, "a lost phone keeps no register"
    assert hand.does("visit", short.of(home.id))["refused"] == "save.lease"
    assert hand.does("summary")["here"] == 0
    assert json.loads(json.dumps(hand.does("states"))) in (["quarantined"], [""], ["stored"])


def test_two_officers_who_had_not_seen_each_other_are_both_kept(hand: Hand, here: works.Stage) -> None:
    home = here.home()
    enrol(hand, here)
    hand.does("sync")
    name = short.of(home.id)
    people_actions.change_household(
        by=here.chief, at=timezone.now(), household_id=home.id, changes={"income_month": 900_000}, said=SAID
    )
    hand.does("change", [name, "income_month", "700000"])
    shown = hand.does("row", ["households", name])
    assert shown["f"]["income_month"] == "700000" and shown["_"]["unsent"] == 1
    hand.does("sync")
    assert hand.does("states") == ["conflict"] and hand.does("summary")["questions"] == 1
    assert sorted(hand.does("row", ["households", name])["doubt"]["income_month"]) == ["700000", "900000"]
    hand.does("tell")
    assert hand.does("summary")["questions"] == 0


def test_a_cloned_phone_keeps_both_histories(hand: Hand, here: works.Stage) -> None:
    home = here.home()
    key = enrol(hand, here)
    hand.does("visit", short.of(home.id))
    hand.does("sync")
    hand.does("lock")
    hand.does("copy", key)
    hand.does("unlock", {"id": key, "passphrase": PASSPHRASE})
    hand.does("visit", short.of(home.id))
    hand.does("sync")
    hand.does("lock")
    hand.does("put_back", key)
    hand.does("forget_canary", key)  # the twin was copied with everything it knew of itself
    assert hand.does("unlock", {"id": key, "passphrase": PASSPHRASE, "keepCanary": True})["epochs"] == 1
    hand.does("visit", short.of(home.id))
    hand.does("sync")
    assert hand.does("epochs") == 2
    hand.does("visit", short.of(home.id))
    hand.does("sync")
    assert Visit.objects.count() == 4
    assert Event.objects.filter(is_fork=True).exists()


def test_an_erased_person_is_gone_from_the_phone_and_it_says_so(hand: Hand, here: works.Stage) -> None:
    home = here.home("Daeng Hilang")
    enrol(hand, here)
    hand.does("sync")
    person = home.head
    assert person is not None
    hand.does("flag", short.of(person.id))
    hand.does("sync")
    Tombstone.objects.create(
        subject_kind="person",
        subject_id=person.id,
        why="erased",
        region_code=home.region_code,
        at=timezone.now(),
    )
    Person.objects.filter(id=person.id).update(full_name="", erased_at=timezone.now())
    assert erasing.order_erasures(by=MACHINE, at=timezone.now()) == 1
    hand.does("sync")
    assert hand.does("row", ["persons", short.of(person.id)]) is None
    assert hand.does("labels") == [""]
    hand.does("sync")
    assert ErasureReceipt.objects.filter(done_at__isnull=False).count() == 1


def test_a_bundle_by_file_or_pages_is_taken_by_the_server(hand: Hand, here: works.Stage) -> None:
    home = here.home()
    key = enrol(hand, here)
    hand.context.set_offline(True)
    for _time in range(3):
        hand.does("visit", short.of(home.id))
    photo = hand.does("photo", short.of(home.id))
    whole = bytes(hand.does("bundle"))
    pages = "\n".join(hand.does("pages"))
    hand.does("lock")
    locked = bytes(hand.does("bundle_locked", key))
    hand.context.set_offline(False)
    chief = here.chief
    assert bundling.import_bundle(by=chief, at=timezone.now(), data=locked).new == 1
    assert bundling.import_bundle(by=chief, at=timezone.now(), data=pages.encode()).new == 0
    done = bundling.import_bundle(by=chief, at=timezone.now(), data=whole)
    assert not done.faults and Blob.objects.get().digest == photo
    opening.open_envelopes(by=MACHINE, at=timezone.now())
    assert Event.objects.count() == 4
    hand.does("unlock", {"id": key, "passphrase": PASSPHRASE})
    hand.does("sync")
    assert hand.does("summary")["received"] == 4 and Blob.objects.get().state == "here"


def test_photos_follow_their_entries_and_numbers_are_handed_out_once(hand: Hand, here: works.Stage) -> None:
    home = here.home()
    enrol(hand, here)
    hand.does("sync")
    photo = hand.does("photo", short.of(home.id))
    hand.does("sync")
    assert Blob.objects.get(digest=photo).state == "here"
    left = hand.does("left")
    first, second = hand.does("case", home.region_code), hand.does("case", home.region_code)
    assert first["number"] != second["number"] and hand.does("left") == left - 2
    hand.does("sync")
    judging.judge_events(by=MACHINE, at=timezone.now(), device_id=Device.objects.get().id)
    hand.does("sync")
    assert set(hand.does("states")) == {"accepted"}
    numbers = {one.number for one in Case.objects.filter(number__in=[first["number"], second["number"]])}
    assert numbers == {first["number"], second["number"]}
