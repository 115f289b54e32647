"""Reads of the room, by topic: keys and events here; the public face and a desk's matters in their own files."""

from simpul.exchange.queries.events import (
    Receiver,
    anything_to_tell,
    dispatches_due,
    may_still_see,
    recent_dispatches,
    sealed_lines,
    sealed_up_to,
    subscriptions_listed,
    told_of,
    visible_ids,
)
from simpul.exchange.queries.keys import Key, TokenState, find_token, secret_index, tokens_listed

__all__ = [
    "Key",
    "Receiver",
    "TokenState",
    "anything_to_tell",
    "dispatches_due",
    "find_token",
    "may_still_see",
    "recent_dispatches",
    "sealed_lines",
    "sealed_up_to",
    "secret_index",
    "subscriptions_listed",
    "tokens_listed",
    "told_of",
    "visible_ids",
]
