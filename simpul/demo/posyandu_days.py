"""Posyandu Melati at work: whom it looks after, five monthly days, and what became of the last one. All people are made up.

Forty children, six pregnant women, twelve elders, three pupils. On the last day one child is severely thin and is referred, three do not
come; one of them is visited at home, where the house is unfit, and a pupil turns out to have left school.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID

from simpul.cases.actions import referral as case_referral
from simpul.demo.posyandu import MASSAMATURU, MELATI
from simpul.demo.stage import ZONE, Stage, Story
from simpul.lib.actor import MACHINE
from simpul.people import actions as people_actions
from simpul.posyandu.actions import days, education, examinations, findings, participants, telling, visits
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.queries import tasks as task_queries
from simpul.posyandu.rules.growth import curves

CADRE, SECOND, CHAIR, MIDWIFE = "kader.melati", "kader2.melati", "ketua.posyandu", "bidan.massamaturu"
MOTHERS = (
    "Hasnawati", "Nurlina", "Kasmiati", "Sitti Maryam", "Rahmatia", "Jumriati", "Suryanti", "Salmiah", "Hamsinah", "Rosmiati",
    "Nursiah", "Herlina", "Marwati", "Asriani", "Fatmawati", "Mulyani", "Sri Wahyuni", "Nurhayana", "Darmawati", "Ernawati",
    "Ratnawati", "Syamsinar", "Haslindah", "Megawati", "Kurniati", "Satriani", "Indrawati", "Nirwana", "Rostina", "Yuliana",
    "Harmiati", "Sukmawati", "Nuraini", "Misbahaya",
)  # fmt: skip
CHILDREN = (
    "Aqila", "Rafka", "Naufal", "Zahira", "Alif", "Hafizah", "Arsyila", "Fahri", "Nayla", "Gibran", "Khaira", "Rizki", "Syifa",
    "Ibnu", "Kirana", "Azka", "Humaira", "Farel", "Aisyah", "Dafa", "Salsabila", "Yusuf", "Adiba", "Raihan", "Inara", "Bilal",
    "Medina", "Akbar", "Alesha", "Daffa", "Shakila", "Haikal", "Nabila", "Fadlan", "Almira", "Zidan", "Mikayla", "Arkan", "Putri", "Arfa",
)  # fmt: skip
PREGNANT = ("Risnawati", "Anita", "Hardiyanti", "Wahidah", "Sitti Aminah", "Nurfadillah")
ELDERS = (
    "Daeng Ngasseng", "Daeng Kebo", "Daeng Rannu", "Daeng Sompa", "Daeng Tayang", "Daeng Mawara", "Daeng Pole", "Daeng Sunggu",
    "Daeng Ratu", "Daeng Jarre", "Daeng Bonto", "Daeng Caya",
)  # fmt: skip
PUPILS = (("Rahmat", "L", 13), ("Nur Fitri", "P", 15), ("Hasrul", "L", 16))
VACCINES = (
    ("hb0", 0), ("bcg", 1), ("opv1", 1), ("dpt1", 2), ("opv2", 2), ("rv1", 2), ("pcv1", 2), ("dpt2", 3), ("opv3", 3), ("rv2", 3),
    ("pcv2", 3),     ("dpt3", 4), ("opv4", 4), ("rv3", 4), ("ipv1", 4), ("mr1", 9), ("ipv2", 9), ("pcv3", 12), ("dpt4", 18), ("mr2", 18),
)  # fmt: skip
"""Doses with the month they are given in. Those before the first weighing of the sample stand on it, copied from the KIA book."""
BEHIND = (9, 27)
MONTHS = 5
AWAY = (7, 19, 31)
"""Places of the children who do not come on the last day; the first is visited at home."""
SEVERE, STUNTED, HEAVY, FLAT = 12, 23, 5, 16
TWINS = (38, 39)


@dataclass(frozen=True, slots=True)
class Child:
    """A child with the lines its growth follows."""

    participant: UUID
    person: UUID
    sex: str
    born: date
    waz: float
    haz: float


def all_days(stage: Stage) -> list[tuple[str, Story]]:
    """The story of Melati with its name."""
    return [("posyandu: hari Melati", melati(stage))]


def last_day(stage: Stage) -> date:
    """The latest 12th of a month that lies at least four days back: what follows it has had time to happen."""
    today = stage.now.astimezone(ZONE).date() - timedelta(days=4)
    return today.replace(day=12) if today.day >= 12 else _month_before(today.replace(day=12))


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=12)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def melati(stage: Stage) -> Story:
    """Everybody is put on the list, weighed for five months, and followed home."""
    rng = Random(20241106)
    held = [last_day(stage)]
    while len(held) < MONTHS:
        held.insert(0, _month_before(held[0]))
    yield _at(held[0] - timedelta(days=2), 9)
    here: dict[str, Any] = {"by": stage.who(CADRE), "at": _at(held[0] - timedelta(days=2), 9)}
    people = _People(stage, rng, here, held)
    children = people.children
    people.newborns(held[0] - timedelta(days=2))
    pregnant, elders, pupils = people.pregnant(), people.elders(), people.pupils()
    telling.set_telling(
        by=stage.who(CHAIR),
        at=here["at"],
        posyandu_id=people.posyandu,
        before_days=2,
        missed_days=3,
        bring="Buku KIA / KTP",
    )
    for month, day in enumerate(held[:-1]):
        yield _at(day, 12)
        people.newborns(day)
        _typed_in(stage, rng, day, month, children, pregnant)
    yield _at(held[-1], 7)
    people.newborns(held[-1])
    yield _at(held[-1], 13)
    _day(stage, rng, held[-1], children, pregnant, elders, pupils)
    yield _at(held[-1], 15)
    _referred(stage, children[SEVERE], _at(held[-1], 15))
    yield _at(held[-1] + timedelta(days=3), 16)
    _followed(stage, children[AWAY[0]], pupils[-1][1], _at(held[-1] + timedelta(days=3), 16))


class _People:
    """Writes people, households and cards down."""

    def __init__(self, stage: Stage, rng: Random, here: dict[str, Any], held: list[date]) -> None:
        self.stage, self.rng, self.here, self.held = stage, rng, here, held
        self.posyandu: UUID = stage.posyandu[MELATI].id
        self.hamlet: Any = stage.hamlets[MASSAMATURU][0].id
        self.serial = 0
        self.mothers: list[tuple[str, UUID, UUID]] = []
        self.children: dict[int, Child] = {}

    def person(self, name: str, sex: str, born: date, mother: str = "") -> UUID:
        self.serial += 1
        return people_actions.register_person(
            **self.here,
            full_name=f"{name} {mother.rsplit(maxsplit=1)[-1]}" if mother else f"{name} Contoh",
            sex=sex,
            birth_date=born,
            nik=f"990305{born.day + (40 if sex == 'P' else 0):02d}{born:%m%y}{self.serial:04d}",
            region_code=MASSAMATURU,
            hamlet_id=self.hamlet,
        ).person.id

    def household(self, head: UUID, name: str) -> UUID:
        said = people_actions.Said("visit", self.here["at"].date(), "", "kader Massamaturu")
        return people_actions.open_household(
            **self.here,
            region_code=MASSAMATURU,
            hamlet_id=self.hamlet,
            head_id=head,
            name=f"{name} Contoh",
            said=said,
        ).id

    def join(self, household: UUID, person: UUID, relation: str) -> None:
        said = people_actions.Said("visit", self.here["at"].date(), "", "kader Massamaturu")
        people_actions.join_household(
            **self.here, household_id=household, person_id=person, relation=relation, said=said
        )

    def enrol(self, person: UUID, form: str, **more: Any) -> UUID:
        return participants.enrol_participant(
            **self.here,
            posyandu_id=self.posyandu,
            form=form,
            person_id=person,
            opened_date=self.here["at"].date(),
            **more,
        ).id

    def _mothers(self) -> list[tuple[str, UUID, UUID]]:
        """Thirty-four mothers with their households; most have a telephone."""
        found = []
        for name in MOTHERS:
            who = self.person(name, "P", self.held[0] - timedelta(days=365 * self.rng.randint(21, 38)))
            found.append((name, who, self.household(who, name)))
            if self.rng.random() < 0.8:
                people_actions.add_contact(
                    **self.here,
                    person_id=who,
                    channel="phone",
                    as_typed=self.stage.phone(),
                    safe_to_call=True,
                    safe_to_write=True,
                )
        return found

    def newborns(self, until: date) -> None:
        """The children who are three weeks old by a day and not yet on the list; of all forty, the last two are twins."""
        self.mothers = self.mothers or self._mothers()
        self.here = {**self.here, "at": _at(until, 9)}
        for place, name in enumerate(CHILDREN):
            twin = place in TWINS
            months = 19.5 if twin else 1 + 57 * ((place * 17) % 40) / 39
            born = self.held[-1] - timedelta(days=int(months * 30.44))
            if place in self.children or born + timedelta(days=21) > until:
                continue
            mother, who, home = self.mothers[33 if twin else place % 33]
            sex = "LP"[place % 2]
            child = self.person(name, sex, born, mother)
            self.join(home, child, "3")
            enrolled = self._enrolled(child, who, place, twin=twin)
            draw = Random(place)
            waz = {SEVERE: -1.9, STUNTED: -1.8, HEAVY: 2.3}.get(place, draw.gauss(-0.8, 0.6))
            haz = {SEVERE: -1.4, STUNTED: -2.7, HEAVY: 0.4}.get(place, draw.gauss(-0.9, 0.6))
            self.children[place] = Child(enrolled, child, sex, born, waz, haz)

    def _enrolled(self, child: UUID, mother: UUID, place: int, *, twin: bool) -> UUID:
        details = {
            "birth_weight": 2350 if place == SEVERE else self.rng.randint(26, 37) * 100,
            "birth_length": 490,
        }
        cadre = self.stage.cadres[(CADRE, SECOND)[place % 2]].id
        sure = ("twins",) if twin else ()
        return self.enrol(child, "B", mother_id=mother, details=details, cadre_id=cadre, sure=sure)

    def pregnant(self) -> list[tuple[UUID, int]]:
        """Six women with the weeks of their pregnancy on the last day."""
        found = []
        for place, name in enumerate(PREGNANT):
            born = self.held[0] - timedelta(days=365 * (22 + 2 * place))
            who = self.person(name, "P", born)
            self.household(who, name)
            weeks = 14 + 4 * place
            details = {
                "last_period": (self.held[-1] - timedelta(weeks=weeks)).isoformat(),
                "pregnancy_number": place % 3 + 1,
            }
            found.append((self.enrol(who, "A", details=details), weeks))
        return found

    def elders(self) -> list[UUID]:
        """Twelve elders."""
        found = []
        for place, name in enumerate(ELDERS):
            who = self.person(name, "LP"[place % 2], self.held[0] - timedelta(days=365 * (61 + 2 * place)))
            self.household(who, name)
            found.append(self.enrol(who, "D"))
        return found

    def pupils(self) -> list[tuple[UUID, UUID]]:
        """Three pupils; the last has left school."""
        found = []
        for place, (name, sex, years) in enumerate(PUPILS):
            who = self.person(name, sex, self.held[0] - timedelta(days=365 * years + 40))
            self.household(who, name)
            said = people_actions.Said("visit", self.here["at"].date(), "", "kader Massamaturu")
            people_actions.change_profile(
                **self.here, person_id=who, changes={"schooling": "2" if place == 2 else "1"}, said=said
            )
            found.append((self.enrol(who, "C"), who))
        return found


def _value(index: str, sex: str, months: float, z: float) -> float:
    """The measure at an age, between the months of WHO's line."""
    span = "0-24" if months < 24 else "24-60"
    points = curves.by_age(index, sex, span, z)
    for (month, low), (following, high) in pairwise(points):
        if month <= months <= following:
            return low + (high - low) * (months - month)
    return points[-1][1]


