"""Six requests at Posyandu Melati, from the papers to the result; one red flag, one about public order that waits for the head."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from simpul.cases.actions import intake
from simpul.demo.stage import Stage
from simpul.posyandu.actions import requests, requests_deciding
from simpul.posyandu.queries import services

MELATI = "Posyandu Melati"
CADRE, CHAIR = "kader.melati", "ketua.posyandu"
SECRETARY, HEAD = "sekdes.massamaturu", "kades.massamaturu"


def build(stage: Stage) -> None:
    """Take them in over the last three weeks, each as far as it has come."""
    _fees(stage)
    _house(stage)
    _well(stage)
    _aid(stage)
    _visit(stage)
    _patrol(stage)


def _taken(stage: Stage, at: Any, service: str, name: str, words: str, **given: Any) -> Any:
    """A request at the desk of Melati, with every paper seen unless said otherwise."""
    wanted = services.catalogue().services[service]
    usual: dict[str, Any] = {
        "papers": dict.fromkeys(wanted.asked, "seen"),
        "consent": "spoken",
        "reporter": intake.PersonGiven(name=name, phone=stage.phone()),
        "by": stage.who(CADRE),
    }
    return requests.take_fieldrequest(
        at=at, posyandu_id=stage.posyandu[MELATI].id, service=service, words=words, **{**usual, **given}
    ).request


def _decide(act: Any, stage: Stage, who: str, at: Any, request: Any, **given: Any) -> None:
    act(by=stage.who(who), at=at, fieldrequest_id=request.id, **given)


def _seen(stage: Stage, at: Any, request: Any, words: str, *, meets: bool = True) -> None:
    requests.inspect_fieldrequest(
        by=stage.who(CADRE),
        at=at,
        fieldrequest_id=request.id,
        visited_date=at.date(),
        seen=words,
        meets=meets,
        visitor="Hasniah Lu'mu",
    )


def _fees(stage: Stage) -> None:
    """School kit, given by the village within three days."""
    at = stage.ago(16, 9)
    one = _taken(
        stage, at, "education/kit", "Hasnawati Daeng Ti'no", "Anak saya masuk SD, belum ada seragam dan tas.",
        for_whom="Anaknya, 7 tahun",
    )  # fmt: skip
    _decide(requests_deciding.check_fieldrequest, stage, CADRE, at, one, meets=True)
    later = at + timedelta(days=1)
    _decide(requests_deciding.verify_fieldrequest, stage, SECRETARY, later, one, meets=True)
    _decide(requests_deciding.hand_over_fieldrequest, stage, CADRE, later, one)
    _decide(
        requests_deciding.finish_fieldrequest, stage, SECRETARY, at + timedelta(days=3), one,
        result="done", words="Seragam dan tas diserahkan dari dana desa.",
    )  # fmt: skip


def _house(stage: Stage) -> None:
    """A house: looked at, not verified by the village yet."""
    at = stage.ago(3, 10)
    one = _taken(
        stage, at, "housing/house", "Baharuddin Sila", "Dinding rumah lapuk dan atap bocor, lantainya tanah.",
        spot=requests.Spot("Dusun Massamaturu RT 02"),
    )  # fmt: skip
    _decide(
        requests_deciding.check_fieldrequest,
        stage,
        CADRE,
        at,
        one,
        meets=True,
        note="Lansia tinggal sendiri.",
    )
    _seen(
        stage,
        at + timedelta(hours=26),
        one,
        "Dinding bambu lapuk, lantai tanah, atap seng berlubang di dapur.",
    )


def _well(stage: Stage) -> None:
    """A well that nobody moved for two weeks: the red flag is up."""
    at = stage.ago(14, 9)
    papers = {"ktp": "seen", "kk": "seen"}
    _taken(
        stage, at, "works/well", "Nurlia Daeng Kanang", "Sumur kami kering setiap kemarau, minta sumur bor bersama.",
        papers=papers, spot=requests.Spot("Lorong belakang masjid"),
    )  # fmt: skip


def _aid(stage: Stage) -> None:
    """Aid: the criteria are not met, and the reason is said."""
    at = stage.ago(9, 11)
    one = _taken(
        stage,
        at,
        "social/aid",
        "Syamsiah Daeng Caya",
        "Kami belum pernah menerima bantuan pangan.",
        way="visit",
    )
    _decide(requests_deciding.check_fieldrequest, stage, CADRE, at, one, meets=True)
    _seen(
        stage,
        at + timedelta(hours=3),
        one,
        "Keluarga menerima PKH sejak Maret, kartu diperlihatkan.",
        meets=False,
    )
    _decide(
        requests_deciding.verify_fieldrequest, stage, SECRETARY, at + timedelta(days=1), one,
        meets=False, why="Keluarga sudah menerima PKH sejak Maret.",
    )  # fmt: skip


def _visit(stage: Stage) -> None:
    """A home visit for somebody who cannot come: just taken in."""
    at = stage.ago(0, 8)
    papers = {"ktp": "seen"}
    _taken(
        stage, at, "health/visit", "Rahmawati Tola", "Ibu saya lumpuh, mohon petugas datang ke rumah.",
        papers=papers, for_whom="Ibunya, 71 tahun",
    )  # fmt: skip


def _patrol(stage: Stage) -> None:
    """Public order: only the chair and the head see it until he releases it."""
    at = stage.ago(1, 16)
    one = _taken(
        stage, at, "order/patrol", "Warga lorong 3", "Anak-anak muda balapan liar lewat tengah malam, mohon patroli.",
        by=stage.who(CHAIR), papers={},
    )  # fmt: skip
    _decide(requests_deciding.check_fieldrequest, stage, CHAIR, at, one, meets=True)
