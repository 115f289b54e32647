"""Posyandu of Massamaturu: one in each hamlet, Melati the pilot of its kecamatan; all people but the accounts are made up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from simpul.demo.stage import Stage
from simpul.posyandu.actions import institution, institution_papers, institution_people, stock, training

MASSAMATURU = "7305112005"
MELATI = "Posyandu Melati"
POSYANDU = (
    # name, hamlet, schedule, registration number
    (MELATI, "Dusun Massamaturu", {"day": 12}, "73.05.11.2005.001"),
    ("Posyandu Kenanga", "Dusun Taruttuka", {"week": 2, "weekday": 4}, "73.05.11.2005.002"),
    ("Posyandu Anggrek", "Dusun Bontosunggu", {"week": 3, "weekday": 2}, ""),
)
MELATI_PEOPLE = (
    # name, sex, position, field, account
    ("Hj. Kartini Sewang", "P", "chair", "", "ketua.posyandu"),
    ("Rosdiana Daeng Sunggu", "P", "secretary", "", ""),
    ("Mariati Daeng Ngai", "P", "treasurer", "", ""),
    ("Hasniah Lu'mu", "P", "field_head", "health", "kader.melati"),
    ("Suriati Daeng Kebo", "P", "cadre", "health", "kader2.melati"),
    ("Sitti Hajrah", "P", "cadre", "health", ""),
    ("Rismawati Amin", "P", "member", "", "bidan.massamaturu"),
    ("Nurhidayah Tola", "P", "field_head", "education", ""),
    ("Syarifuddin Daeng Nassa", "L", "field_head", "works", ""),
    ("Kamariah Bollo", "P", "field_head", "housing", ""),
    ("Baharuddin Daeng Lewa", "L", "field_head", "order", ""),
    ("Salmawati Siama", "P", "field_head", "social", ""),
)
OTHERS = {
    "Posyandu Kenanga": (
        ("Hasmawati Daeng Te'ne", "P", "chair", ""),
        ("Nuraeni Daeng Puji", "P", "field_head", "health"),
        ("Hartati Sanneng", "P", "cadre", "health"),
        ("Jumriani Daeng Baji", "P", "cadre", "social"),
    ),
    "Posyandu Anggrek": (
        ("Ramlah Daeng Bau", "P", "field_head", "health"),
        ("Fitriani Kanang", "P", "cadre", "health"),
    ),
}
PAPERS = (
    # kind, number, days before the first day of the sample
    ("meeting", "BA/03/MD/2024", 330),
    ("founding", "411/18/DM/2024", 320),
    ("team", "411/02/DM/2025", 240),
    ("board", "411/03/DM/2025", 235),
)

TRAINED = (
    # who by account or name, skills, days before, assessed as mastered, assessed as not yet
    (
        ("kader.melati", "kader2.melati", "Sitti Hajrah"),
        ("manage_records", "manage_visits", "child_measure", "child_plot", "child_danger", "adult_measure"),
        120,
        ("child_measure", "child_plot", "manage_records"),
        ("child_danger",),
    ),
    (("Nuraeni Daeng Puji", "Hartati Sanneng"), ("child_measure", "child_plot"), 760, (), ()),
)
GOODS = (
    # code of the catalogue, how many came, how many broke since
    ("scale_baby", 1, 0),
    ("scale_step", 1, 0),
    ("board_length", 1, 0),
    ("board_height", 1, 0),
    ("tape_muac", 3, 1),
    ("tape_head", 1, 0),
    ("tensimeter", 1, 0),
    ("table", 4, 0),
    ("chair", 12, 2),
    ("flip_chart", 1, 0),
    ("leaflet", 200, 0),
    ("uniform", 8, 0),
    ("badge", 8, 0),
)


def build(stage: Stage) -> None:
    """The posyandu themselves, before any story: set up, registered, with board and cadres. Fills ``stage.posyandu`` by name."""
    at = stage.ago(95, 9)
    office: dict[str, Any] = {"by": stage.who("sekdes.massamaturu"), "at": at}
    hamlets = {one.name: one.id for one in stage.hamlets[MASSAMATURU]}
    for name, hamlet, schedule, number in POSYANDU:
        given = institution.PosyanduGiven(
            name=name,
            hamlet_id=hamlets.get(hamlet),
            desk_id=stage.desk("posyandu-melati") if name == MELATI else None,
            secretariat="Kantor Desa Massamaturu" if name == MELATI else "",
            schedule=schedule,
            starts=time(8, 30),
            founded_date=date(at.year - 6, 3, 1),
        )
        one = institution.set_up_posyandu(**office, region_code=MASSAMATURU, given=given)
        stage.posyandu[name] = one
        if number:
            institution.number_posyandu(
                **office, posyandu_id=one.id, number=number, number_date=at.date() - timedelta(days=20)
            )
        _papers(one, office, len(PAPERS) if number else 2)
    since = at.date() - timedelta(days=180)
    _people(stage, office, since)
    regency = stage.who("manajer.takalar")
    institution.mark_pilot(
        by=regency, at=at, posyandu_id=stage.posyandu[MELATI].id, since_date=date(2024, 11, 6)
    )
    _trainings(stage, at)
    _goods(stage, at)


def _papers(one: Any, office: dict[str, Any], number: int) -> None:
    """The papers of the chain that are there."""
    for kind, paper, days in PAPERS[:number]:
        given = institution_papers.DecreeGiven(
            kind=kind, number=paper, decree_date=office["at"].date() - timedelta(days=days)
        )
        institution_papers.record_decree(**office, posyandu_id=one.id, given=given)


def _people(stage: Stage, office: dict[str, Any], since: date) -> None:
    """Board and cadres; those of Melati with their accounts. Fills ``stage.cadres`` by user name or name."""
    until = date(since.year + 3, 12, 31)
    rows = [(MELATI, row) for row in MELATI_PEOPLE]
    rows += [(name, (*row, "")) for name, people in OTHERS.items() for row in people]
    for posyandu, (name, sex, position, field, account) in rows:
        given = institution_people.CadreGiven(
            name=name,
            sex=sex,
            position=position,
            field=field,
            since_date=since,
            until_date=until,
            phone=stage.phone(),
            seat_id=stage.seats[account].id if account else None,
        )
        stage.cadres[account or name] = institution_people.appoint_cadre(
            **office, posyandu_id=stage.posyandu[posyandu].id, given=given
        )


def _trainings(stage: Stage, at: datetime) -> None:
    """Trainings by the midwife, and what she assessed."""
    by = stage.who("bidan.massamaturu")
    for people, skills, days, mastered, not_yet in TRAINED:
        rows = [stage.cadres[one] for one in people]
        day = at.date() - timedelta(days=days)
        training.record_training(
            by=by,
            at=at,
            posyandu_id=rows[0].posyandu_id,
            cadre_ids=[one.id for one in rows],
            skills=skills,
            done_date=day,
            held_by="Puskesmas (contoh)",
        )
        outcomes = {**dict.fromkeys(mastered, True), **dict.fromkeys(not_yet, False)}
        if outcomes:
            later = day + timedelta(days=40)
            training.record_assessment(
                by=by, at=at, cadre_id=rows[0].id, outcomes=outcomes, done_date=later, held_by="Bidan desa"
            )


def _goods(stage: Stage, at: datetime) -> None:
    """Goods of Melati, taken in by a cadre; uniforms and badges handed out."""
    here: dict[str, Any] = {"by": stage.who("kader.melati"), "at": at}
    melati = stage.posyandu[MELATI]
    day = at.date() - timedelta(days=10)
    for code, number, broken in GOODS:
        came = stock.MoveGiven(number, day, whom="Dinas Kesehatan (contoh)")
        move = stock.receive_stock(**here, posyandu_id=melati.id, item=stock.ItemGiven(code=code), given=came)
        if broken:
            stock.break_stock(
                **here, item_id=move.item_id, given=stock.MoveGiven(broken, at.date(), words="Sobek")
            )
        for account in ("kader.melati", "kader2.melati") if code in ("uniform", "badge") else ():
            given = stock.MoveGiven(1, at.date(), stage.cadres[account].id)
            stock.issue_stock(**here, item_id=move.item_id, given=given)
