"""Acts on messages: queue, deliver, print, tell, hold, and the words themselves.

A message is queued in the transaction of the act that it tells about, so that both happen or neither. It is delivered
afterwards, outside of every transaction, by whoever claims it first.
"""

from simpul.messages.actions.correspondents import (
    AlreadyLinked,
    NobodyToLink,
    link_correspondent,
    pass_correspondent,
    resume_correspondent,
    step_correspondent,
    stop_correspondent,
    unlink_correspondent,
)
from simpul.messages.actions.delivery import deliver_message, expire_messages, fail_message
from simpul.messages.actions.gateways import (
    GatewayCodeTaken,
    GatewayFields,
    GatewayIncomplete,
    add_gateway,
    change_gateway,
    report_gateway,
)
from simpul.messages.actions.incoming import (
    AlreadySettled,
    ReasonMissing,
    claim_incoming,
    open_incoming,
    reopen_incoming,
    settle_incoming,
)
from simpul.messages.actions.queueing import hold_message, queue_message
from simpul.messages.actions.receiving import Stored, mend_delivery, read_delivery, store_delivery
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
    "AlreadyLinked",
    "AlreadySettled",
    "AlreadyTold",
    "GatewayCodeTaken",
    "GatewayFields",
    "GatewayIncomplete",
    "NobodyToLink",
    "NotThroughFamily",
    "NothingToPrint",
    "ReasonMissing",
    "Stored",
    "TellingUnknown",
    "TextEmpty",
    "UnknownVariable",
    "VariableMissing",
    "add_gateway",
    "change_gateway",
    "change_text",
    "claim_incoming",
    "deliver_message",
    "expire_messages",
    "fail_message",
    "hold_message",
    "link_correspondent",
    "load_texts",
    "mend_delivery",
    "open_incoming",
    "pass_correspondent",
    "print_message",
    "queue_message",
    "read_delivery",
    "reopen_incoming",
    "report_gateway",
    "resume_correspondent",
    "settle_incoming",
    "step_correspondent",
    "stop_correspondent",
    "store_delivery",
    "tell_message",
    "unlink_correspondent",
]
