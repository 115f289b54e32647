"""Disputes of the sample at Massamaturu: one settled and kept, one whose obligations run late, one at the table. All people are made up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from simpul.demo.acts import open_matter, person
from simpul.demo.stage import ZONE, Stage, Story
from simpul.mediation.actions import agreeing, following, meeting, opening, parties
from simpul.mediation.queries import screen

MASSAMATURU = "7305112005"
POST, HEAD = "pos.massamaturu", "kades.massamaturu"
SAFE: Mapping[str, str] = {one.key: "no" for one in screen.questions()}
HALL = "Pos Pintar Massamaturu"


def all_disputes(stage: Stage) -> list[tuple[str, Story]]:
    """Every story with its name."""
    return [
        ("perselisihan: utang pupuk, ditepati", debt_kept(stage)),
        ("perselisihan: sapi di kebun, terlambat", cow_late(stage)),
        ("perselisihan: batas pekarangan, berjalan", fence(stage)),
    ]


class Table:
    """One dispute, and what the people of the sample do with it."""

    def __init__(
        self, stage: Stage, at: datetime, matter: Mapping[str, Any], given: opening.DisputeGiven
    ) -> None:
        self.stage = stage
        opened = open_matter(
            stage, at, POST, "dispute", matter["words"], MASSAMATURU, "desk",
            title=matter["title"], answers=matter["answers"], consent="spoken",
            reporter=person(stage, matter["name"]), hamlet_id=stage.hamlets[MASSAMATURU][0].id,
        )  # fmt: skip
        made = opening.open_dispute(
            by=stage.who(POST), at=at, case_id=opened.case.id, answers=SAFE, given=given
        )
        if made.dispute is None:
            raise ValueError(matter["title"])
        self.id = made.dispute.id
        self.sides: list[UUID] = []
        self.mediator: UUID | None = None

    def said(self, at: datetime, who: str = POST) -> dict[str, Any]:
        """What every act is told."""
        return {"by": self.stage.who(who), "at": at, "dispute_id": self.id}

    def party(self, at: datetime, name: str, role: str, words: str, **given: Any) -> None:
        """A party with what they said, which may be shared."""
        side = parties.record_party(**self.said(at), given=parties.PartyGiven(name, role, **given))
        self.sides.append(side.id)
        told = parties.take_statement(**self.said(at), party_id=side.id, said=words)
        parties.share_statement(**self.said(at), statement_id=told.id, how="spoken")

    def mediate(self, at: datetime, name: str, office: str, number: str) -> None:
        """The head names a mediator."""
        given = parties.MediatorGiven(
            name, office, leads=True, decision_number=number, decision_date=at.date()
        )
        self.mediator = parties.name_mediator(**self.said(at, HEAD), given=given).id

    def summon(self, at: datetime, side: int, session: Any, result: str = "received") -> UUID:
        """A summons that is delivered the same evening."""
        row = meeting.issue_summons(
            **self.said(at),
            party_id=self.sides[side],
            come_at=session.planned_at,
            place=session.place,
            session_id=session.id,
        )
        meeting.deliver_summons(
            **self.said(at + timedelta(hours=1)),
            summons_id=row.id,
            result=result,
            delivered_at=at + timedelta(hours=1),
            delivered_by="Sahrul Ngalle",
            to="istri",
        )
        return row.id

    def plan(self, at: datetime, when: datetime) -> Any:
        """A session at the post."""
        return meeting.plan_session(**self.said(at), planned_at=when, place=HALL)

    def hold(self, at: datetime, session: Any, absent: tuple[int, ...] = ()) -> None:
        """The session begins; whoever is not absent is there."""
        meeting.hold_session(**self.said(at), session_id=session.id, held_at=at, answers=SAFE)
        for row in session.attendances.all():
            away = row.party_id in [self.sides[one] for one in absent]
            meeting.attend_session(
                **self.said(at), session_id=session.id, attendance_id=row.id, came=not away
            )

    def end(self, at: datetime, session: Any, outcome: str, minutes: str) -> None:
        """The session ends."""
        meeting.end_session(**self.said(at), session_id=session.id, outcome=outcome, minutes=minutes)

    def agree(self, at: datetime, preamble: str, clauses: list[agreeing.Clause]) -> list[UUID]:
        """An agreement that everybody signs; its obligations in their order."""
        draft = agreeing.draft_agreement(**self.said(at), preamble=preamble, place=HALL)
        own = {**self.said(at), "agreement_id": draft.id}
        made = [row.id for clause in clauses for row in agreeing.add_obligation(**own, clause=clause)]
        for place, side in enumerate(self.sides):
            agreeing.note_signature(
                **own, part="party", party_id=side, mark="thumb" if place else "signature"
            )
        agreeing.note_signature(**own, part="mediator", mediator_id=self.mediator)
        for name in ("Daeng Sijaya", "Hasnah Daeng Kebo"):
            agreeing.note_signature(**own, part="witness", name=name)
        agreeing.sign_agreement(**own, signed_date=at.date())
        return made

    def pay(self, at: datetime, row: UUID, amount: int | None, words: str) -> None:
        """Something was done."""
        following.record_fulfilment(
            **self.said(at), obligation_id=row, done_date=at.date(), amount=amount, said=words
        )


def _day(stage: Stage, days: int) -> date:
    return (stage.now.astimezone(ZONE) + timedelta(days=days)).date()


def debt_kept(stage: Stage) -> Story:
    """A debt for fertiliser, paid in two parts after one evening at the table."""
    at = yield stage.nights_ago(40, 20, 10)
    table = Table(
        stage,
        at,
        {
            "title": "Utang pupuk musim lalu",
            "words": "Pupuk untuk musim tanam lalu belum dibayar tetangga kebun saya. Saya tidak mau ribut, tolong dibicarakan di sini.",
            "name": "Saharia Daeng Ngai",
            "answers": {"subject": "debt", "parties": "Dua petani bertetangga kebun", "at_court": "tidak"},
        },
        opening.DisputeGiven("debt", "Utang pupuk musim tanam lalu", "Kebun di Taruttuka"),
    )
    table.party(
        at, "Saharia Daeng Ngai", "complainant", "Empat karung pupuk, dijanjikan dibayar sehabis panen."
    )
    table.party(at, "Basri Daeng Tutu", "respondent", "Panen gagal separuh. Saya mau bayar, tetapi dua kali.")
    at = yield stage.nights_ago(39, 9, 30)
    table.mediate(at, "Imam Daeng Sitaba", "Imam dusun", "140/07/MSM/2026")
    at = yield stage.nights_ago(39, 19, 0)
    session = table.plan(at, stage.nights_ago(36, 20))
    table.summon(at, 1, session)
    at = yield stage.nights_ago(36, 20, 5)
    table.hold(at, session)
    at = yield stage.nights_ago(36, 21, 20)
    table.end(at, session, "agreed", "Utang Rp1.200.000 diakui. Disepakati dua kali bayar, tanpa tambahan.")
    saharia, basri = table.sides
    rows = table.agree(
        at,
        "Para pihak saling memaafkan dan sepakat atas hal berikut.",
        [agreeing.Clause("Membayar empat karung pupuk", basri, _day(stage, -30), saharia, 1_200_000, 2)],
    )
    at = yield stage.nights_ago(31, 19, 15)
    table.pay(at, rows[0], 600_000, "Tunai di pos, disaksikan petugas jaga")
    at = yield stage.nights_ago(3, 19, 40)
    table.pay(at, rows[1], 600_000, "Tunai di pos, lunas")


def cow_late(stage: Stage) -> Story:
    """Cows in a garden: seedlings were planted again, the money is late."""
    at = yield stage.nights_ago(26, 19, 50)
    table = Table(
        stage,
        at,
        {
            "title": "Sapi masuk kebun jagung",
            "words": "Dua sapi masuk kebun jagung saya malam Sabtu, setengahnya habis. Pemiliknya mengaku tetapi belum mengganti.",
            "name": "Ramli Daeng Nyonri",
            "answers": {
                "subject": "livestock",
                "parties": "Pemilik kebun dan pemilik sapi",
                "at_court": "tidak",
            },
        },
        opening.DisputeGiven("livestock", "Jagung rusak oleh sapi", "Kebun di Bontosunggu"),
    )
    table.party(at, "Ramli Daeng Nyonri", "complainant", "Tanam ulang saja dulu, sisanya dibayar.")
    table.party(
        at, "Kahar", "respondent", "Sapi lepas karena tali putus. Saya siap menanam ulang.", resident=False,
        address="Desa sebelah",
    )  # fmt: skip
    at = yield stage.nights_ago(25, 10, 15)
    table.mediate(at, "Daeng Sitakka", "Tokoh masyarakat", "140/09/MSM/2026")
    at = yield stage.nights_ago(25, 18, 30)
    session = table.plan(at, stage.nights_ago(22, 19, 30))
    table.summon(at, 1, session)
    at = yield stage.nights_ago(22, 19, 35)
    table.hold(at, session)
    at = yield stage.nights_ago(22, 21, 5)
    table.end(at, session, "agreed", "Kahar menanam ulang dan mengganti bibit serta upah.")
    ramli, kahar = table.sides
    rows = table.agree(
        at,
        "Para pihak sepakat menyelesaikan kerugian tanpa tuntutan lain.",
        [
            agreeing.Clause("Menanam ulang jagung di petak yang rusak", kahar, _day(stage, -14), ramli),
            agreeing.Clause("Mengganti bibit dan upah", kahar, _day(stage, -4), ramli, 900_000),
            agreeing.Clause("Memasang pagar di sisi jalan ternak", kahar, _day(stage, 20), ramli),
        ],
    )
    at = yield stage.nights_ago(15, 18, 45)
    table.pay(at, rows[0], None, "Dilihat petugas dan kepala dusun")
    at = yield stage.nights_ago(8, 19, 5)
    table.pay(at, rows[1], 350_000, "Tunai, sisanya menyusul")


def fence(stage: Stage) -> Story:
    """A fence between cousins: the other side stayed away once; the second session is planned."""
    at = yield stage.nights_ago(9, 20, 30)
    table = Table(
        stage,
        at,
        {
            "title": "Pagar baru di batas pekarangan",
            "words": "Pagar baru sepupu saya melewati patok lama kira-kira dua langkah. Kami masih keluarga, tolong ditengahi.",
            "name": "Jumahari Daeng Lebang",
            "answers": {
                "subject": "land",
                "parties": "Dua saudara sepupu",
                "since": "Dua bulan",
                "at_court": "tidak",
            },
        },
        opening.DisputeGiven("land", "Pagar melewati patok batas pekarangan", "Dusun Massamaturu"),
    )
    table.party(at, "Jumahari Daeng Lebang", "complainant", "Patok lama dipasang ayah kami berdua.")
    table.party(at, "Syamsir Daeng Rola", "respondent", "Patoknya sudah pindah sejak banjir.")
    at = yield stage.nights_ago(8, 9, 45)
    table.mediate(at, "Daeng Sitakka", "Tokoh masyarakat", "140/11/MSM/2026")
    at = yield stage.nights_ago(8, 18, 20)
    session = table.plan(at, stage.nights_ago(5, 19, 30))
    table.summon(at, 1, session)
    at = yield stage.nights_ago(5, 19, 40)
    table.hold(at, session, absent=(1,))
    at = yield stage.nights_ago(5, 20, 25)
    table.end(
        at,
        session,
        "next",
        "Pihak kedua tidak datang. Disepakati memanggil sekali lagi dan melihat patok bersama.",
    )
    at = yield stage.nights_ago(4, 19, 0)
    session = table.plan(at, stage.nights_ago(-2, 19, 30))
    table.summon(at, 0, session)
    table.summon(at, 1, session)
