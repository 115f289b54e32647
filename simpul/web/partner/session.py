"""Who is at the partner's page: the holder of a personal link, for half an hour after the last click.

The session knows the key of the link and nothing else of it: after the PIN, the secret of the address is needed no more, so it stands
in no further address, form or log.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.web.policy import Request

KEY = "partner"
LASTS_SECONDS = 30 * 60


def begin(request: Request, actor: Actor, at: datetime) -> None:
    """Let the holder in. The session gets a new key, so that one known before the PIN is worth nothing."""
    request.session.cycle_key()
    request.session[KEY] = {"link": actor.device.removeprefix("link "), "seen": int(at.timestamp())}


def actor(request: Request, at: datetime) -> Actor | None:
    """The holder, when the link is still live and the last click was less than half an hour ago."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    now = int(at.timestamp())
    found = (
        None
        if now - int(kept["seen"]) > LASTS_SECONDS
        else desk_queries.partner_actor(UUID(kept["link"]), at=at)
    )
    if found is None:
        end(request)
        return None
    if now - int(kept["seen"]) > 60:
        request.session[KEY] = {**kept, "seen": now}
    return found


def end(request: Request) -> None:
    """Out."""
    request.session.pop(KEY, None)
