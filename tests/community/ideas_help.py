"""Ideas of Dungkait for the tests: one from the page, published, with voters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from simpul.cases.actions import intake
from simpul.community.actions import idea_voices, ideas
from simpul.community.models import Idea, Voter
from simpul.lib import text
from simpul.lib.actor import ANYBODY
from simpul.people.models import Person
from tests.cast import DUNGKAIT, NOW, Cast

WORDS = "Jalan tani ke kebun jagung berlumpur, hasil panen sulit dibawa ke pasar saat hujan."


def given(**more: Any) -> ideas.IdeaGiven:
    """An idea as it is told."""
    said: dict[str, Any] = {"title": "Perkerasan jalan tani", "words": WORDS, "field": "development", **more}
    return ideas.IdeaGiven(**said)


def taken(cast: Cast, *, case_id: UUID | None = None, **more: Any) -> Any:
    """An idea that came from the page, with its receipt."""
    author = more.pop("author", intake.PersonGiven(name="Nurhayati", phone="0812-4455-6677"))
    return ideas.open_idea(
        by=ANYBODY, at=NOW, region_code=DUNGKAIT, given=given(**more), author=author, case_id=case_id
    )


def published(cast: Cast, **more: Any) -> Idea:
    """An idea on the public page."""
    idea = taken(cast, **more).idea
    ideas.publish_idea(by=cast.village_officer, at=NOW, idea_id=idea.id)
    return Idea.objects.get(id=idea.id)


def resident(name: str = "Baso Lurang", code: str = DUNGKAIT) -> Person:
    """Somebody of the register."""
    return Person.objects.create(
        full_name=name,
        name_key=text.name_key(name),
        region_code=code,
        resident=True,
        registered_at=NOW,
    )


def voter(cast: Cast, name: str = "Baso Lurang") -> Voter:
    """A voice shown at the counter."""
    return idea_voices.verify_voter(
        by=cast.village_officer, at=NOW, region_code=DUNGKAIT, person_id=resident(name).id
    )


def helped(cast: Cast, **more: Any) -> Any:
    """The village officer writes for somebody."""
    said: dict[str, Any] = {"reason": "tidak membaca", "name": "Daeng Bau", "at": NOW, **more}
    return ideas.begin_assistance(by=cast.village_officer, region_code=DUNGKAIT, **said)
