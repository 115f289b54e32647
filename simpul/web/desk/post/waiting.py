"""What waits for the head of the village, as the night officer sees it: letters that are ready, and matters handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from simpul.letters.queries import letters as letter_queries
from simpul.village_post.queries import duty as queries
from simpul.web.policy import Request


@dataclass(frozen=True, slots=True)
class Waits:
    """How many letters wait, the first of them, and where they are."""

    count: int = 0
    letters: tuple[Any, ...] = ()
    url: str = ""


def for_head(request: Request, most: int = 5) -> Waits:
    """Letters that are ready for the head. Rooms do not know each other: the door joins them."""
    post = next(iter(queries.own_posts(request.by)), None)
    if post is None:
        return Waits()
    ways = letter_queries.ways_of(post.region_code)
    count = letter_queries.count_waiting_for_head(request.by, ways)
    rows = tuple(letter_queries.waiting_for_head(request.by, ways)[: min(most, count)])
    return Waits(count, rows, reverse("desk_letters_head"))
