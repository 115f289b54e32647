"""The village post: what each part of it grants, one row a part. ``table`` adds these to the grants of ``parts``."""

from __future__ import annotations

from simpul.roles.scopes import Scope

Row = tuple[tuple[str, ...], Scope, tuple[str, ...]]

# letters: types and texts
# letters: from request to release
# letters: keys, proof, registers
# village post: duty, counter, guests
# village post: night watch
# village post: reading corner
# village post: election box
# mediation
# community: ideas
# community: works, land, directory
# community: waste bank
# community: notice board

BY_PART: tuple[Row, ...] = ()
"""Roles, how widely, which acts: one row for each part of the post."""
