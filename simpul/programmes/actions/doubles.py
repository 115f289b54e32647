"""The act on a possible double: a person looks at both deliveries and says which is right."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.programmes.access import rounds as access
from simpul.programmes.actions import _deliveries, _rounds
from simpul.programmes.models import Delivery, Double
from simpul.programmes.rules import deliveries as rules


class WrongUnnamed(Refused):
    """One of two is wrong: which?"""

    code = "double.wrong_unnamed"
    sentence = _("Choose which of the two deliveries is wrong or was brought back.")
    field = "wrong"


def settle_double(
    *, by: Actor, at: datetime, double_id: UUID, decision: str, words: str, wrong_id: UUID | None = None
) -> Double:
    """Decide on a possible double: both are right, one was written down wrongly, or one was brought back. Decided already, nothing changes.

    The one that is wrong or came back counts no more; its goods are in the hands they came from again.

    Raises:
        WrongUnnamed, _rounds.RoundChoiceUnknown, _rounds.RoundWordsMissing, NotFound.
    """
    with transaction.atomic():
        task = access.double_for(by, double_id, lock=True)
        roles.require(by, "double.settle", access.place_of(task.region_code))
        if task.state == "settled":
            return task
        _rounds.choice(decision, rules.DECISIONS, field="decision")
        said = _rounds.words(words, field="words", most=500)
        task.state, task.decision, task.words = "settled", decision, said
        task.settled_at, task.settled_by = at, by.name[:150]
        if decision != "both_right":
            if wrong_id not in (task.first_id, task.second_id):
                raise WrongUnnamed
            task.wrong_id = wrong_id
        task.save()
        wrong = (
            Delivery.objects.select_for_update().filter(id=task.wrong_id, state="standing").first()
            if task.wrong_id
            else None
        )
        if wrong is not None:
            _deliveries.set_aside(by, at, wrong, "wrong" if decision == "one_wrong" else "returned", said)
        facts = {
            "double": str(task.id),
            "decision": decision,
            "wrong": str(task.wrong_id or ""),
        }
        _rounds.line(
            by, at, "double.settle", "round", task.round_id, task.region_code, facts, {"words": said}
        )
    return task
