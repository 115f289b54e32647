"""Lines of a village node that nobody does again: they are kept as evidence of what was done there."""

from __future__ import annotations

from collections.abc import Mapping

from simpul.sync.handlers.frame import Done, Given, Handler, Input, Work, handler
from simpul.sync.queries import short


def _keep(_work: Work, given: Given) -> Done:
    """The event itself is the evidence: sealed at rest, shown on the node's page, erased with its subject."""
    subject = f"{given['subject_kind']}:{given['subject_id']}"
    return Done(
        facts={"kind": given["kind"], "subject": subject},
        region_code=given["region"] or short.region_of(subject),
    )


HANDLERS: Mapping[str, Handler] = {
    "line.note/1": handler(
        _keep,
        "A line of a village node's journal that has no event of its own: kept as it is, nothing is done.",
        Input("line_id", "key", True),
        Input("kind", "text", True, "name of the act"),
        Input("subject_kind", "text"),
        Input("subject_id", "key"),
        Input("region", "text"),
        Input("told", "text", about="JSON: facts, inputs, by, at"),
    ),
}
