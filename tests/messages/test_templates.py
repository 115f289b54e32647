"""Approved templates: written down as the provider has them, refused in plain sentences, shown with sample values."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from simpul.desks.models import Desk
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.messages import actions
from simpul.messages.models import Gateway, Template
from simpul.messages.queries import sending
from simpul.messages.queries import templates as queries
from simpul.messages.rules import templates as rules

pytestmark = pytest.mark.django_db

BODY = "Jawaban untuk laporan {{1}}: {{2}}. Balas pesan ini bila belum selesai."
ADMINISTRATOR = Actor(role="administrator", name="Andi", strong=True)


def gateway_of(kind: str, code: str, now: datetime) -> Gateway:
    desk, _new = Desk.objects.get_or_create(
        code="pusat",
        defaults={"name": "Pusat", "kind": "centre", "level": "regency", "region_code": "", "opened_at": now},
    )
    return actions.add_gateway(
        by=MACHINE, at=now, code=code, kind=kind, name=code, desk_id=desk.id, region_code="7602132001"
    )


@pytest.fixture
def whatsapp(hamlet: Any, now: datetime) -> Gateway:
    return gateway_of("whatsapp", "wa", now)


def change(gateway: Gateway, now: datetime, **more: Any) -> Template:
    given: dict[str, Any] = {
        "by": ADMINISTRATOR,
        "at": now,
        "gateway_id": gateway.id,
        "name": "jawaban",
        "language": "id",
        "text_key": "answer",
        "body": BODY,
        "variables": ["number", "{answer}"],
        "state": "approved",
    } | more
    return actions.change_template(**given)


def test_a_template_is_written_down_and_found_for_its_text(whatsapp: Gateway, now: datetime) -> None:
    template = change(whatsapp, now)
    assert (template.variables, template.state) == (["number", "answer"], "approved")
    assert sending.templates_for([whatsapp.id], "answer", "id") == {whatsapp.id: template}
    assert queries.templates_of(whatsapp.id) == [template]
    assert queries.template(whatsapp.id, template.id) == template
    assert "answer" not in queries.without_template(whatsapp.id)
    line = Line.objects.get(kind="template.change")
    assert (line.subject_kind, line.subject_id) == ("template", template.id)
    assert line.facts == {
        "gateway": "wa",
        "name": "jawaban",
        "language": "id",
        "text": "answer",
        "state": "approved",
        "before": "",
    }


def test_a_changed_one_keeps_its_row_and_only_an_approved_one_is_sent(
    whatsapp: Gateway, now: datetime
) -> None:
    template = change(whatsapp, now)
    again = change(whatsapp, now, template_id=template.id, state="paused", body=BODY + " Terima kasih.")
    assert again.id == template.id
    assert again.body.endswith("Terima kasih.")
    assert sending.templates_for([whatsapp.id], "answer", "id") == {}
    assert "answer" in queries.without_template(whatsapp.id)
    lines = Line.objects.filter(kind="template.change").order_by("at", "id")
    assert [line.facts["before"] for line in lines] == ["", "approved"]


def test_the_persons_language_comes_first_whatever_the_provider_calls_it(
    whatsapp: Gateway, now: datetime
) -> None:
    ours = change(whatsapp, now)
    english = change(whatsapp, now, language="en_US", name="answer")
    assert sending.templates_for([whatsapp.id], "answer", "en") == {whatsapp.id: english}
    assert sending.templates_for([whatsapp.id], "answer", "id") == {whatsapp.id: ours}
    assert rules.our_language("en_US") == "en"


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"name": "Jawaban Kami"}, actions.TemplateNameWrong, "name"),
        ({"name": ""}, actions.TemplateNameWrong, "name"),
        ({"text_key": "nothing"}, actions.TemplateTextUnknown, "text_key"),
        ({"body": " "}, actions.TemplateEmpty, "body"),
        ({"body": "x" * 1025, "variables": []}, actions.TemplateTooLong, "body"),
        ({"body": "Laporan {{1}} dan {{3}}."}, actions.PlacesWithGap, "body"),
        ({"body": "Laporan {{0}} dan {{1}}."}, actions.PlacesWithGap, "body"),
        ({"variables": ["number"]}, actions.VariablesDiffer, "variables"),
        ({"variables": ["number", "answer", "to_name"]}, actions.VariablesDiffer, "variables"),
        ({"variables": ["number", "shoe_size"]}, actions.UnknownVariable, "variables"),
        ({"state": "wonderful"}, actions.TemplateStateUnknown, "state"),
        ({"language": "tlh"}, actions.TemplateStateUnknown, "language"),
    ],
)
def test_what_no_provider_would_take_is_refused_beside_its_field(
    whatsapp: Gateway, now: datetime, changes: dict[str, Any], refusal: type[Refused], field: str
) -> None:
    with pytest.raises(refusal) as told:
        change(whatsapp, now, **changes)
    assert told.value.field == field
    assert str(told.value).endswith(".")
    assert not Template.objects.exists()


def test_one_name_and_language_is_one_template(whatsapp: Gateway, now: datetime) -> None:
    change(whatsapp, now)
    with pytest.raises(actions.TemplateNameTaken):
        change(whatsapp, now)
    other = change(whatsapp, now, name="jawaban_2")
    with pytest.raises(actions.TemplateNameTaken):
        change(whatsapp, now, template_id=other.id)


def test_other_roads_need_none_and_strangers_write_none(whatsapp: Gateway, now: datetime) -> None:
    telegram = gateway_of("telegram", "tg", now)
    with pytest.raises(actions.NoTemplatesHere):
        change(telegram, now)
    with pytest.raises(NotFound):
        change(whatsapp, now, gateway_id=uuid4())
    with pytest.raises(NotFound):
        change(whatsapp, now, template_id=uuid4())
    for by in (ANYBODY, Actor(role="centre_admin", name="Rahma", region_code="7602")):
        with pytest.raises(NotAllowed):
            change(whatsapp, now, by=by)


def test_a_preview_fills_samples_and_leaves_what_nobody_fills(whatsapp: Gateway) -> None:
    shown = queries.preview(BODY, ["number", "shoe_size"])
    assert "{{1}}" not in shown
    assert "{shoe_size}" in shown
    assert "{{2}}" in queries.preview(BODY, ["number"])
