"""The words of messages: those that ship, and those that the institution writes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages import queries, rules
from simpul.messages.models import Text


class UnknownVariable(Refused):
    """A text names something that nobody fills in."""

    code = "text.unknown_variable"
    sentence = _("Nobody can fill in %(unknown)s. You can use: %(possible)s.")
    field = "body"


class VariableMissing(Refused):
    """A text would lose what its reader needs."""

    code = "text.variable_missing"
    sentence = _("The text must keep %(missing)s, or its reader cannot use it.")
    field = "body"


class TextEmpty(Refused):
    """A message says something."""

    code = "text.empty"
    sentence = _("Write the text of the message.")
    field = "body"


def load_texts(*, by: Actor, at: datetime) -> int:
    """Write the shipped words into the table for administration to list; what was edited stays. Returns how many were written."""
    roles.require(by, "texts.load")
    with transaction.atomic():
        edited = set(Text.objects.exclude(edited_at=None).values_list("key", "road", "language"))
        rows = [
            Text(key=kind.key, road=road, language=language, subject=words.subject, body=words.body)
            for kind in queries.catalogue().values()
            for (road, language), words in kind.words.items()
            if (kind.key, road, language) not in edited
        ]
        Text.objects.filter(edited_at=None).delete()
        Text.objects.bulk_create(rows)
        journal_actions.record(
            by=by,
            at=at,
            kind="texts.load",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"count": len(rows)},
        )
    return len(rows)


def change_text(
    *, by: Actor, at: datetime, key: str, road: str, language: str, subject: str, body: str
) -> Text:
    """Change the words of a message for one road ("any" for all) and language; new messages use them at once.

    Raises:
        NotFound: there is no such text or road.
        TextEmpty, UnknownVariable, VariableMissing: the words cannot be sent.
    """
    roles.require(by, "text.change")
    if not queries.is_known_text(key) or road not in ("any", rules.SLIP, *rules.ROADS):
        raise NotFound
    subject, body = text.clean_line(subject, 150), text.clean_text(body, 4000)
    _check_words(queries.catalogue()[key], subject, body)
    before = queries.words(key, road, language)
    with transaction.atomic():
        row, _is_new = Text.objects.update_or_create(
            key=key,
            road=road,
            language=language,
            defaults={"subject": subject, "body": body, "edited_at": at},
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="text.change",
            subject_kind="text",
            subject_id=row.id,
            facts={"key": key, "road": road, "language": language},
            inputs={"before": before.body, "subject": subject, "body": body},
        )
    return row


def _check_words(kind: rules.TextKind, subject: str, body: str) -> None:
    if not body:
        raise TextEmpty
    unknown = rules.unknown_places(f"{subject} {body}", kind.possible)
    if unknown:
        raise UnknownVariable(unknown=_braced(unknown), possible=_braced(sorted(kind.possible)))
    missing = sorted(kind.needs - rules.places(body))
    if missing:
        raise VariableMissing(missing=_braced(missing))


def _braced(names: list[str]) -> str:
    return ", ".join("{" + name + "}" for name in names)
