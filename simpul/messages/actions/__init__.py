"""Acts on messages: queue, deliver, print, tell, hold, and the words themselves.

A message is queued in the transaction of the act that it tells about, so that both happen or neither. It is delivered
afterwards, outside of every transaction, by whoever claims it first.
"""

from simpul.messages.actions.delivery import deliver_message, expire_messages, fail_message
from simpul.messages.actions.queueing import hold_message, queue_message
from simpul.messages.actions.telling import (
    AlreadyTold,
    NothingToPrint,
    NotThroughFamily,
    TellingUnknown,
    print_message,
    tell_message,
)
from simpul.messages.actions.texts import (
    TextEmpty,
    UnknownVariable,
    VariableMissing,
    change_text,
    load_texts,
)

__all__ = [
    "AlreadyTold",
    "NotThroughFamily",
    "NothingToPrint",
    "TellingUnknown",
    "TextEmpty",
    "UnknownVariable",
    "VariableMissing",
    "change_text",
    "deliver_message",
    "expire_messages",
    "fail_message",
    "hold_message",
    "load_texts",
    "print_message",
    "queue_message",
    "tell_message",
]
