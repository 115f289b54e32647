"""Steps that the acts of this room share: cleaned words, words fit for everybody, known codes, the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul.feedback.models import Code
from simpul.feedback.rules import MOST_CODES
from simpul.journal import actions as journal_actions
from simpul.lib import redact, text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused


class WordsMissing(Refused):
    """Nothing was written."""

    code = "feedback.words_missing"
    sentence = _("Write at least a few words, as the person said them.")
    field = "text"


class CodesUnknown(Refused):
    """A code that is not in the frame, or was switched off."""

    code = "feedback.codes_unknown"
    sentence = _("Choose one to %(most)s codes from the list. One of those chosen is not in it any more.")
    field = "codes"


class PersonalWords(Refused):
    """What everybody reads must not name anybody."""

    code = "feedback.personal_words"
    sentence = _(
        "This is read by everybody, and it seems to name somebody or to hold a number: %(what)s. "
        "Say it without, or keep it for officers only."
    )


def words(given: str, *, field: str, most: int = 2000) -> str:
    """Cleaned words an act cannot do without.

    Raises:
        WordsMissing: nothing is left.
    """
    clean = text.clean_text(given, most)
    if len(clean) < 3:
        raise WordsMissing(field=field)
    return clean


def fit_for_all(said: str, *, field: str) -> None:
    """Refuse words that seem to name somebody where everybody will read them.

    Raises:
        PersonalWords: a name, number or address was found in them.
    """
    found = redact.suggest(said)
    if found:
        spots = ", ".join(dict.fromkeys(said[span.start : span.end] for span in found))
        raise PersonalWords(field=field, what=spots[:80])


def known_codes(wanted: Sequence[str], *, kept: Sequence[str] = ()) -> list[Code]:
    """The codes of these keys; one that was switched off may stay where it stands already.

    Raises:
        CodesUnknown: one is not in the frame, or there are too many.
    """
    keys = list(dict.fromkeys(wanted))
    found = [one for one in Code.objects.filter(code__in=keys) if one.is_active or one.code in kept]
    if len(found) != len(keys) or len(keys) > MOST_CODES:
        raise CodesUnknown(most=MOST_CODES)
    return found


def line(
    by: Actor,
    at: datetime,
    kind: str,
    subject_id: UUID,
    *,
    about: str = "feedback",
    region_code: str = "",
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=about,
        subject_id=subject_id,
        facts=facts,
        inputs=inputs,
        region_code=region_code,
    )
