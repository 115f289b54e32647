"""A sample of what was submitted, drawn from a seed that is kept; and the second look at each household of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.outreach import access
from simpul.outreach.actions import checking, steps
from simpul.outreach.models import Sample, SampleRow
from simpul.outreach.queries import checks
from simpul.outreach.rules import sampling as rules


class PercentWrong(Refused):
    """A share is between one and a hundred."""

    code = "sample.percent_wrong"
    sentence = _("Enter a share between 1 and 100 per cent.")
    field = "percent"


class NothingToDraw(Refused):
    """Nothing was submitted in the period."""

    code = "sample.nothing_to_draw"
    sentence = _("Nothing was submitted in this period. Choose other days or another facilitator.")


class LookedAtAlready(Refused):
    """A second look is written down once."""

    code = "sample.looked_at"
    sentence = _("Somebody has already looked at this household.")


def draw_sample(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    since: date,
    until: date,
    percent: int,
    seed: int,
    seat_id: UUID | None = None,
    sample_id: UUID | None = None,
) -> Sample:
    """Draw a sample of the households submitted in a period, of one facilitator or of all. The same ``sample_id`` gives the same sample.

    Args:
        seed: kept with the sample, so that anybody can draw the same again.

    Raises:
        PercentWrong, NothingToDraw.
        NotAllowed: the role draws no samples there.
    """
    roles.require(by, "sample.draw", roles.Place(region_code))
    if not 1 <= percent <= 100:
        raise PercentWrong
    with transaction.atomic():
        known = access.samples(by).filter(id=sample_id).first() if sample_id else None
        if known is not None:
            return known
        pool = checks.pool(by, region_code, since, until, seat_id)
        chosen = rules.draw(pool, percent, seed)
        if not chosen:
            raise NothingToDraw
        sample = Sample.objects.create(
            id=sample_id or uuid7(),
            region_code=region_code,
            seat_id=seat_id,
            since_date=since,
            until_date=until,
            percent=percent,
            seed=seed,
            pool=len(pool),
            drawn_at=at,
            drawn_by=by.name[:150],
        )
        SampleRow.objects.bulk_create(
            SampleRow(sample=sample, verification_id=key, position=place)
            for place, key in enumerate(chosen, start=1)
        )
        steps.line(
            by,
            at,
            "sample.draw",
            "sample",
            sample.id,
            region_code,
            facts={"percent": percent, "seed": seed, "pool": len(pool), "drawn": len(chosen)},
        )
    return sample


def review_sample(*, by: Actor, at: datetime, row_id: UUID, result: str, words: str = "") -> None:
    """Write down what the second look found: agree, differ, or sent back to the facilitator with what has to be put right.

    Raises:
        LookedAtAlready, steps.ChoiceUnknown, steps.OwnWork.
        steps.WordsMissing: something differs and nothing says what.
        checking.ApprovedAlready, steps.MoveImpossible: it cannot be sent back any more.
    """
    with transaction.atomic():
        row = access.sample_row_for(by, row_id, lock=True)
        place = roles.Place(row.verification.region_code)
        roles.require(by, "sample.review", place)
        if row.result:
            raise LookedAtAlready
        if result not in rules.RESULTS:
            raise steps.ChoiceUnknown
        steps.refuse_own(by, row.verification)
        said = text.clean_line(words)[:500]
        if result != "agree" and len(said) < 3:
            raise steps.WordsMissing(field="words")
        row.result, row.words, row.reviewed_at, row.reviewed_by = result, said, at, by.name[:150]
        row.save()
        if result == "return":
            checking.return_verification(by=by, at=at, verification_id=row.verification_id, note=said)
        steps.line(
            by,
            at,
            "sample.review",
            "household",
            row.verification.household_id,
            row.verification.region_code,
            facts={"result": result, "sample": str(row.sample_id)},
            inputs={"words": said},
        )
