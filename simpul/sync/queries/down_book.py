"""What a device needs besides people: places, desks, kinds of matters, the questions of the register and their answers, rules of aid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils import translation
from django.utils.translation import gettext

from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.lib import areas as areas_lib
from simpul.meetings import rules as meeting_rules
from simpul.outreach.rules import accompanying as accompanying_rules
from simpul.outreach.rules import doors as door_rules
from simpul.outreach.rules import verification as verification_rules
from simpul.people import access as people_access
from simpul.people.queries import consent as consent_queries
from simpul.people.queries import fields as field_queries
from simpul.people.queries import lists as list_queries
from simpul.people.rules import history
from simpul.programmes.rules import deliveries as delivery_rules
from simpul.programmes.rules import kis as kis_rules
from simpul.regions.models import Hamlet, Region
from simpul.sync.queries import down_rules
from simpul.sync.queries.down_register import Row, Tables, told
from simpul.sync.queries.view import View

MOST_DESKS = 200


def tables(view: View) -> Tables:
    """Everything that changes rarely: in every pack, and whole again in a pull when its ``book`` is another one."""
    return {
        "places": places(view),
        "hamlets": hamlets(view),
        "desks": desks(view),
        "kinds": kinds(),
        "fields": fields(),
        "lists": lists(),
        "rules": down_rules.rules(view.today, view.by.served_areas[0]),
    }


def places(view: View) -> list[Row]:
    """The villages of the areas and what they lie in."""
    codes = view.by.served_areas
    around = {code[:size] for code in codes for size in (2, 4, 6) if len(code) > size}
    inside = Region.objects.filter(areas_lib.inside_any(codes, "code"), level__lte=4)
    rows = [*Region.objects.filter(code__in=around), *inside]
    return [
        {"code": one.code, "name": one.name, "kind": one.kind}
        for one in sorted(rows, key=lambda one: one.code)
    ]


def hamlets(view: View) -> list[Row]:
    """Their hamlets."""
    rows = Hamlet.objects.filter(areas_lib.inside_any(view.by.served_areas, "village_id"))
    return [
        {"id": str(one.id), "name": one.name, "region": one.village_id}
        for one in rows.order_by("village_id", "name", "id")
    ]


def desks(view: View) -> list[Row]:
    """Desks that matters from here can be handed to."""
    found = {
        one.id: one for code in view.by.served_areas for one in desk_queries.desks_for_referral(view.by, code)
    }
    return [
        {"id": str(one.id), "name": one.name, "kind": one.kind} for one in list(found.values())[:MOST_DESKS]
    ]


def kinds() -> list[Row]:
    """Kinds of matters with their questions."""
    keys = ("key", "type", "label", "label_en", "hint", "hint_en", "options", "required")
    return [
        told({
            "code": one.code, "name": one.name, "name_en": one.name_en, "about": one.about, "about_en": one.about_en,
            "fields": [{key: field[key] for key in keys if field.get(key) not in (None, "", [], False)} for field in one.fields],
            "asks_consent": one.asks_consent, "anonymous": one.anonymous_allowed, "sealed": one.sensitivity == "sealed",
        }, ("fields",))
        for one in kind_queries.kinds_active()
    ]  # fmt: skip


def fields() -> list[Row]:
    """The questions of the register in the order in which they are asked, with the step of a form they belong to."""
    rows = []
    for step, group in enumerate(field_queries.groups()):
        for field in group.fields:
            rows.append(told({
                "key": f"{field.about}.{field.key}", "about": field.about, "type": field.type, "label": field.name,
                "label_en": field.name_en, "group": group.name, "group_en": group.name_en, "step": step + 1,
                "low": field.low, "high": field.high, "seen": field.seen, "asked": group.asked,
                "list": field.key if field.type == "code" else "",
            }, ("asked",)))  # fmt: skip
    return rows


def lists() -> list[Row]:
    """Answers: of the register's lists, and of every choice an event names.

    Forms write one version of a list; the codes of the others, which lists brought in, come along to be read (``asked`` false).
    """
    rows: list[Row] = []
    for field in list_queries.fields():
        versions = list_queries.versions(field)
        written = "bdt" if "bdt" in versions else versions[0]
        for version in versions:
            for option in list_queries.options(field, version):
                row: Row = {
                    "field": field,
                    "code": option.code,
                    "label": option.label("id"),
                    "label_en": option.label("en"),
                }
                rows.append(row if version == written else {**row, "asked": False})
    for name, words in _CHOICES.items():
        rows += _worded(name, words)
    rows += [
        {
            "field": "purpose", "code": one.code, "label": one.name["id"], "label_en": one.name["en"],
            "words": one.words["id"], "words_en": one.words["en"],
        }
        for one in consent_queries.purposes().values()
        if not one.scoped
    ]  # fmt: skip
    rows += [
        {"field": "flag", "code": str(one.number), "label": one.name, "label_en": one.name_en}
        for one in people_access.categories()
    ]
    return rows


_CHOICES: Mapping[str, Mapping[str, str]] = {
    "outcome.visit": door_rules.OUTCOMES,
    "outcome.door": {code: kis_rules.DOORS[code] for code in kis_rules.FINDINGS},
    "need.door": kis_rules.NEEDS,
    "outcome.delivery": delivery_rules.OUTCOMES,
    "to.delivery": delivery_rules.RECEIVERS,
    "proof.delivery": delivery_rules.PROOFS,
    "what.accompaniment": accompanying_rules.WHATS,
    "how.accompaniment": accompanying_rules.HOWS,
    "outcome.accompaniment": accompanying_rules.OUTCOMES,
    "presence.verification": {str(code): words for code, words in verification_rules.PRESENCES.items()},
    "group.attendance": meeting_rules.GROUPS,
    "source": history.SOURCES,
}
"""Choices of events, by "input.noun"."""


def _worded(name: str, words: Mapping[str, str]) -> Iterable[Row]:
    for code, text in words.items():
        row = {"field": name, "code": code}
        for key, language in (("label", "id"), ("label_en", "en")):
            with translation.override(language):
                row[key] = gettext(text)
        yield row