def _measured(rng: Random, place: int, child: Child, day: date, back: int) -> dict[str, Any]:
    """Weight, height and position of a child on a day, ``back`` months before the last."""
    months = (day - child.born).days / 30.4375
    z = child.waz + 0.07 * (MONTHS - 1 - back) + rng.gauss(0, 0.05)
    if place == SEVERE:
        z -= 0.55 * max(0, 3 - back)
    if place == FLAT and back < 3:
        months_then = months - (3 - back)
        weight = _value("waz", child.sex, max(months_then, 0.1), child.waz)
    else:
        weight = _value("waz", child.sex, months, z)
    height = _value("haz", child.sex, months, child.haz)
    found = {
        "weight": round(weight * 20) * 50,
        "height": round(height * 10),
        "measured": "l" if months < 24 else "h",
    }
    since = -1 if back == MONTHS - 1 or months < 2 else months - 1
    doses = [code for code, month in VACCINES if since < month <= months]
    return {**found, "vaccines": doses} if doses and place not in BEHIND else found


def _typed_in(
    stage: Stage,
    rng: Random,
    day: date,
    month: int,
    children: dict[int, Child],
    pregnant: list[tuple[UUID, int]],
) -> None:
    """An earlier month, typed in from the paper cards in the evening."""
    at = _at(day, 16)
    back = MONTHS - 1 - month
    for place, child in sorted(children.items()):
        if (day - child.born).days < 25 or (month and rng.random() < 0.12):
            continue
        _record(
            stage, at, child.participant, day, _measured(rng, place, child, day, back), follow_up=back < 2
        )
    for who, weeks in pregnant:
        if weeks - 4.3 * back > 8:
            values = {
                "weight": 52_000 + 400 * (10 - back),
                "muac": 245,
                "systolic": 110,
                "diastolic": 70,
                "iron_daily": True,
            }
            _record(
                stage,
                at,
                who,
                day,
                {**values, "gestation_weeks": int(weeks - 4.3 * back)},
                follow_up=back < 2,
            )


