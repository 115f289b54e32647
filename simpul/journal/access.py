"""Who may read the journal itself. The timeline of a record follows the record's own access instead."""

from __future__ import annotations

from simpul import roles
from simpul.journal.models import Line, LineSet
from simpul.lib.actor import Actor


def visible(by: Actor) -> LineSet:
    """All lines for those who redact or administer; one's own acts for everybody who signs in; none for others."""
    if by.strong and by.role in {"administrator", "protection_officer"}:
        return Line.objects.all()
    if by.user_id is None or not roles.may_somewhere(by, "view.record"):
        return Line.objects.none()
    return Line.objects.filter(user_id=by.user_id)
