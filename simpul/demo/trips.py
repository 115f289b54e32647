"""Trips of the sample: a team from Halong goes to three villages in the hills, comes back, and plans the next trip.

The sub-district and its villages are real; the team, the residents, the times of the ways and the positions on the map are invented.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from simpul.demo.stage import Stage, Story
from simpul.outreach import actions
from simpul.outreach.queries import trip_checks
from simpul.outreach.rules import checks as check_rules
from simpul.people import actions as people_actions
from simpul.regions import actions as region_actions

AREA = "631102"
UREN, MARAJAI, RIUT, BINJU = "6311022019", "6311022020", "6311022010", "6311022017"
GOES, JOINS, LEADS, WATCHES = "petugas.halong", "petugas2.halong", "koordinator.halong", "camat.halong"
_SPACE = UUID("5e1f0a52-6311-4022-8019-000000000001")

# Invented points that look like a valley: the shipped list has no positions.
_POINTS = {
    "6311022005": (-2.262, 115.582),
    "6311022001": (-2.228, 115.566),
    "6311022008": (-2.243, 115.607),
    "6311022011": (-2.294, 115.609),
    RIUT: (-2.318, 115.664),
    BINJU: (-2.347, 115.632),
    UREN: (-2.337, 115.705),
    MARAJAI: (-2.371, 115.748),
    "6311022004": (-2.205, 115.604),
    "6311022012": (-2.279, 115.641),
}
_WAYS = (
    # from, to, means, dry, rainy (None: cannot be passed), who says so
    ("office", RIUT, "road", 55, 80, "Diukur tim, April"),
    ("office", UREN, "road", 75, 130, "Diukur tim, April"),
    (RIUT, UREN, "road", 40, 65, "Sopir desa Gunung Riut"),
    (UREN, MARAJAI, "foot", 110, 160, "Diukur tim, Juli"),
    (UREN, MARAJAI, "road", 45, None, "Kepala desa Marajai"),
    (UREN, MARAJAI, "river", 70, 50, "Pemilik sampan, Uren"),
    ("office", "6311022011", "road", 25, 30, "Diukur tim, April"),
    ("office", "6311022008", "road", 15, 20, "Diukur tim, April"),
)
_HOMES = (
    # village, hamlet, head, born, another member
    (UREN, "Dusun Uren Hulu", "Uluy", 1949, ""),
    (UREN, "Dusun Uren Hulu", "Basran Ilai", 1978, "Norhalimah"),
    (UREN, "Dusun Uren Hulu", "Galuh Sintia", 1990, "Aluh Kecil"),
    (UREN, "Dusun Uren Hilir", "Jahrani", 1968, "Masniah"),
    (UREN, "Dusun Uren Hilir", "Sahriah", 1957, ""),
    (MARAJAI, "Dusun Marajai Atas", "Ayal Lunau", 1961, "Mirawati"),
    (MARAJAI, "Dusun Marajai Atas", "Intan Diang", 1984, "Rudi Kecil"),
    (MARAJAI, "Dusun Marajai Bawah", "Kuncing", 1944, ""),
    (MARAJAI, "Dusun Marajai Bawah", "Sutrisno Rantau", 1981, "Lamiah"),
)


def key(name: str) -> UUID:
    """The key of a thing of these stories; the same each time, so that other stories can name it."""
    return uuid5(_SPACE, name)


PAST, NEXT = key("trip past"), key("trip next")
STOPS = {code: key(f"stop {code}") for code in (RIUT, UREN, MARAJAI)}


def all_trips(stage: Stage) -> list[tuple[str, Story]]:
    """Every story of trips with its name."""
    return [
        ("perjalanan: Gunung Riut, Uren, Marajai", past(stage)),
        ("perjalanan berikutnya", following(stage)),
    ]


def home_key(head: str) -> UUID:
    """The household of somebody of these villages."""
    return key(f"household {head}")


def person_key(name: str) -> UUID:
    """Somebody of these villages."""
    return key(f"person {name}")


def past(stage: Stage) -> Story:
    """The trip of last month, from the ground up: villages, ways, plan, three days, return, close."""
    at = yield stage.ago(38, 9, 5)
    _ground(stage, at)
    _homes(stage, at)
    at = yield stage.ago(30, 10, 20)
    _plan(stage, at)
    at = yield stage.ago(26, 15, 40)
    _leave_ready(stage, at)
    at = yield stage.ago(25, 6, 50)
    actions.start_trip(by=stage.who(GOES), at=at, trip_id=PAST, started_at=at)
    at = yield stage.ago(25, 9, 10)
    _riut(stage, at)
    at = yield stage.ago(24, 8, 30)
    _uren(stage, at)
    at = yield stage.ago(23, 10, 5)
    _marajai(stage, at)
    at = yield stage.ago(23, 19, 45)
    _back(stage, at)
    at = yield stage.ago(20, 9, 30)
    _look_again(stage, at)
    at = yield stage.ago(18, 11, 15)
    _close(stage, at)


def _ground(stage: Stage, at: datetime) -> None:
    """Where the villages lie, and how long the ways take."""
    for code, (latitude, longitude) in _POINTS.items():
        region_actions.place_region(
            by=stage.who(WATCHES), at=at, code=code, latitude=latitude, longitude=longitude
        )
    for start, end, mode, dry, wet, source in _WAYS:
        for season, minutes in (("dry", dry), ("wet", wet)):
            actions.set_leg(
                by=stage.who(LEADS),
                at=at,
                region_code=AREA,
                from_place=start,
                to_place=end,
                mode=mode,
                season=season,
                minutes=minutes,
                source=source,
                confidence="confirmed" if source.startswith("Diukur") else "secondary",
            )


def _homes(stage: Stage, at: datetime) -> None:
    by = stage.who(LEADS)
    said = people_actions.Said(source="visit", said_by="Kepala keluarga", observed_date=at.date())
    for region, hamlet, head, born, other in _HOMES:
        place = next((one.id for one in stage.hamlets.get(region, []) if one.name == hamlet), None)
        given: dict[str, Any] = {"by": by, "at": at, "region_code": region, "hamlet_id": place}
        people_actions.register_person(
            **given, full_name=head, birth_date=date(born, 1, 1), person_id=person_key(head)
        )
        people_actions.open_household(
            **given, name=head, head_id=person_key(head), household_id=home_key(head), said=said
        )
        if other:
            people_actions.register_person(**given, full_name=other, person_id=person_key(other))
            people_actions.join_household(
                by=by, at=at, household_id=home_key(head), person_id=person_key(other), said=said
            )


def _plan(stage: Stage, at: datetime) -> None:
    by = stage.who(LEADS)
    first = stage.ago(25, 7).date()
    given: dict[str, Any] = {"by": by, "at": at, "trip_id": PAST}
    plan = actions.TripPlan(
        purpose="Layanan antar ke desa: Gunung Riut, Uren, Marajai",
        season="wet",
        start_date=first,
        end_date=stage.ago(23, 7).date(),
        modes=("road", "foot", "river"),
        transport="Dua sepeda motor trail, sampan dari Uren",
        safety_name="Sekretaris Kecamatan Halong",
        safety_phone="0812-0000-0631",
        fuel_plan=350_000,
        cost_plan=600_000,
        cost_words="Sampan, makan tim, pulsa",
    )
    actions.plan_trip(by=by, at=at, region_code=AREA, plan=plan, trip_id=PAST)
    days = (first, stage.ago(24, 7).date(), stage.ago(23, 7).date())
    for code, day in zip((RIUT, UREN, MARAJAI), days, strict=True):
        stop = actions.StopPlan(code, planned_date=day, place="Balai desa")
        actions.add_stop(**given, stop=stop, stop_id=STOPS[code])
    for member in (
        actions.Member(seat_id=stage.seats[GOES].id, role="Pelayanan", leads=True),
        actions.Member(seat_id=stage.seats[JOINS].id, role="Data"),
        actions.Member(name="Bidan Normala", institution="Puskesmas Halong", role="Bidan"),
        actions.Member(name="Taufik", institution="Jejaring Inovasi Balangan", role="Sopir dan perekam foto"),
    ):
        actions.add_member(**given, member=member)
    for kind, name, quantity, unit, numbers in (
        ("form", "Formulir pendaftaran", 60, "lembar", ("HLG-0001", "HLG-0060")),
        ("printer", "Printer kecil", 1, "unit", ("", "")),
        ("charger", "Power bank", 2, "unit", ("", "")),
        ("safety", "Kotak P3K", 1, "kotak", ("", "")),
    ):
        carry = actions.CarryPlan(kind, name, quantity, unit, *numbers)
        actions.add_carry(**given, carry=carry, carry_id=key(f"carry {name}"))
    for heads, reason in (
        (("Uluy", "Sahriah", "Kuncing"), "need"),
        (("Jahrani", "Ayal Lunau", "Sutrisno Rantau"), "never"),
        (("Galuh Sintia",), "card"),
    ):
        actions.list_doors(**given, household_ids=[home_key(one) for one in heads], reason=reason)


def _leave_ready(stage: Stage, at: datetime) -> None:
    by = stage.who(GOES)
    loads = {"Formulir pendaftaran": 60, "Printer kecil": 1, "Power bank": 2, "Kotak P3K": 1}
    for name, number in loads.items():
        counted = actions.Counted(loaded=number)
        actions.check_carry(by=by, at=at, carry_id=key(f"carry {name}"), counted=counted, counted_at=at)
    answers = {
        one.code: check_rules.Answer(ok=True, number={"packs": 3, "charged": 96}.get(one.code))
        for one in trip_checks.questions(AREA)
    }
    actions.check_trip(by=by, at=at, trip_id=PAST, answers=answers)


def _day(
    stage: Stage, at: datetime, code: str, official: str, guests: list[tuple[str, str, str]]
) -> dict[str, Any]:
    """Arriving, the open door, and the guest book of one village."""
    by = stage.who(GOES)
    given: dict[str, Any] = {"by": by, "stop_id": STOPS[code]}
    actions.arrive_stop(**given, at=at, arrived_at=at, official=official, official_office="Pemerintah desa")
    opened = at + timedelta(minutes=25)
    actions.open_stop(
        **given, at=opened, opened_at=opened, place="Balai desa", shut_at=at + timedelta(hours=5)
    )
    for place, (name, origin, purpose) in enumerate(guests):
        came = opened + timedelta(minutes=9 * place + 4)
        known = next((head for _v, _h, head, _b, other in _HOMES if name in (head, other)), None)
        guest = actions.GuestSaid(
            name=name, person_id=person_key(name) if known else None, origin=origin, purpose=purpose
        )
        actions.sign_guest(**given, at=came, guest=guest, came_at=came, guest_id=key(f"guest {code} {name}"))
    return given


def _riut(stage: Stage, at: datetime) -> None:
    guests = [
        ("Hadriani", "RT 01", "Tanya bantuan sembako"),
        ("Idar", "RT 02", "KK belum diperbarui"),
        ("Nenek Sari", "RT 02", "KIS tidak aktif"),
        ("Pambakal Asri", "Kantor desa", "Mendampingi warga"),
    ]
    given = _day(stage, at, RIUT, "Asri, kepala desa", guests)
    held = at + timedelta(hours=2)
    actions.record_socialisation(
        **given,
        at=held,
        topic="Hak atas jaminan kesehatan dan cara mengaktifkan KIS",
        held_at=held,
        attendance=actions.Attendance(men=14, women=22, elderly=8, disabled=2, youth=5),
        words="Banyak yang bertanya apakah kartu lama masih berlaku.",
    )
    gone = at + timedelta(hours=6)
    actions.close_stop(**given, at=gone, left_at=gone)


def _uren(stage: Stage, at: datetime) -> None:
    by = stage.who(GOES)
    guests = [
        ("Basran Ilai", "Uren Hulu", "Rumah rusak"),
        ("Galuh Sintia", "Uren Hulu", "KIS tidak aktif"),
        ("Masniah", "Uren Hilir", "Bantuan lansia"),
        ("Busu Ramli", "Uren Hilir", "Akta kelahiran anak"),
    ]
    given = _day(stage, at, UREN, "Mahlan, sekretaris desa", guests)
    for head, hour, outcome, spoke in (
        ("Uluy", 3, "met", "Uluy"),
        ("Sahriah", 4, "met", "Sahriah"),
        ("Jahrani", 5, "nobody_home", ""),
    ):
        _visit(stage, at + timedelta(hours=hour), UREN, head, outcome, spoke)
    told = at + timedelta(hours=4)
    actions.record_promise(
        by=by,
        at=told,
        trip_id=PAST,
        stop_id=STOPS[UREN],
        words="Membawa surat pengantar akta kelahiran",
        to_name="Busu Ramli",
        due_date=(told + timedelta(days=10)).date(),
        promised_at=told,
        promise_id=key("promise akta"),
    )
    for what, head, words in (
        ("kis", "Galuh Sintia", "KIS mati sejak Juli, sedang hamil"),
        ("house", "Basran Ilai", "Atap rumah runtuh sebagian"),
    ):
        actions.open_accompaniment(
            by=by,
            at=told,
            what=what,
            household_id=home_key(head),
            words=words,
            stop_id=STOPS[UREN],
            next_date=(told + timedelta(days=9)).date(),
            opened_at=told,
            accompaniment_id=key(f"accompaniment {head}"),
        )
    gone = at + timedelta(hours=7)
    actions.close_stop(**given, at=gone, left_at=gone)


def _marajai(stage: Stage, at: datetime) -> None:
    guests = [
        ("Mirawati", "Marajai Atas", "Tanya bantuan anak sekolah"),
        ("Lamiah", "Marajai Bawah", "Alat bantu jalan"),
    ]
    given = _day(stage, at, MARAJAI, "", guests)
    for head, hour, outcome, spoke in (
        ("Ayal Lunau", 2, "met", "Mirawati"),
        ("Kuncing", 3, "met", "Kuncing"),
    ):
        _visit(stage, at + timedelta(hours=hour), MARAJAI, head, outcome, spoke)
    told = at + timedelta(hours=3)
    actions.open_accompaniment(
        by=stage.who(GOES),
        at=told,
        what="document",
        household_id=home_key("Kuncing"),
        words="Belum pernah punya KTP elektronik",
        stop_id=STOPS[MARAJAI],
        opened_at=told,
        accompaniment_id=key("accompaniment Kuncing"),
    )
    gone = at + timedelta(hours=5)
    actions.close_stop(
        **given,
        at=gone,
        left_at=gone,
        not_done="Rumah di seberang sungai tidak didatangi",
        not_done_why="Air sungai naik sejak siang",
    )


def _visit(stage: Stage, at: datetime, code: str, head: str, outcome: str, spoke: str) -> None:
    actions.record_visit(
        by=stage.who(GOES),
        at=at,
        household_id=home_key(head),
        visited_at=at,
        found=actions.Found(outcome, spoke),
        visit_id=key(f"visit {head}"),
        stop_id=STOPS[code],
    )


def _back(stage: Stage, at: datetime) -> None:
    by = stage.who(GOES)
    actions.return_trip(
        by=by,
        at=at,
        trip_id=PAST,
        returned_at=at,
        fuel_actual=310_000,
        cost_actual=575_000,
        words="Jalan Gunung Riut ke Uren licin. Sampan perlu dipesan sehari sebelumnya.",
    )
    for name, number, last in (
        ("Formulir pendaftaran", 41, "HLG-0019"),
        ("Printer kecil", 1, ""),
        ("Power bank", 2, ""),
        ("Kotak P3K", 1, ""),
    ):
        counted = actions.Counted(back=number, last_used=last)
        actions.check_carry(by=by, at=at, carry_id=key(f"carry {name}"), counted=counted, counted_at=at)


def _look_again(stage: Stage, at: datetime) -> None:
    """One card works again; the roof is waited for."""
    by = stage.who(JOINS)
    looks = (
        ("Galuh Sintia", "office", "said_done", "BPJS menyatakan aktif; belum dicoba di Puskesmas"),
        ("Basran Ilai", "office", "progress", "Masuk daftar usulan rumah tahun depan"),
    )
    for head, how, outcome, words in looks:
        actions.record_accompaniment(
            by=by,
            at=at,
            accompaniment_id=key(f"accompaniment {head}"),
            seen_at=at,
            how=how,
            outcome=outcome,
            words=words,
            next_date=(stage.now + timedelta(days=12)).date(),
        )
    actions.end_accompaniment(
        by=by,
        at=at,
        accompaniment_id=key("accompaniment Galuh Sintia"),
        state="received",
        evidence="Kartu dipakai periksa hamil di Puskesmas Halong",
        today=at.date(),
        received_date=at.date(),
    )


def _close(stage: Stage, at: datetime) -> None:
    actions.keep_promise(
        by=stage.who(GOES),
        at=at,
        promise_id=key("promise akta"),
        how="kept",
        words="Surat dititipkan lewat sekretaris desa, sudah diterima",
        kept_at=at,
    )
    because = "Satu botol minyak pecah di jalan, dicatat pada putaran bantuan"
    actions.close_trip(by=stage.who(LEADS), at=at, trip_id=PAST, today=at.date(), because=because)


def following(stage: Stage) -> Story:
    """The trip of next week: planned in an order that can be bettered, and one village to which nobody has told the way."""
    at = yield stage.ago(2, 13, 20)
    by = stage.who(LEADS)
    first = (stage.now + timedelta(days=6)).date()
    plan = actions.TripPlan(
        purpose="Bagi bantuan dan lanjutkan pendampingan di pegunungan",
        season="wet",
        start_date=first,
        end_date=first + timedelta(days=2),
        modes=("road", "foot", "river"),
        transport="Dua sepeda motor trail",
        safety_name="Sekretaris Kecamatan Halong",
        safety_phone="0812-0000-0631",
        fuel_plan=350_000,
    )
    actions.plan_trip(by=by, at=at, region_code=AREA, plan=plan, trip_id=NEXT)
    given: dict[str, Any] = {"by": by, "at": at, "trip_id": NEXT}
    for code, day in ((MARAJAI, 2), (RIUT, 0), (UREN, 1), (BINJU, 2)):
        stop = actions.StopPlan(
            code, "delivery", planned_date=first + timedelta(days=day), place="Balai desa"
        )
        actions.add_stop(**given, stop=stop, stop_id=key(f"next {code}"))
    for name, leads in ((GOES, True), (JOINS, False)):
        actions.add_member(**given, member=actions.Member(seat_id=stage.seats[name].id, leads=leads))
    actions.add_carry(**given, carry=actions.CarryPlan("printer", "Printer kecil", 1, "unit"))
    heads = [home_key(one) for one in ("Jahrani", "Sutrisno Rantau", "Intan Diang")]
    actions.list_doors(**given, household_ids=heads, reason="never", words="Bulan lalu tidak bertemu")
    actions.list_doors(
        **given, household_ids=[home_key("Kuncing")], reason="accompany", words="KTP elektronik"
    )
