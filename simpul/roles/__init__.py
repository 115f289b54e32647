"""Who may do what: one pure table.

Three things are said here and nowhere else: which acts exist (``ACTS``, with the words the timeline uses for them), which
roles exist (``ROLES``), and which role may do which act how widely (``GRANTS``). An act that a role does not list is
denied. What a person may *see* is another question, answered by each room's ``access``.

Sources: the role tables in the published practice of SP4N-LAPOR call centres (admin, liaison officer, approver; nobody
approves own work), of the Puskesos/SLRT (FO, BO, coordinator, manager, supervisor, facilitator; nobody drafts and signs the
same letter), and UU 27/2022 art. 53 for the data-protection officer (reads, never administers). The exact district matrix is
unconfirmed: change the rows here, and the generated test walks every role, act and scope again.
"""

from __future__ import annotations

from simpul.lib.actor import Actor
from simpul.lib.errors import NotAllowed
from simpul.roles.acts import ACTS, SEEING
from simpul.roles.scopes import Place, Role, Scope
from simpul.roles.table import AT_DESK, GRANTS, ROLES

__all__ = [
    "ACTS",
    "GRANTS",
    "ROLES",
    "SEEING",
    "Place",
    "Role",
    "Scope",
    "act_name",
    "called",
    "may",
    "may_somewhere",
    "require",
    "scope_of",
]


def act_name(function_name: str) -> str:
    """``hand_in_case`` -> ``case.hand_in``: the one name an act has in code, table and journal."""
    verb, _sep, noun = function_name.rpartition("_")
    return f"{noun}.{verb}"


def called(role: str, desk_kind: str = "") -> str:
    """What a role is called, to be translated where it is shown; at some kinds of desks it has a word of its own."""
    known = ROLES.get(role)
    return AT_DESK.get((role, desk_kind)) or (known.name if known else role)


def scope_of(by: Actor, act: str) -> Scope | None:
    """How widely the actor may do ``act``, or None. A role that demands a second factor has nothing without one."""
    role = ROLES.get(by.role)
    if role is None or (role.strong and not by.strong):
        return None
    return GRANTS.get(by.role, {}).get(act)


def may_somewhere(by: Actor, act: str) -> bool:
    """True when the actor may do ``act`` at least somewhere: for menus, never as the check of an act."""
    return scope_of(by, act) is not None


def may(by: Actor, act: str, place: Place | None = None) -> bool:
    """True when the actor may do ``act`` at ``place``. Without a place only a grant for everywhere counts."""
    scope = scope_of(by, act)
    if scope is None:
        return False
    if scope is Scope.ALL:
        return True
    if place is None:
        return False
    if scope is Scope.AREA:
        return by.serves(place.region_code)
    if not by.desk_ids.isdisjoint(place.holder_ids):
        return True
    return scope is Scope.CHAIN and not by.desk_ids.isdisjoint(place.chain_ids)


def require(by: Actor, act: str, place: Place | None = None) -> None:
    """Let the act go on, or raise ``NotAllowed``.

    Raises:
        NotAllowed: the actor's role does not include ``act`` here; shown like "not found".
        KeyError: there is no such act (a fault in the program, found by the tests).
    """
    if act not in ACTS:
        raise KeyError(act)
    if not may(by, act, place):
        raise NotAllowed