def _record(
    stage: Stage, at: datetime, who: UUID, day: date, values: dict[str, Any], *, follow_up: bool
) -> None:
    examinations.record_examination(
        by=stage.who(SECOND),
        at=at,
        participant_id=who,
        date=day,
        values=values,
        source="paper",
        follow_up=follow_up,
    )


def _day(
    stage: Stage,
    rng: Random,
    held: date,
    children: dict[int, Child],
    pregnant: list[tuple[UUID, int]],
    elders: list[UUID],
    pupils: list[tuple[UUID, UUID]],
) -> None:
    """The last day: the queue, five steps, education to all, the closing check."""
    first = stage.who(CADRE)
    day = days.open_day(by=first, at=_at(held, 8, 15), posyandu_id=stage.posyandu[MELATI].id, day=held)
    minute = 0
    told: list[tuple[UUID, dict[str, Any]]] = []
    for place, child in sorted(children.items()):
        if place not in AWAY:
            told.append(
                (child.participant, {**_measured(rng, place, child, held, 0), **_services(rng, child, held)})
            )
    told += [(who, _mother(place, weeks)) for place, (who, weeks) in enumerate(pregnant)]
    told += [(who, _elder(rng, place)) for place, who in enumerate(elders)]
    told += [
        (
            who,
            {"weight": 41_000 + 4000 * place, "height": 1500 + 40 * place, "systolic": 108, "diastolic": 70},
        )
        for place, (who, _person) in enumerate(pupils)
    ]
    for who, values in told:
        minute += 4
        at = _at(held, 8, 20) + timedelta(minutes=minute)
        coming = days.arrive_participant(by=first, at=at, day_id=day.id, participant_id=who)
        days.finish_step(
            by=stage.who(SECOND), at=at + timedelta(minutes=6), coming_id=coming.id, step=2, values=values
        )
        for step in (3, 4, 5):
            days.finish_step(
                by=stage.who(MIDWIFE if step == 4 else CADRE),
                at=at + timedelta(minutes=7 + 3 * step),
                coming_id=coming.id,
                step=step,
            )
    end = _at(held, 13)
    days.change_day(
        by=first,
        at=end,
        day_id=day.id,
        education=["complementary", "growth"],
        note="Air di kamar mandi mati, sudah dilaporkan.",
    )
    education.record_showing(
        by=first, at=end, posyandu_id=day.posyandu_id, medium="mpasi", date=held, day_id=day.id
    )
    answers = {"tools": True, "vaccines": True, "reported": True}
    days.close_day(by=first, at=end, day_id=day.id, answers=answers, sure=("unfinished",))


