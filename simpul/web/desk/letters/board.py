"""The board of letters: how many wait for whom, what waits for me, search; and what waits for the village head, made for a phone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.letters.queries import bodies
from simpul.letters.queries import letters as queries
from simpul.letters.queries import requests as request_queries
from simpul.letters.rules import flow
from simpul.web import reading
from simpul.web.desk import frame
from simpul.web.desk.letters import shared
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

FILTERS = ("langkah", "keadaan", "jenis", "kata")
STEP_WORDS = {
    "officer": gettext_noop("To draft"),
    "secretary": gettext_noop("Waiting for the secretary"),
    "head": gettext_noop("Waiting for the village head"),
    "release": gettext_noop("To release"),
    "applicant": gettext_noop("To hand over"),
}
EMPTY = {
    "officer": gettext_noop(
        "Nothing to draft. A new request comes in here, from the counter, the website or WhatsApp."
    ),
    "secretary": gettext_noop("Nothing to check. Drafts come in here when an officer passes them on."),
    "head": gettext_noop("Nothing waits for the village head."),
    "release": gettext_noop(
        "Nothing to release. Approved letters come in here; the number is given on release."
    ),
    "applicant": gettext_noop("Every released letter has been handed over."),
}


@officer("letter.draft")
@require_GET
def board(request: Request) -> HttpResponseBase:
    """What waits for whom, and the list that is looked at: without a choice, what waits for this seat."""
    given = request.GET
    ways = shared.ways(request)
    counts = queries.board(request.by, ways)
    kept = {name: given[name] for name in FILTERS if given.get(name)}
    step = given.get("langkah", "") if given.get("langkah", "") in queries.STEPS else ""
    if not kept:
        step = next(
            (one for one in counts.mine if counts.waiting.get(one)), counts.mine[0] if counts.mine else ""
        )
    filters = queries.Filters(
        step=step,
        state=given.get("keadaan", "")[:12],
        type_code=given.get("jenis", "")[:40],
        words=given.get("kata", "").replace("\x00", "").strip()[:100],
        page=reading.page_number(given.get("page", "")),
    )
    page = queries.listed(request.by, filters, ways)
    context = {
        "tiles": [
            _tile(name, counts, step) for name in queries.STEPS if name != "secretary" or ways.check_first
        ],
        "rows": [shared.row(one) for one in page.rows],
        "step": step,
        "step_words": _(STEP_WORDS[step]) if step else "",
        "empty": _(EMPTY[step]) if step else _("No letter fits this. Look for fewer words."),
        "filters": {name: given.get(name, "") for name in FILTERS},
        "narrowed": bool(kept.keys() - {"langkah"}),
        "states": choices.pairs(flow.STATES),
        "links": _links(request),
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return frame.show(request, "desk/letters/board.html", context, here=shared.HERE)


def _tile(name: str, counts: queries.Board, chosen: str) -> dict[str, Any]:
    return {
        "label": _(STEP_WORDS[name]),
        "number": counts.waiting.get(name, 0),
        "url": shared.address("desk_letters_head") if name == "head" else f"?langkah={name}",
        "mine": name in counts.mine,
        "chosen": name == chosen,
    }


def _links(request: Request) -> list[tuple[str, str, str]]:
    """The other pages of letters this seat has a use for: address, name, drawing."""
    found = [
        ("desk_letter_registers", _("Registers"), "paper", "letter.draft"),
        ("desk_letter_types", _("Kinds of letter"), "letter", "letter.draft"),
        ("desk_letter_numbers", _("Numbers"), "chart", "letter.draft"),
        ("desk_letter_mandates", _("Mandates"), "hand", "letter.draft"),
        ("desk_letter_office", _("Settings"), "gear", "office.set"),
    ]
    return [
        (url, name, icon)
        for address, name, icon, act in found
        if roles.may_somewhere(request.by, act) and (url := shared.address(address))
    ]


@officer("letter.draft")
@require_GET
def waiting(request: Request) -> HttpResponseBase:
    """What waits for the village head, each with its text and its buttons, for a thumb. Officers see what is asked of the head."""
    office = queries.office_of(request.by.region_code)
    ways = flow.Ways(office.check_first, office.confirm_first, office.alone)
    today = timezone.now().astimezone(desk_queries.zone_of(request.by.region_code)).date()
    head = office.signer_title or request_queries.head_title(request.by.region_code)
    found = queries.waiting_for_head(request.by, ways)
    may = roles.may_somewhere(request.by, "letter.approve") and request.by.role == "head"
    rows = []
    for one in found:
        done = bodies.shown_before(one, office, today, head)
        rows.append(
            {
                **shared.row(one),
                "blocks": shared.blocks(done.body),
                "ready": one.state != flow.DRAFTED or not ways.check_first,
                "missing": bool(done.missing),
            }
        )
    context = {
        "ready": [row for row in rows if row["ready"]],
        "early": [row for row in rows if not row["ready"]],
        "may_decide": may,
    }
    return frame.show(request, "desk/letters/waiting.html", context, here=shared.HERE)
