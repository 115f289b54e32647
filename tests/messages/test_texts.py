"""The words of messages: shipped, edited, checked, previewed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages import actions, queries
from simpul.messages.models import Text

pytestmark = pytest.mark.django_db

ADMINISTRATOR = Actor(role="administrator", name="Dian", strong=True)


def change(at: datetime, **given: Any) -> Text:
    wanted: dict[str, Any] = {
        "by": ADMINISTRATOR,
        "at": at,
        "key": "answer",
        "road": "any",
        "language": "id",
        "subject": "Kabar {number}",
        "body": "Halo {to_name}: {number} {answer}",
    }
    return actions.change_text(**(wanted | given))


def test_edited_words_are_used_for_the_next_message(queue: Any, mailbox: Any, now: datetime) -> None:
    change(now)
    message = queue()
    assert message.subject == "Kabar SPL-2611-00047-K"
    assert message.body == "Halo Nurhayati: SPL-2611-00047-K Bantuan sudah diserahkan."
    line = Line.objects.get(kind="text.change")
    assert line.facts == {"key": "answer", "road": "any", "language": "id"}
    assert "Ini jawaban" in line.inputs["before"]


def test_words_for_one_road_come_before_words_for_all(now: datetime) -> None:
    change(now, road="email", body="Lewat surel: {number} {answer}")
    assert queries.words("answer", "email", "id").body.startswith("Lewat surel")
    assert not queries.words("answer", "sms", "id").body.startswith("Lewat surel")


@pytest.mark.parametrize(
    ("given", "refusal", "names"),
    [
        ({"body": "{number} {answer} {nik}"}, actions.UnknownVariable, "{nik}"),
        ({"subject": "{pin}"}, actions.UnknownVariable, "{pin}"),
        ({"body": "Sudah dijawab. {answer}"}, actions.VariableMissing, "{number}"),
        ({"body": " \n "}, actions.TextEmpty, ""),
    ],
)
def test_words_that_cannot_be_sent_are_refused(
    given: dict[str, str], refusal: type[Exception], names: str, now: datetime
) -> None:
    with pytest.raises(refusal) as caught:
        change(now, **given)
    assert names in str(caught.value)
    assert not Text.objects.exists()


def test_only_administrators_change_words(officer: Actor, now: datetime) -> None:
    for by in (officer, Actor(role="administrator", name="Dian")):
        with pytest.raises(NotAllowed):
            change(now, by=by)
    with pytest.raises(NotAllowed):
        actions.load_texts(by=officer, at=now)
    for given in ({"key": "no_such_text"}, {"road": "pigeon"}):
        with pytest.raises(NotFound):
            change(now, **given)


def test_loading_writes_every_text_once_and_keeps_what_was_edited(now: datetime) -> None:
    change(now)
    shipped = sum(len(kind.words) for kind in queries.catalogue().values())
    for _time in range(2):
        assert actions.load_texts(by=MACHINE, at=now) == shipped - 1
    assert Text.objects.count() == shipped
    assert queries.words("answer", "any", "id").body.startswith("Halo")
    assert Line.objects.filter(kind="texts.load").count() == 2


def test_the_administrations_list_shows_present_words(now: datetime) -> None:
    change(now, road="sms")
    shown = {(text.kind.key, text.road, text.language): text for text in queries.texts()}
    assert shown["answer", "sms", "id"].edited_at == now
    assert shown["answer", "any", "id"].edited_at is None
    assert shown["receipt", "any", "en"].kind.names["en"] == "Receipt"


def test_a_preview_fills_in_samples_and_leaves_a_mistake_visible(institution: Any) -> None:
    shown = queries.preview("answer", "sms", "id", subject="x", body="{number}: {answr} {reach_us}")
    assert shown.words.body == "SPL-2611-00047-K: {answr} 0426 21000"
    assert shown.short.parts == 1
    assert queries.preview("answer", "email", "id").short.parts > 1