def _referred(stage: Stage, child: Child, at: datetime) -> None:
    """The severely thin child is handed to the health office the same day; its mother agrees."""
    chair = stage.who(CHAIR)
    keys = [one.case_id for one in finding_queries.of_person(chair, child.person) if one.level == "danger"]
    case_id = next((key for key in keys if key is not None), None)
    if case_id is not None:
        case_referral.refer_case(
            by=chair,
            at=at,
            case_id=case_id,
            to_desk_id=stage.desk("dinkes-takalar"),
            note="Gizi buruk dua bulan berturut-turut. Mohon diperiksa dokter dan masuk tata laksana gizi buruk.",
            consent="spoken",
        )
        case_referral.accept_case(by=stage.who("dinkes.takalar"), at=at + timedelta(hours=1), case_id=case_id)


def _services(rng: Random, child: Child, held: date) -> dict[str, Any]:
    months = (held - child.born).days // 30
    found: dict[str, Any] = {"muac": 128 + rng.randint(0, 30)} if months >= 6 else {"breastfeeding": True}
    return {**found, "head": round(_value("hcz", child.sex, min(months, 59), rng.gauss(-0.2, 0.5)) * 10)}


def _mother(place: int, weeks: int) -> dict[str, Any]:
    """One woman is thin, one has high pressure; the others are well."""
    return {
        "gestation_weeks": weeks,
        "weight": 50_000 + 900 * place,
        "muac": 221 if place == 1 else 245 + place,
        "systolic": 148 if place == 4 else 112,
        "diastolic": 94 if place == 4 else 72,
        "iron_given": 30,
        "iron_daily": place != 2,
        "mothers_class": True,
    }


