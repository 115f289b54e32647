"""Templates: the words that a provider has approved, and which of our texts they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages import queries
from simpul.messages.actions.texts import UnknownVariable
from simpul.messages.models import Gateway, Template
from simpul.messages.rules import templates as rules


class NoTemplatesHere(Refused):
    """A road without a window needs no approved words."""

    code = "template.none_here"
    sentence = _("Only WhatsApp needs approved templates. This gateway sends every text as it is.")


class TemplateNameWrong(Refused):
    """Not a name that the provider takes."""

    code = "template.name_wrong"
    sentence = _(
        "Write the name as the provider has it: small letters, digits and underscores, without blanks."
    )
    field = "name"


class TemplateNameTaken(Refused):
    """The provider knows one template of a name and language."""

    code = "template.name_taken"
    sentence = _("This gateway already has a template of this name in this language. Change that one.")
    field = "name"


class TemplateTextUnknown(Refused):
    """It stands for no text of the catalogue."""

    code = "template.text_unknown"
    sentence = _("Choose the text that this template stands for.")
    field = "text_key"


class TemplateEmpty(Refused):
    """A template says something."""

    code = "template.empty"
    sentence = _("Write the words of the template as the provider has approved them.")
    field = "body"


class TemplateTooLong(Refused):
    """Longer than the provider takes."""

    code = "template.too_long"
    sentence = _("The words have %(length)s characters; the provider takes %(limit)s. Please shorten them.")
    field = "body"


class PlacesWithGap(Refused):
    """Its places are not numbered 1, 2, 3."""

    code = "template.places_with_gap"
    sentence = _("Number the places in the words from {{1}} without a gap. Now there are: %(found)s.")
    field = "body"


class VariablesDiffer(Refused):
    """As many variables as places."""

    code = "template.variables_differ"
    sentence = _(
        "The words have %(places)s places and you named %(named)s variables. Name one for each place."
    )
    field = "variables"


class TemplateStateUnknown(Refused):
    """A state that the list does not have."""

    code = "template.state_unknown"
    sentence = _("Choose what the provider says of this template.")
    field = "state"


def change_template(
    *,
    by: Actor,
    at: datetime,
    gateway_id: UUID,
    name: str,
    language: str,
    text_key: str,
    body: str,
    variables: Sequence[str],
    state: str,
    template_id: UUID | None = None,
) -> Template:
    """Write down a template as the provider has it, or change one. Only an approved one is sent.

    Args:
        variables: what fills {{1}}, {{2}}, ..., in this order: variables of the text it stands for.
        template_id: the one to be changed; None for a new one.

    Raises:
        NotFound: no such gateway, or no such template of it.
        NoTemplatesHere, TemplateNameWrong, TemplateNameTaken, TemplateTextUnknown, TemplateEmpty, TemplateTooLong,
        PlacesWithGap, VariablesDiffer, UnknownVariable, TemplateStateUnknown: see their sentences.
    """
    roles.require(by, "template.change")
    gateway = Gateway.objects.filter(id=gateway_id).first()
    before = Template.objects.filter(id=template_id, gateway_id=gateway_id).first() if template_id else None
    if gateway is None or (template_id and before is None):
        raise NotFound
    if gateway.road not in rules.ROADS:
        raise NoTemplatesHere
    name, body = name.strip(), text.clean_text(body)
    named = [one.strip().strip("{}") for one in variables if one.strip()]
    _check_names(name, language, text_key, state)
    _check_words(text_key, body, named)
    same = Template.objects.filter(gateway=gateway, name=name, language=language)
    with transaction.atomic():
        if (same.exclude(id=before.id) if before else same).exists():
            raise TemplateNameTaken
        columns = {
            "name": name,
            "language": language,
            "text_key": text_key,
            "body": body,
            "variables": named,
            "state": state,
            "changed_at": at,
        }
        template = before or Template(gateway=gateway)
        was = {"state": before.state, "body": before.body} if before else {"state": "", "body": ""}
        for column, value in columns.items():
            setattr(template, column, value)
        template.save()
        journal_actions.record(
            by=by,
            at=at,
            kind="template.change",
            subject_kind="template",
            subject_id=template.id,
            region_code=gateway.region_code,
            facts={
                "gateway": gateway.code,
                "name": name,
                "language": language,
                "text": text_key,
                "state": state,
                "before": was["state"],
            },
            inputs={"body": body, "before": was["body"]},
        )
    return template


def _check_names(name: str, language: str, text_key: str, state: str) -> None:
    if not rules.is_name(name):
        raise TemplateNameWrong
    if not queries.is_known_text(text_key):
        raise TemplateTextUnknown
    if state not in rules.STATES or language not in rules.LANGUAGES:
        raise TemplateStateUnknown(field="state" if language in rules.LANGUAGES else "language")


def _check_words(text_key: str, body: str, named: Sequence[str]) -> None:
    if not body:
        raise TemplateEmpty
    if len(body) > rules.LONGEST_BODY:
        raise TemplateTooLong(length=len(body), limit=rules.LONGEST_BODY)
    places = rules.places(body)
    if not rules.are_without_gap(places):
        raise PlacesWithGap(found=", ".join("{{" + str(number) + "}}" for number in places))
    if len(named) != len(places):
        raise VariablesDiffer(places=len(places), named=len(named))
    possible = queries.catalogue()[text_key].possible
    unknown = sorted(set(named) - possible)
    if unknown:
        raise UnknownVariable(
            field="variables",
            unknown=", ".join("{" + one + "}" for one in unknown),
            possible=", ".join("{" + one + "}" for one in sorted(possible)),
        )
