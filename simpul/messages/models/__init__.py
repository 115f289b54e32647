"""The tables of this room: what is said to people, what they say to us, and the roads in between."""

from simpul.messages.models.calls import Call
from simpul.messages.models.gateways import Gateway, Template
from simpul.messages.models.incoming import (
    Correspondent,
    CorrespondentSet,
    Delivery,
    DeliverySet,
    Incoming,
    IncomingFile,
    IncomingSet,
)
from simpul.messages.models.notices import MassNotice
from simpul.messages.models.outgoing import Message, MessageSet, Status, Text

__all__ = [
    "Call",
    "Correspondent",
    "CorrespondentSet",
    "Delivery",
    "DeliverySet",
    "Gateway",
    "Incoming",
    "IncomingFile",
    "IncomingSet",
    "MassNotice",
    "Message",
    "MessageSet",
    "Status",
    "Template",
    "Text",
]
