"""The directory of services: adopted from the catalogue, added, changed, ended, found for a village."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simpul.desks import actions, queries, rules
from simpul.desks.actions import services
from simpul.desks.models import Desk, Service
from simpul.journal.models import Line
from simpul.lib.errors import NotAllowed, NotFound
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return assemble()


def given(**more: object) -> services.ServiceGiven:
    wanted: dict[str, object] = {
        "name": "Bantuan zakat",
        "sector": "economy",
        "documents": ("KTP", "KK", " "),
        "amount": 10,
        "unit": "working_days",
        "cost": 0,
    }
    return services.ServiceGiven(**{**wanted, **more})  # type: ignore[arg-type]


def added(cast: Cast, desk: str = "outside", **more: object) -> Service:
    return actions.add_service(by=cast.administrator, at=NOW, desk_id=cast.desk(desk).id, given=given(**more))


def test_the_catalogue_can_be_read_and_names_its_sources() -> None:
    rows = queries.service_catalogue()
    assert len(rows) >= 18
    assert all(row["source"] and row["confidence"] in rules.CONFIDENCES for row in rows)
    assert {row["sector"] for row in rows} >= {
        "health",
        "education",
        "economy",
        "housing",
        "fishing",
        "papers",
    }


@pytest.mark.parametrize(
    "row",
    [
        {"seed": "a", "name": "A", "sector": "nothing"},
        {"seed": "a", "name": "A", "sector": "food", "amount": 3},
        {"seed": "a", "name": "A", "sector": "food", "confidence": "sure"},
    ],
)
def test_a_broken_catalogue_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="service a"):
        rules.read_services({"services": [row]})


def test_adopting_rows_twice_changes_nothing(cast: Cast) -> None:
    desk = cast.desk("secretariat")
    made = actions.load_services(
        by=cast.administrator, at=NOW, desk_id=desk.id, seeds=["kis-reactivation", "zakat"]
    )
    assert [one.seed for one in made] == ["kis-reactivation", "zakat"]
    assert made[0].documents == ["KTP", "KK", "Surat dari fasilitas kesehatan"]
    again = actions.load_services(
        by=cast.administrator, at=LATER, desk_id=desk.id, seeds=["kis-reactivation", "kip"]
    )
    assert [one.seed for one in again] == ["kip"]
    assert actions.load_services(by=cast.administrator, at=LATER, desk_id=desk.id, seeds=["kip"]) == []
    assert Line.objects.filter(kind="services.load", subject_id=desk.id).count() == 2


def test_adopting_needs_rows_that_exist_and_a_desk(cast: Cast) -> None:
    for seeds in ([], ["unknown"]):
        with pytest.raises(services.SeedUnknown):
            actions.load_services(by=cast.administrator, at=NOW, desk_id=cast.desk("outside").id, seeds=seeds)
    with pytest.raises(NotFound):
        actions.load_services(by=cast.administrator, at=NOW, desk_id=cast.seats["admin"].id, seeds=["kip"])


def test_a_service_is_added_changed_and_ended_with_its_lines(cast: Cast) -> None:
    service = added(cast)
    assert (service.documents, service.unit) == (["KTP", "KK"], "working_days")
    changed = actions.change_service(
        by=cast.administrator,
        at=LATER,
        service_id=service.id,
        given=given(amount=None, unit="hours", cost=None),
    )
    assert (changed.amount, changed.unit, changed.cost) == (None, "", None)
    same = actions.change_service(
        by=cast.administrator, at=LATER, service_id=service.id, given=given(amount=None, cost=None)
    )
    assert same.changed_at == LATER
    actions.end_service(by=cast.administrator, at=LATER, service_id=service.id, reason="Tidak ada lagi")
    with pytest.raises(services.ServiceEnded):
        actions.end_service(by=cast.administrator, at=LATER, service_id=service.id)
    with pytest.raises(services.ServiceEnded):
        actions.change_service(by=cast.administrator, at=LATER, service_id=service.id, given=given())
    assert queries.services(desk_id=cast.desk("outside").id) == []
    kinds = list(
        Line.objects.filter(subject_id=service.id).order_by("recorded_at").values_list("kind", flat=True)
    )
    assert kinds == ["service.add", "service.change", "service.end"]


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"name": " "}, services.ServiceNameless),
        ({"sector": "magic"}, services.ServiceSectorUnknown),
        ({"unit": "moons"}, services.ServiceTimeWrong),
        ({"amount": 0}, services.ServiceTimeWrong),
        ({"cost": -5}, services.ServiceCostWrong),
        ({"region_code": "73a"}, services.ServiceAreaUnknown),
        ({"documents": ("x" * 201,)}, services.ServiceDocumentsWrong),
        ({"documents": ("KTP",) * 21}, services.ServiceDocumentsWrong),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, more: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        added(cast, **more)
    assert not Service.objects.exists()


def test_only_the_administrator_keeps_the_directory(cast: Cast) -> None:
    service = added(cast)
    for somebody in (cast.admin, cast.manager, cast.partner):
        with pytest.raises(NotAllowed):
            actions.add_service(by=somebody, at=NOW, desk_id=cast.desk("outside").id, given=given())
        with pytest.raises(NotAllowed):
            actions.change_service(by=somebody, at=NOW, service_id=service.id, given=given())
        with pytest.raises(NotAllowed):
            actions.end_service(by=somebody, at=NOW, service_id=service.id)
        with pytest.raises(NotAllowed):
            actions.load_services(by=somebody, at=NOW, desk_id=cast.desk("outside").id, seeds=["kip"])
    with pytest.raises(NotFound):
        actions.change_service(
            by=cast.administrator, at=NOW, service_id=cast.seats["admin"].id, given=given()
        )
    with pytest.raises(NotFound):
        actions.end_service(by=cast.administrator, at=NOW, service_id=cast.seats["admin"].id)


def test_the_directory_is_for_a_place_a_sector_and_words(cast: Cast) -> None:
    zakat = added(cast)
    village = added(cast, "village", name="Surat kematian", sector="papers")
    narrow = added(cast, "leaders-mamuju", name="Bantuan bibit", sector="farming", region_code="760212")
    assert queries.services(region_code=DUNGKAIT) == [zakat, village]
    assert queries.services(region_code=BONTO_JAI) == []
    assert queries.services(sector="farming") == [narrow]
    assert queries.services(words="zakat baznas") == [zakat]
    assert queries.gives_service(cast.desk("outside"), zakat.id)
    assert not queries.gives_service(cast.desk("village"), zakat.id)
    Desk.objects.filter(code="outside").update(closed_at=NOW)
    assert zakat not in queries.services()
    found = queries.service(zakat.id)
    assert found is not None and found.desk.code == "outside"
