"""Short names for the acts that stories are told with. Each calls one act of a room; nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from simpul.cases.actions import files, following, handling, intake, publishing, referral
from simpul.cases.queries import files as file_queries
from simpul.cases.queries import publishing as publishing_queries
from simpul.demo.stage import Stage
from simpul.lib import ids
from simpul.lib.actor import ANYBODY
from simpul.messages import actions as message_actions
from simpul.messages import queries as message_queries

if TYPE_CHECKING:
    from simpul.cases.queries.following import FollowedCase


def open_matter(
    stage: Stage, at: datetime, taker: str, kind: str, words: str, region: str, channel: str, **given: Any
) -> intake.Opened:
    """Take a matter in; ``taker`` "" is a resident at the public door."""
    stage.cases += 1
    by = stage.who(taker) if taker else ANYBODY
    return intake.open_case(
        by=by,
        at=at,
        kind_code=kind,
        text_given=words,
        region_code=region,
        channel=channel,
        case_id=ids.uuid7_at(at),
        notice_version="peragaan-1",
        **given,
    )


def person(stage: Stage, name: str, **given: Any) -> intake.PersonGiven:
    """An invented resident with a phone of a range that nobody has."""
    return intake.PersonGiven(name=name, phone=given.pop("phone", stage.phone()), **given)


class Matter:
    """One opened matter, and what the people of the sample do with it."""

    def __init__(self, stage: Stage, opened: intake.Opened) -> None:
        self.stage = stage
        self.opened = opened
        self.id: UUID = opened.case.id
        self.key = opened.receipt16 or opened.number
        self.pin = opened.pin

    def claim(self, at: datetime, who: str) -> None:
        """Take it on."""
        handling.claim_case(by=self.stage.who(who), at=at, case_id=self.id)

    def note(self, at: datetime, who: str, text: str) -> None:
        """Write an internal note."""
        handling.note_case(by=self.stage.who(who), at=at, case_id=self.id, text=text)

    def ask(self, at: datetime, who: str, text: str) -> None:
        """Ask the resident."""
        handling.ask_question(by=self.stage.who(who), at=at, case_id=self.id, text=text)

    def replied(self, at: datetime, who: str, text: str, road: str = "phone") -> None:
        """Write down what the resident replied."""
        handling.reply_question(by=self.stage.who(who), at=at, case_id=self.id, reply=text, road=road)

    def refer(self, at: datetime, who: str, desk: str, note: str, extract: str = "", **given: Any) -> None:
        """Offer it to another desk."""
        referral.refer_case(
            by=self.stage.who(who),
            at=at,
            case_id=self.id,
            to_desk_id=self.stage.desk(desk),
            note=note,
            extract=extract,
            **given,
        )

    def accept(self, at: datetime, who: str) -> None:
        """Take custody."""
        referral.accept_case(by=self.stage.who(who), at=at, case_id=self.id)

    def decline(self, at: datetime, who: str, reason: str) -> None:
        """Say "not ours"."""
        referral.decline_case(by=self.stage.who(who), at=at, case_id=self.id, reason=reason)

    def give_back(self, at: datetime, who: str, reason: str) -> None:
        """Return an accepted matter."""
        referral.return_case(by=self.stage.who(who), at=at, case_id=self.id, reason=reason)

    def report_back(self, at: datetime, who: str, answer: str, outcome: str = "done") -> None:
        """Answer the referral."""
        referral.answer_referral(
            by=self.stage.who(who), at=at, case_id=self.id, answer=answer, outcome=outcome
        )

    def outside(self, at: datetime, who: str, reply: str, words: str, **given: Any) -> None:
        """Write down what an outside body said."""
        referral.record_reply(
            by=self.stage.who(who), at=at, case_id=self.id, reply=reply, words=words, **given
        )

    def hand_in(self, at: datetime, who: str, draft: str) -> None:
        """Hand the work in."""
        handling.hand_in_case(by=self.stage.who(who), at=at, case_id=self.id, draft=draft)

    def verify(self, at: datetime, who: str) -> None:
        """Confirm somebody else's work."""
        handling.verify_case(by=self.stage.who(who), at=at, case_id=self.id)

    def send_back(self, at: datetime, who: str, reason: str) -> None:
        """Send handed-in work back."""
        handling.send_back_case(by=self.stage.who(who), at=at, case_id=self.id, reason=reason)

    def answer(self, at: datetime, who: str, text: str, decision: str) -> None:
        """Answer the person."""
        handling.answer_case(by=self.stage.who(who), at=at, case_id=self.id, text=text, decision=decision)

    def close(self, at: datetime, who: str, decision: str, reason: str) -> None:
        """End it."""
        handling.close_case(by=self.stage.who(who), at=at, case_id=self.id, decision=decision, reason=reason)

    def follow(self, at: datetime) -> FollowedCase:
        """The resident opens their own matter with the receipt."""
        return following.follow_case(
            by=ANYBODY, at=at, number_or_receipt=self.key, pin=self.pin, address_hash=f"peragaan-{self.id}"
        )

    def rate(self, at: datetime, rating: int, words: str = "") -> None:
        """The resident rates the answer."""
        following.rate_case(by=ANYBODY, at=at, proof=self.follow(at).proof, rating=rating, words=words)

    def dispute(self, at: datetime, words: str) -> None:
        """The resident says that it is not solved."""
        following.dispute_case(by=ANYBODY, at=at, proof=self.follow(at).proof, words=words)

    def add(self, at: datetime, words: str) -> None:
        """The resident adds information."""
        following.add_case(by=ANYBODY, at=at, proof=self.follow(at).proof, words=words)

    def attach(self, at: datetime, who: str, data: bytes, name: str, transcript: str = "") -> None:
        """An officer adds a file."""
        files.attach_case(
            by=self.stage.who(who),
            at=at,
            case_id=self.id,
            data=data,
            declared_name=name,
            transcript=transcript,
        )

    def mask(self, at: datetime, who: str, boxes: Sequence[tuple[float, float, float, float]]) -> list[UUID]:
        """Black out parts of every photo; returns the photos."""
        by = self.stage.who(who)
        photos = [one for one in file_queries.attachments_of([self.id]) if one.kind == "photo"]
        for photo in photos:
            files.mask_photo(by=by, at=at, attachment_id=photo.id, boxes=boxes)
        return [photo.id for photo in photos]

    def tell(self, at: datetime, who: str, how: str, note: str = "", told_by: str = "") -> int:
        """Print what still waits on paper and report how the person was told; returns how many notices."""
        by = self.stage.who(who)
        waiting = [
            one
            for one in message_queries.for_subject(self.id)
            if one.road == "slip" and one.state == "queued"
        ]
        for message in waiting:
            if message.to_person_id is None:
                continue
            message_actions.print_message(by=by, at=at, message_id=message.id)
            alone = "in_person" if message.sensitive and how == "family" else how
            message_actions.tell_message(
                by=by, at=at, message_id=message.id, how=alone, note=note, told_by=told_by
            )
        return len(waiting)

    def prepare(
        self, at: datetime, who: str, title: str, text: str, answer: str, photo_ids: Sequence[UUID] = ()
    ) -> UUID:
        """Offer the edited words for release."""
        by = self.stage.who(who)
        return publishing.prepare_publication(
            by=by, at=at, case_id=self.id, title=title, text=text, answer=answer, photo_ids=photo_ids
        ).id

    def prepare_suggested(self, at: datetime, who: str) -> UUID:
        """Offer what is left when everything the machine suggests is blackened."""
        found = publishing_queries.suggestions(self.stage.who(who), self.id)
        words = {part: one.blackened for part, one in found.items()}
        return self.prepare(at, who, words["title"], words["text"], words["answer"])

    def release(self, at: datetime, who: str, publication_id: UUID) -> None:
        """Let the public read it."""
        publishing.release_publication(by=self.stage.who(who), at=at, publication_id=publication_id)


def chance(rng: Random, share: float) -> bool:
    """True in that share of cases."""
    return rng.random() < share


def sheet(number: str, written: date) -> intake.Paper:
    """The paper form a matter came on."""
    return intake.Paper(number=number, written_date=written, writer="Ketua RT (rekaan)")


def minutes(number: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)


def from_mamuju(
    stage: Stage,
    at: Any,
    kind: str,
    title: str,
    words: str,
    channel: str = "phone",
    name: str = "",
    **given: Any,
) -> Matter:
    """A matter of Mamuju, taken in by the call centre or the page."""
    region = given.pop("region", "7602122003")
    reporter = person(stage, name) if name else None
    taker = "" if channel in ("web", "open311") else "admin.mamuju"
    return Matter(
        stage,
        open_matter(
            stage,
            at,
            taker,
            kind,
            words,
            region,
            channel,
            title=title,
            reporter=reporter,
            hamlet_id=stage.hamlets[region][0].id if region in stage.hamlets else None,
            **given,
        ),
    )
