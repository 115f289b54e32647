"""Reading messages: the words, what is due, what must be told on paper, how the outbox stands.

Gateways, what came in and what an officer writes have files of their own beside this one.
"""

from simpul.messages.queries.outgoing import Outbox, came_back, due, for_subject, outbox, road_of, waiting_for
from simpul.messages.queries.paper import HamletList, hamlet_list, printable
from simpul.messages.queries.wording import (
    FALLBACK_LANGUAGE,
    Preview,
    ShownText,
    catalogue,
    common_values,
    filled,
    is_known_text,
    preview,
    samples,
    texts,
    words,
)

__all__ = [
    "FALLBACK_LANGUAGE",
    "HamletList",
    "Outbox",
    "Preview",
    "ShownText",
    "came_back",
    "catalogue",
    "common_values",
    "due",
    "filled",
    "for_subject",
    "hamlet_list",
    "is_known_text",
    "outbox",
    "preview",
    "printable",
    "road_of",
    "samples",
    "texts",
    "waiting_for",
    "words",
]
