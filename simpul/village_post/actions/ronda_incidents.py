"""What happened in a night: written down by kind, told to whom it concerns, closed; or opened as a protected matter without a word here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import intake
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import ronda as access
from simpul.village_post.actions import _watch
from simpul.village_post.models import IncidentTold, WatchIncident
from simpul.village_post.queries import ronda_kinds
from simpul.village_post.rules import ronda as rules

PROTECTED_CASE = "protected_report"
CASE = "complaint"


class KindProtected(Refused):
    """Violence at home, sexual violence and violence against children are never written into the night book."""

    code = "watchincident.protected"
    sentence = _(
        "This is never written into the book of the night. Open a protected matter instead: only the protection officer reads it."
    )
    field = "kind"


class KindNotProtected(Refused):
    """A protected matter is for protected kinds."""

    code = "watchincident.not_protected"
    sentence = _("This kind is written down in the book of the night.")


class IncidentShut(Refused):
    """A closed incident takes nothing more."""

    code = "watchincident.shut"
    sentence = _("This incident is closed. Open it again first.")


class MatterThere(Refused):
    """There is a matter for it already."""

    code = "watchincident.matter_there"
    sentence = _("A matter was opened for this incident already. Go on in that one.")


@dataclass(frozen=True, slots=True)
class IncidentGiven:
    """What is said of an incident."""

    kind: str
    words: str = ""
    severity: str = "low"
    place: str = ""
    persons: str = ""
    first_action: str = ""
    hamlet_id: UUID | None = None


def report_watchincident(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    happened_at: datetime,
    given: IncidentGiven,
    night_id: UUID | None = None,
    incident_id: UUID | None = None,
) -> WatchIncident:
    """Write down what happened. The same ``incident_id`` again changes nothing.

    Raises:
        KindProtected: this kind opens a protected matter (``protect_watchincident``).
        _watch.WordMissing, _watch.ChoiceNotThere, _watch.PlaceNotKnown.
    """
    roles.require(by, "watchincident.report", access.place(region_code, by))
    with transaction.atomic():
        known = _watch.again(WatchIncident, incident_id, region_code=region_code)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if ronda_kinds.kinds()[_watch.chosen(given.kind, ronda_kinds.kinds())].protected:
            raise KindProtected
        night = access.night_for(by, night_id) if night_id else None
        incident = WatchIncident.objects.create(
            **_watch.written(by, at, incident_id),
            region_code=_watch.village(region_code),
            night=night,
            post=night.post if night else None,
            hamlet_id=_watch.hamlet(region_code, given.hamlet_id),
            kind=given.kind,
            severity=_watch.chosen(given.severity, rules.SEVERITIES),
            happened_at=happened_at,
            place=_watch.line_of(given.place, 150),
            persons=_watch.line_of(given.persons, 300),
            words=_said(given.words),
            first_action=text.clean_text(given.first_action)[:2000],
        )
        facts = {"kind": incident.kind, "severity": incident.severity}
        _watch_line(by, at, "watchincident.report", incident, facts=facts, inputs={"words": incident.words})
    return incident


def protect_watchincident(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    happened_at: datetime,
    kind: str,
    words: str,
    night_id: UUID | None = None,
    incident_id: UUID | None = None,
) -> intake.Opened:
    """Open a protected matter for a kind that is never written into the night book.

    The words go into the matter alone, at the protected desk; here stays that a matter was opened, and nobody of the watch is shown even
    that. Returns the receipt. The same ``incident_id`` again gives the same receipt.

    Raises:
        KindNotProtected, _watch.WordMissing, _watch.ChoiceNotThere.
        NotAllowed: this actor takes no matters in.
    """
    roles.require(by, "watchincident.protect", access.place(region_code, by))
    key = incident_id or uuid7()
    with transaction.atomic():
        if not ronda_kinds.kinds()[_watch.chosen(kind, ronda_kinds.kinds())].protected:
            raise KindNotProtected
        night = access.night_for(by, night_id) if night_id else None
        opened = intake.open_case(
            by=by,
            at=at,
            kind_code=PROTECTED_CASE,
            text_given=_said(words),
            region_code=region_code,
            channel="desk",
            mode="anonymous",
            answers={"what": "home" if kind == "violence_home" else "other"},
            case_id=key,
        )
        if not WatchIncident.objects.filter(id=key).exists():
            WatchIncident.objects.create(
                **_watch.written(by, at, key),
                region_code=region_code,
                night=night,
                post=night.post if night else None,
                kind=kind,
                protected=True,
                severity="high",
                happened_at=happened_at,
                case=opened.case,
            )
            _watch.line(
                by,
                at,
                "watchincident.protect",
                ("case", opened.case.id),
                region_code,
                facts={"source": "watch"},
            )
    return opened


def tell_watchincident(
    *,
    by: Actor,
    at: datetime,
    incident_id: UUID,
    body: str,
    told_at: datetime,
    road: str = "phone",
    name: str = "",
    reply: str = "",
    told_id: UUID | None = None,
) -> IncidentTold:
    """Write down who was told of an incident, when and how, and what they said.

    Raises:
        _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        incident = _incident(by, "watchincident.tell", incident_id)
        known = _watch.again(IncidentTold, told_id, incident_id=incident.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        made = IncidentTold.objects.create(
            **_watch.written(by, at, told_id),
            incident=incident,
            body=_watch.chosen(body, rules.BODIES),
            name=_watch.line_of(name, 100),
            road=_watch.chosen(road, rules.ROADS),
            told_at=told_at,
            reply=_watch.line_of(reply, 200),
        )
        _watch_line(by, at, "watchincident.tell", incident, facts={"body": body, "told_at": told_at})
    return made


def change_watchincident(
    *,
    by: Actor,
    at: datetime,
    incident_id: UUID,
    severity: str,
    place: str,
    persons: str,
    words: str,
    first_action: str,
) -> None:
    """Complete what is known of an open incident.

    Raises:
        IncidentShut, _watch.WordMissing, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        incident = _incident(by, "watchincident.change", incident_id)
        if incident.state == "closed":
            raise IncidentShut
        before = {"words": incident.words, "persons": incident.persons, "place": incident.place}
        incident.severity = _watch.chosen(severity, rules.SEVERITIES)
        incident.place, incident.persons = _watch.line_of(place, 150), _watch.line_of(persons, 300)
        incident.words, incident.first_action = _said(words), text.clean_text(first_action)[:2000]
        incident.save()
        facts = {"severity": severity}
        _watch_line(by, at, "watchincident.change", incident, facts=facts, inputs={"before": before})


def close_watchincident(*, by: Actor, at: datetime, incident_id: UUID, outcome: str) -> None:
    """Close an incident and say how it ended.

    Raises:
        _watch.WordMissing.
    """
    with transaction.atomic():
        incident = _incident(by, "watchincident.close", incident_id)
        if incident.state == "closed":
            return
        incident.outcome = _watch.words(outcome, field="outcome", most=1000)
        incident.state, incident.closed_at = "closed", at
        incident.save(update_fields=["outcome", "state", "closed_at"])
        _watch_line(by, at, "watchincident.close", incident, inputs={"outcome": incident.outcome})


def reopen_watchincident(*, by: Actor, at: datetime, incident_id: UUID) -> None:
    """Open a closed incident again."""
    with transaction.atomic():
        incident = _incident(by, "watchincident.reopen", incident_id)
        if incident.state == "open":
            return
        incident.state, incident.closed_at = "open", None
        incident.save(update_fields=["state", "closed_at"])
        _watch_line(by, at, "watchincident.reopen", incident)


def raise_watchincident(*, by: Actor, at: datetime, incident_id: UUID, words: str = "") -> intake.Opened:
    """Make a matter of an incident: it gets a receipt, a desk and a clock, and its answer comes back.

    Raises:
        MatterThere: it has one already.
        NotAllowed: this actor takes no matters in.
    """
    with transaction.atomic():
        incident = _incident(by, "watchincident.raise", incident_id)
        if incident.case_id is not None:
            raise MatterThere
        said = text.clean_text(words) or incident.words
        opened = intake.open_case(
            by=by,
            at=at,
            kind_code=CASE,
            text_given=said[:5000],
            region_code=incident.region_code,
            hamlet_id=incident.hamlet_id,
            place=incident.place,
            channel="desk",
            mode="anonymous",
            urgency="urgent" if incident.severity == "high" else "normal",
        )
        incident.case = opened.case
        incident.save(update_fields=["case"])
        _watch_line(by, at, "watchincident.raise", incident, facts={"case": str(opened.case.id)})
    return opened


def _said(words: str) -> str:
    """What happened, in words that cannot be left out."""
    clean = text.clean_text(words)[:5000]
    if len(clean) < 5:
        raise _watch.WordMissing(field="words")
    return clean


def _incident(by: Actor, act: str, incident_id: UUID) -> WatchIncident:
    """Lock an incident and ask for permission."""
    incident = access.incident_for(by, incident_id, lock=True)
    roles.require(by, act, access.place(incident.region_code, by))
    return incident


def _watch_line(by: Actor, at: datetime, kind: str, incident: WatchIncident, **more: object) -> None:
    _watch.line(by, at, kind, ("watch_incident", incident.id), incident.region_code, **more)  # type: ignore[arg-type]
