"""Steps that voices and talk share: whose voice it is, on which idea, and for whom an officer writes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul.community.actions import _ideas as steps
from simpul.community.models import Assistance, Idea, Voter
from simpul.community.rules import ideas as rules
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused


class NoVoiceNow(Refused):
    """An idea that has ended takes no voices."""

    code = "idea.no_voice_now"
    sentence = _("Voices are no longer taken for this idea: look at its path to see where it stands.")


class VoiceUnproved(Refused):
    """Nobody knows whose voice it is."""

    code = "idea.voice_unproved"
    sentence = _("Show first that the voice is yours: by a code to your phone, or at the village post.")


class VoiceOfAnother(Refused):
    """An officer who writes for one person gives no other person's voice."""

    code = "idea.voice_of_another"
    sentence = _(
        "You write for %(name)s now. End that first; for somebody else, say anew for whom you write and why."
    )


def heard(
    by: Actor,
    at: datetime,
    act: str,
    idea_id: UUID,
    voter_id: UUID | None,
    assistance_id: UUID | None,
    *,
    ended: bool = False,
) -> tuple[Idea, Voter, Assistance | None]:
    """The idea, whose voice it is, and for whom an officer writes."""
    idea = steps.begin(by, act, idea_id)
    helped = steps.assisted(by, at, assistance_id, idea.region_code)
    if not ended and (idea.state not in rules.VOICED or not open_for_all(idea)):
        raise NoVoiceNow
    voter = voter_of(idea, voter_id)
    if voter is None:
        raise VoiceUnproved
    if helped is not None and helped.person_id and voter.person_id not in (None, helped.person_id):
        raise VoiceOfAnother(name=helped.name)
    return idea, voter, helped


def open_for_all(idea: Idea) -> bool:
    """True while everybody may read an idea."""
    return idea.published_at is not None and idea.hidden_at is None


def voter_of(idea: Idea, voter_id: UUID | None) -> Voter | None:
    """The voter of this village with this key, if there is one."""
    return Voter.objects.filter(id=voter_id, region_code=idea.region_code).first() if voter_id else None
