"""The register's words: codes, values and states become something to read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from simpul.people.queries import fields as field_queries
from simpul.people.queries import lists, register
from simpul.people.rules import fields as field_rules
from simpul.people.rules import history, visits
from simpul.web.desk import words as desk_words

language = desk_words.language

LIFE = {
    "here": gettext_noop("lives here"),
    "away": gettext_noop("moved away"),
    "dead": gettext_noop("died"),
    "merged": gettext_noop("joined with another row"),
}
EVENTS = {
    "birth": (gettext_noop("Born"), "plus"),
    "death": (gettext_noop("Died"), "cross"),
    "move_in": (gettext_noop("Moved in"), "arrow"),
    "move_out": (gettext_noop("Moved away"), "exit"),
    "return": (gettext_noop("Came back"), "arrow-back"),
}
WHY_ENDED = {
    "moved": gettext_noop("moved"),
    "died": gettext_noop("died"),
    "married": gettext_noop("married"),
    "corrected": gettext_noop("corrected"),
}
TIES = {
    "parent": gettext_noop("Parent"),
    "guardian": gettext_noop("Guardian"),
    "carer": gettext_noop("Looks after them"),
    "spouse": gettext_noop("Husband or wife"),
    "heir": gettext_noop("Heir"),
}
STATEMENTS = {
    "current": (gettext_noop("stands"), "good"),
    "past": (gettext_noop("older"), ""),
    "conflict": (gettext_noop("contradicts"), "bad"),
    "rejected": (gettext_noop("not chosen"), ""),
}
PERSON_STATES = {
    "here": gettext_noop("Lives here"),
    "no_nik": gettext_noop("Without NIK"),
    "no_household": gettext_noop("In no household"),
    "away": gettext_noop("Moved away"),
    "dead": gettext_noop("Died"),
}
HOUSEHOLD_STATES = {
    "living": gettext_noop("Living"),
    "conflict": gettext_noop("Something contradicts"),
    "no_head": gettext_noop("Without a head"),
    "old": gettext_noop("Data older than a year"),
    "ended": gettext_noop("Ended"),
}


def relation(field: str, code: str) -> str:
    """How somebody belongs to the head; "" when nobody knows."""
    return lists.label(field, code, language())


def source(one: Any) -> str:
    """Who or what a statement comes from: "seen at a visit (Nurhayati)", "a list (DTSEN 2026-Q3)"."""
    if one.source == history.BEFORE:
        return _("from before the history was kept")
    said = _(history.SOURCES.get(one.source, one.source))
    more = ", ".join(text for text in (one.source_words, one.said_by) if text)
    return f"{said} ({more})" if more else said


def written(row: Any, field: field_rules.Field) -> str:
    """A column's value for a page."""
    value = getattr(row, field.key, None)
    return field_rules.written(field, field_rules.as_text(value), book=lists.book(), language=language())


def facts(
    row: Any, group: field_rules.Group, subject: tuple[str, UUID] | None, page: Any
) -> list[dict[str, Any]]:
    """The fields of a group with their values, and the way to the history of each that was told."""
    found = []
    for field in group.fields:
        held = getattr(row, field.key, None)
        said = register.word_on(page.latest, subject[1], field.key, held) if subject else None
        found.append(
            {
                "key": field.key,
                "label": field.label(language()),
                "value": written(row, field) if row is not None else "",
                "conflict": said is not None and said.state == "conflict",
                "history": reverse("desk_register_history", args=[subject[0], subject[1], field.key])
                if said is not None and subject
                else "",
                "said": f"{source(said)}, {desk_words.day(said.observed_date)}" if said is not None else "",
            }
        )
    return found


def statement(one: Any) -> dict[str, Any]:
    """One statement of a history for a page."""
    state, tone = STATEMENTS.get(one.state, (one.state, ""))
    return {
        "row": one,
        "value": register.readable(one, language()) or _("nobody knows"),
        "source": source(one),
        "state": _(state),
        "tone": tone,
        "day": desk_words.day(one.observed_date),
    }


def conflict(one: register.Conflict) -> dict[str, Any]:
    """A contradiction for a page."""
    return {
        "name": field_queries.label(one.subject_kind, one.field, language()),
        "statements": [statement(row) for row in one.statements],
        "url": reverse("desk_register_history", args=[one.subject_kind, one.subject_id, one.field]),
    }


def event(one: Any, *, may_undo: bool = False) -> dict[str, Any]:
    """Something that happened in a life, for a timeline."""
    name, icon = EVENTS.get(one.kind, (one.kind, "knot"))
    return {
        "row": one,
        "name": _(name),
        "icon": icon,
        "day": desk_words.day(one.on_date),
        "undone": one.undone_at is not None,
        "undo": reverse("desk_register_undo", args=[one.id]) if may_undo and one.undone_at is None else "",
    }


def missing(found: Any, names: dict[str, str]) -> list[dict[str, Any]]:
    """What nobody knows, by whom or what it is about, in the order of asking."""
    groups: dict[str, dict[str, Any]] = {}
    for one in found:
        group = groups.setdefault(one.subject, {"name": names.get(one.subject, ""), "fields": []})
        group["fields"].append({"label": one.field.label(language()), "seen": one.field.seen})
    return list(groups.values())


BRING = visits.BRING


def category(number: int) -> str:
    """A category of need in the reader's language."""
    return next((one.label(language()) for one in lists.categories() if one.number == number), str(number))
