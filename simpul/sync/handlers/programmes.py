"""Events of programmes: doors of switched-off cards, asking for a card, deliveries and their corrections, goods brought back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from simpul.cases.actions import intake
from simpul.programmes.access import kis as kis_access
from simpul.programmes.access import rounds as round_access
from simpul.programmes.actions import delivering, goods, kis_asking, kis_doors
from simpul.programmes.rules import rounds as round_rules
from simpul.sync.handlers.frame import (
    Done,
    EventUnreadable,
    FileWanted,
    Given,
    Handler,
    Input,
    TaskWanted,
    Work,
    handler,
)

_FILES = {"photos": "goods_photo", "thumbs": "thumb_photo", "signature": "signature", "papers": "paper"}
"""Which proof the files of a delivery are."""


def _record_door(work: Work, given: Given) -> Done:
    card = kis_access.card_for(work.by, given["card_id"])
    try:
        kis_doors.record_door(
            by=work.by,
            at=work.at,
            card_id=card.id,
            found=given["outcome"],
            need=given["need"],
            need_words=given["need_words"],
            consent=given["consent"],
            words=given["words"],
            door_id=given["door_id"],
            found_at=given["found_ms"] or work.happened,
        )
    except kis_doors.DoorSettled as settled:  # they were there all the same: a person reads it in the event
        return Done("flagged", settled.code, str(settled), region_code=card.region_code)
    return Done(region_code=card.region_code)


def _ask_card(work: Work, given: Given) -> Done:
    """The matter of the card takes the number that was handed over at the door, when there was one."""
    card = kis_access.card_for(work.by, given["card_id"])
    asker = intake.PersonGiven(name=given["asker"]) if given["asker"] else None
    asked = kis_asking.ask_card(
        by=work.by,
        at=work.at,
        card_id=card.id,
        consent=given["consent"],
        need=given["need"],
        words=given["words"],
        phone=given["phone"],
        asker=asker,
        relation=given["relation"],
        channel="field",
        case_id=given["case_id"],
        number=given["number"],
        declared_at=work.happened,
    )
    return Done(
        facts={"case": str(asked.opened.case.id), "number": asked.opened.number}, region_code=card.region_code
    )


def _record_delivery(work: Work, given: Given) -> Done:
    made = delivering.record_delivery(
        by=work.by,
        at=work.at,
        round_id=given["round_id"],
        given=_given(work, given),
        delivery_id=given["delivery_id"],
    )
    return _delivered(made, given)


def _correct_delivery(work: Work, given: Given) -> Done:
    made = delivering.correct_delivery(
        by=work.by,
        at=work.at,
        delivery_id=given["corrects"],
        given=_given(work, given),
        why=given["why"],
        new_id=given["delivery_id"],
    )
    return _delivered(made, given)


def _given(work: Work, given: Given) -> delivering.DeliveryGiven:
    return delivering.DeliveryGiven(
        outcome=given["outcome"],
        delivered_at=given["delivered_ms"] or work.happened,
        household_id=given["household_id"],
        person_id=given["person_id"],
        lines=_lines(given["l"]),
        receiver=given["to"],
        receiver_name=given["proxy_name"],
        authority=given["proxy_authority"],
        proofs=[*given["proof"], *(kind for name, kind in _FILES.items() if given[name])],
        witness=given["witness"],
        words=given["words"],
        place=given["place"],
        latitude=given["lat"],
        longitude=given["lon"],
        trip_id=given["trip_id"],
        stop_id=given["stop_id"],
        device=str(work.device_id),
    )


def _lines(told: Mapping[str, int]) -> dict[UUID, Decimal]:
    """Quantities by item; they travel in hundredths of the unit."""
    try:
        return {UUID(item): Decimal(hundredths) / 100 for item, hundredths in told.items()}
    except ValueError:
        raise EventUnreadable(name="l") from None


def _delivered(made: Any, given: Given) -> Done:
    files = tuple(
        FileWanted(f"delivery:{kind}", made.id, one) for name, kind in _FILES.items() for one in given[name]
    )
    flags = list(made.flags)
    if not flags:
        return Done(region_code=made.region_code, files=files)
    double = "possible_double" in flags
    about = f"household:{made.household_id}" if made.household_id else f"person:{made.person_id}"
    asked = TaskWanted(
        "double", about, made.region_code, {"delivery": str(made.id), "round": str(made.round_id)}
    )
    return Done(
        "flagged",
        "possible_double" if double else flags[0],
        facts={"flags": flags},
        region_code=made.region_code,
        tasks=(asked,) if double else (),
        files=files,
    )


def _return_goods(work: Work, given: Given) -> Done:
    found = round_access.round_for(work.by, given["round_id"])
    goods.return_goods(
        by=work.by,
        at=work.at,
        item_id=given["item_id"],
        holder=round_rules.Holder(given["holder"] or "device", given["holder_key"] or str(work.device_id)),
        quantity=Decimal(given["quantity"]) / 100,
        back_at=given["back_ms"] or work.happened,
        hands=goods.Hands(handed_by=given["handed_by"] or work.by.name, taken_by=given["taken_by"]),
        movement_id=given["movement_id"],
    )
    return Done(region_code=found.region_code)


_DELIVERY = (
    Input("household_id", "household"),
    Input("person_id", "person", about="in place of the household, where a person gets it"),
    Input("l.*", "number", about="quantity of the item whose key follows, in hundredths of its unit"),
    Input("outcome", "choice", True, "delivered, refused, absent, dead, moved, not_found"),
    Input("to", "choice", about="self, family, proxy"),
    Input("proxy_name", "text"),
    Input("proxy_authority", "text"),
    Input(
        "proof",
        "texts",
        about="what was seen and is no file here: signature, thumb_photo, goods_photo, witness, paper",
    ),
    Input("witness", "text"),
    Input("words", "text"),
    Input("delivered_ms", "ms"),
    Input("place", "text"),
    Input("lat", "degrees"),
    Input("lon", "degrees"),
    Input("trip_id", "key"),
    Input("stop_id", "key"),
    Input("photos", "files", about="of the goods with the receiver"),
    Input("thumbs", "files", about="of the thumb print"),
    Input("signature", "files"),
    Input("papers", "files", about="of a receipt on paper"),
)

HANDLERS: Mapping[str, Handler] = {
    "door.record/1": handler(
        _record_door,
        "What was found at the door of a switched-off KIS card.",
        Input("door_id", "new", True),
        Input("card_id", "key", True),
        Input("outcome", "choice", True, "visited_found, not_found, moved, dead, refused_to_ask"),
        Input("found_ms", "ms"),
        Input("need", "choice"),
        Input("need_words", "text"),
        Input("consent", "choice", about="spoken, ticked, paper"),
        Input("words", "text"),
    ),
    "card.ask/1": handler(
        _ask_card,
        "Ask for a KIS card to be switched on again: opens the person's matter, with the number that was handed over.",
        Input("card_id", "key", True),
        Input("case_id", "key", True, "a new key, or the one that its reserved number came with"),
        Input("number", "text", about="the reserved number that was handed over"),
        Input("consent", "choice", about="spoken, ticked, paper; that of the door when empty"),
        Input("need", "choice"),
        Input("words", "text"),
        Input("phone", "text"),
        Input("asker", "text", about="who asks in the person's place"),
        Input("relation", "text"),
        fact=False,
    ),
    "delivery.record/1": handler(
        _record_delivery,
        "A household or a person got its share of a round, or did not. What does not fit is flagged.",
        Input("delivery_id", "new", True),
        Input("round_id", "key", True),
        Input("entry_id", "text", about="of the list, as the device has it"),
        *_DELIVERY,
    ),
    "delivery.correct/1": handler(
        _correct_delivery,
        "What really happened, in place of a delivery.",
        Input("delivery_id", "new", True),
        Input("corrects", "key", True),
        Input("why", "text", True),
        *_DELIVERY,
        fact=False,
    ),
    "goods.return/1": handler(
        _return_goods,
        "Goods that were allotted to this device (or trip) came back to the store.",
        Input("movement_id", "new", True),
        Input("round_id", "key", True),
        Input("item_id", "key", True),
        Input("quantity", "number", True, "in hundredths of the unit"),
        Input("holder", "choice", about="device (default), trip, seat"),
        Input("holder_key", "text", about="key of the trip or seat"),
        Input("back_ms", "ms"),
        Input("handed_by", "text"),
        Input("taken_by", "text"),
    ),
}
