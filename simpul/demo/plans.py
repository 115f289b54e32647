"""Rehabilitation plans of the sample: one in service, one closed, one that waits for its assessment. All people are made up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from simpul.demo.acts import Matter, open_matter, person
from simpul.demo.stage import Stage, Story
from simpul.lib.actor import Actor
from simpul.programmes.actions import plans

BONTO_JAI = "7303012008"
FACILITATOR = "koordinator.bontojai"


def all_plans(stage: Stage) -> list[tuple[str, Story]]:
    """Every plan's story with its name."""
    return [
        ("rencana: lansia di Pundingin", elder(stage)),
        ("rencana: anak putus sekolah, selesai", school(stage)),
        ("rencana: baru", waiting(stage)),
    ]


def _matter(stage: Stage, at: datetime, title: str, words: str, about: str, ppks: str, **born: Any) -> Matter:
    opened = open_matter(
        stage,
        at,
        "fo.bontojai",
        "social_problem",
        words,
        BONTO_JAI,
        "desk",
        title=title,
        mode="proxy",
        relation="tetangga",
        consent="spoken",
        reporter=person(stage, "Daeng Ngemba"),
        about=person(stage, about, **born),
        hamlet_id=stage.hamlets[BONTO_JAI][2].id,
        answers={"sector": "health", "ppks": ppks},
    )
    return Matter(stage, opened)


def _answered(case: Matter, at: datetime, words: str) -> None:
    case.claim(at, FACILITATOR)
    case.hand_in(at, "bo.bontojai", words)
    case.verify(at, FACILITATOR)
    case.answer(at, FACILITATOR, words, "helped")


def _assess_elder(by: Actor, at: datetime, plan: UUID) -> None:
    plans.assess_plan(
        by=by,
        at=at,
        plan_id=plan,
        findings={
            "health": {"level": "2", "words": "Lutut bengkak, belum pernah ke Puskesmas sejak KIS-nya mati."},
            "income": {"level": "2", "words": "Makan sekali sehari, kiriman anak tidak tetap."},
            "housing": {"level": "1", "words": "Atap bocor di dapur."},
            "family_ties": {"level": "1", "words": "Tetangga bergantian menengok."},
        },
        strengths="Tetangga peduli; masih bisa menganyam.",
        wishes="Ingin tetap di rumahnya sendiri.",
    )


def elder(stage: Stage) -> Story:
    """A neglected elder: assessed, two goals, services run, the next visit is agreed on."""
    at = yield stage.ago(40, 9, 10)
    case = _matter(
        stage,
        at,
        "Lansia tinggal sendiri dan sulit berjalan",
        "Daeng Sangkala tinggal sendiri, tidak bisa lagi ke sumur, makan kalau tetangga mengantar.",
        "Daeng Sangkala",
        "8",
        sex="L",
        birth_date=date(1947, 7, 1),
    )
    at = yield at + timedelta(days=1)
    by = stage.who(FACILITATOR)
    plan = plans.open_plan(
        by=by,
        at=at,
        category=8,
        case_id=case.id,
        about="Tinggal sendiri sejak istrinya meninggal; anak di Kalimantan.",
    ).id
    at = yield at + timedelta(days=2)
    _assess_elder(by, at, plan)
    at = yield at + timedelta(days=1)
    meals = plans.add_goal(
        by=by,
        at=at,
        plan_id=plan,
        words="Makan tiga kali sehari",
        sign="Catatan antar makanan",
        due_date=_later(at, 60),
    )
    walks = plans.add_goal(
        by=by, at=at, plan_id=plan, words="Bisa ke sumur sendiri", sign="Berjalan dengan tongkat"
    )
    for goal, service, words, cost in (
        (meals, "living", "Permakanan harian lansia tunggal", 900_000),
        (walks, "access", "Tongkat kaki tiga", 250_000),
    ):
        plans.add_measure(
            by=by,
            at=at,
            goal_id=goal.id,
            service=service,
            words=words,
            from_date=at.date(),
            cost=cost,
            provider="Dinas Sosial",
        )
    plans.begin_plan(by=by, at=at, plan_id=plan)
    _answered(case, at, "Pendampingan dimulai: makanan harian dan tongkat. Kader menengok setiap minggu.")
    first = plans.make_appointment(
        by=by, at=at, plan_id=plan, on_date=_later(at, 10), way="home", purpose="Antar tongkat"
    )
    at = yield at + timedelta(days=10)
    plans.keep_appointment(
        by=by, at=at, appointment_id=first.id, result="met", words="Tongkat diterima, dicoba sampai ke sumur."
    )
    plans.make_appointment(
        by=by, at=at, plan_id=plan, on_date=_later(stage.now, 5), way="home", purpose="Lihat catatan makanan"
    )


def school(stage: Stage) -> Story:
    """A child who left school is back: watched over and closed."""
    at = yield stage.ago(110, 10, 0)
    case = _matter(
        stage,
        at,
        "Anak berhenti sekolah karena menjaga adik",
        "Sudah dua bulan Rahmi tidak ke sekolah, menjaga adiknya karena ibunya ke kebun.",
        "Rahmi binti Kasim",
        "2",
        sex="P",
        birth_date=date(2014, 3, 9),
    )
    by = stage.who(FACILITATOR)
    plan = plans.open_plan(by=by, at=at, category=2, case_id=case.id).id
    plans.assess_plan(
        by=by, at=at, plan_id=plan, findings={"schooling": {"level": "3", "words": "Dua bulan tidak masuk."}}
    )
    goal = plans.add_goal(by=by, at=at, plan_id=plan, words="Sekolah lagi", sign="Hadir empat hari seminggu")
    plans.add_measure(
        by=by,
        at=at,
        goal_id=goal.id,
        service="family",
        words="Tetangga menjaga adik pagi hari",
        from_date=at.date(),
    )
    plans.begin_plan(by=by, at=at, plan_id=plan)
    _answered(case, at, "Rahmi masuk sekolah lagi sejak hari ini; adiknya dijaga tetangga pada pagi hari.")
    at = yield at + timedelta(days=75)
    plans.monitor_plan(
        by=by, at=at, plan_id=plan, direction="better", words="Wali kelas: hadir penuh enam minggu."
    )
    plans.end_goal(by=by, at=at, goal_id=goal.id, state="reached", words="Hadir penuh enam minggu.")
    plans.close_plan(
        by=by, at=at, plan_id=plan, outcome="reached", words="Kembali bersekolah; tetangga tetap membantu."
    )


def waiting(stage: Stage) -> Story:
    """Somebody new: the assessment is still to be written."""
    at = yield stage.ago(3, 8, 40)
    case = _matter(
        stage,
        at,
        "Penyandang disabilitas belum punya kursi roda",
        "Anak kami Ical lumpuh, digendong kalau ke posyandu.",
        "Ical bin Rustam",
        "9",
        sex="L",
        birth_date=date(2016, 11, 2),
    )
    at = yield at + timedelta(hours=3)
    plans.open_plan(by=stage.who(FACILITATOR), at=at, category=5, case_id=case.id)


def _later(at: datetime, days: int) -> date:
    return (at + timedelta(days=days)).date()
