"""States of a dispute, and the one table of moves between them. A move that is not here is refused.

``open``: being mediated. ``agreed``: an agreement is signed and its obligations run. ``kept``: all of them are done or waived.
``broken``: a breach was declared. ``protected``: mediation ended because somebody's safety comes first; nothing leads back from it here.
"""

from __future__ import annotations

from collections.abc import Mapping

MOVES: Mapping[str, tuple[frozenset[str], str]] = {
    "agreement.sign": (frozenset({"open", "agreed", "broken"}), "agreed"),
    "fulfilment.record": (frozenset({"agreed", "broken"}), "kept"),
    "obligation.waive": (frozenset({"agreed", "broken"}), "kept"),
    "obligation.break": (frozenset({"agreed"}), "broken"),
    "fulfilment.withdraw": (frozenset({"kept"}), "agreed"),
    "dispute.refer": (frozenset({"open", "agreed", "broken", "failed"}), "referred"),
    "dispute.reopen": (frozenset({"kept", "failed", "withdrawn", "referred", "broken"}), "open"),
    "dispute.screen": (
        frozenset({"open", "agreed", "kept", "broken", "failed", "withdrawn", "referred"}),
        "protected",
    ),
    "dispute.end": (frozenset({"open", "broken"}), ""),  # failed or withdrawn, as the act is told
}
RUNNING = frozenset({"open", "agreed", "broken"})
"""States in which the office still has something to do."""


def allowed(act: str, state: str) -> bool:
    """True when ``act`` may start from ``state``."""
    return act in MOVES and state in MOVES[act][0]


def target(act: str) -> str:
    """The state an act leads to; "" when the act itself says which."""
    return MOVES[act][1]