def _elder(rng: Random, place: int) -> dict[str, Any]:
    return {
        "weight": 48_000 + 1500 * (place % 7),
        "height": 1480 + 12 * place,
        "waist": 780 + 14 * place,
        "systolic": (118, 132, 164)[place % 3] + rng.randint(0, 4),
        "diastolic": (76, 84, 98)[place % 3],
        "glucose": 215 if place == 5 else 96 + 3 * place,
        "tbc_cough": place == 8,
    }


def _followed(stage: Stage, absent: Child, pupil: UUID, at: datetime) -> None:
    """The missed child is visited, its house is looked at; what the register says of a pupil is taken up."""
    by: dict[str, Any] = {"by": stage.who(CADRE), "at": at}
    posyandu = stage.posyandu[MELATI].id
    waiting = task_queries.open_tasks(by["by"], posyandu_id=posyandu)
    open_tasks = [one for one in waiting if one.participant_id == absent.participant]
    home = open_tasks[0].household_id if open_tasks else None
    visits.record_homevisit(
        **by,
        posyandu_id=posyandu,
        checklist=4,
        date=at.date(),
        participant_id=absent.participant,
        person_id=absent.person,
        household_id=home,
        values={"weight": 9_800, "fever": False},
        outcome="Ibu bekerja di kebun pada hari posyandu. Anak sehat, ditimbang di rumah.",
        task_ids=[one.id for one in open_tasks],
    )
    if home is not None:
        visits.record_homevisit(
            **by,
            posyandu_id=posyandu,
            checklist=0,
            date=at.date(),
            household_id=home,
            values={"house_fit": False, "clean_water": False, "latrine": True},
            outcome="Atap bocor, dinding bambu lapuk, air diambil dari sumur terbuka.",
        )
    findings.sweep_findings(by=MACHINE, at=at, posyandu_id=posyandu)
    for one in finding_queries.of_person(by["by"], pupil):
        if one.code == "out_of_school" and one.state == "open":
            findings.take_up_finding(**by, finding_id=one.id)
