"""``/meja/posyandu-angka/``: the dashboard of a cadre, a posyandu, a village, a kecamatan and the regency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.lib import small_cells, when
from simpul.posyandu.queries import figures as queries
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.queries import recaps as recap_queries
from simpul.posyandu.rules import recaps as rules
from simpul.posyandu.rules import recaps_shown as shown
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, watch
from simpul.web.desk.posyandu_figures import drawing
from simpul.web.desk.posyandu_recaps import blocks
from simpul.web.desk.posyandu_recaps.asked import Asked, maybe, month_words, percent
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

READING = ("posyandu.read",)
MOST_POINTS = 60


class Board:
    """Everything of the page that comes from the database."""

    def __init__(self, asked: Asked) -> None:
        self.hide = not asked.named
        self.counted = recap_queries.counted(asked.scope, asked.month)
        self.posyandu = recap_queries.posyandus(asked.by, asked.scope)
        self.groups = queries.groups(self.posyandu, self.counted.tallies, asked.region)
        self.total = rules.together(one.counts for one in self.groups)
        self.skdn = rules.skdn(self.total)
        self.board = queries.board(self.posyandu, asked.scope, asked.today, portal_words.language())
        self.table = shown.skdn([(one.key, rules.skdn(one.counts)) for one in self.groups], hide=self.hide)

    def children(self) -> dict[str, int]:
        """Figures of children by their key."""
        found = self.skdn
        own = {key: self.total.get(key, 0) for key in ("stunted", "wasted", "underweight")}
        return {"missed": found.s - found.d, "two_t": found.two_t, "bgm": found.bgm, **own}


@officer(*READING)
@require_GET
def figures(request: Request) -> HttpResponseBase:
    """The dashboard. A seat that may not see names sees areas, and a part of its area only in the table that hides small groups."""
    asked = Asked(request)
    if asked.posyandu is not None and not asked.named:
        kept = {"bulan": rules.written(asked.month), "wilayah": asked.region}
        return redirect(f"{reverse('desk_posyandu_figures')}?{urlencode(kept)}")
    found = Board(asked)
    full = asked.named or asked.whole
    zone = region_queries.zone_of(asked.region)
    context = {
        "asked": asked,
        "area": asked.area,
        "place": asked.posyandu.name if asked.posyandu else region_queries.path_names(asked.region),
        "month": month_words(asked.month),
        "kept": asked.kept(),
        "tabs": blocks.tabs(asked, "figures"),
        "steps": blocks.steps(asked),
        "own": _own(asked),
        "children": _children(found, asked) if full else [],
        "follow": _follow(found, asked) if full else [],
        "findings": _findings(found, asked) if full else [],
        "missed_rows": _missed(found, asked),
        "split": _split(asked.region),
        "coverage": blocks.coverage(found.total, asked, hide=found.hide) if full else [],
        "people": _people(found.board),
        "fields": found.board.fields,
        "kits": [one for one in found.board.kits if one.lacking],
        "posyandu_count": found.board.posyandu,
        "map": drawing.drawn(_places(found, asked)) if 1 < len(found.groups) <= MOST_POINTS else None,
        "hides": found.hide,
        "counted": when.format_moment(found.counted.at, zone, portal_words.language())
        if found.counted.at
        else "",
        "list_url": maybe("desk_posyandu"),
        "tasks_url": maybe("desk_posyandu_tasks"),
        "csv_url": f"{reverse('desk_posyandu_figures_csv')}?{urlencode(asked.kept())}",
    }
    return frame.show(request, "desk/posyandu_figures/page.html", context, here=blocks.NAV)


def _split(region: str) -> str:
    return {10: _("Posyandu"), 6: _("Village"), 4: _("District")}.get(len(region), _("Regency"))


def _number(number: int, whole: int | None, hide: bool) -> str:
    """A count, or a dash when it, or what it leaves of its whole, is small."""
    rest = 0 if whole is None else whole - number
    away = hide and (small_cells.is_small(number) or small_cells.is_small(rest))
    return "–" if away else str(number)


def _own(asked: Asked) -> dict[str, Any]:
    """The people and tasks of the cadre in this seat."""
    found = queries.own(asked.by, asked.month) if asked.named else None
    if found is None or not (found.people or found.tasks):
        return {}
    return {
        "people": found.people,
        "missed": [
            {"name": one.person.full_name, "url": maybe("desk_posyandu_person", one.id)}
            for one in found.missed
        ],
        "tasks": [
            {
                "who": task.person.full_name if task.person else str(task.household or ""),
                "why": finding_queries.label(task.reason, portal_words.language()),
                "due": when.format_short_date(task.due_date, portal_words.language()),
                "late": task.due_date < asked.today,
            }
            for task in found.tasks
        ],
    }


def _children(found: Board, asked: Asked) -> list[dict[str, Any]]:
    whole = {"missed": found.skdn.s}
    return [
        {
            "label": _(queries.CHILDREN[key]),
            "number": _number(number, whole.get(key, found.skdn.d), found.hide),
            "url": blocks.names_url(asked, key) if asked.named and number else "",
            "tone": "bad" if number and key in ("two_t", "bgm") and asked.named else "",
        }
        for key, number in found.children().items()
    ]


def _follow(found: Board, asked: Asked) -> list[dict[str, Any]]:
    board = found.board
    rows = (
        ("findings", board.open_findings, _(queries.FOLLOW["findings"])),
        ("overdue", board.overdue, _(queries.FOLLOW["overdue"])),
    )
    shown_rows = [
        {
            "label": label,
            "number": _number(number, board.open_findings, found.hide),
            "url": blocks.names_url(asked, key) if asked.named and number else "",
            "tone": "bad" if key == "overdue" and number and asked.named else "",
        }
        for key, number, label in rows
    ]
    shown_rows += [
        {"label": _("Open tasks of cadres"), "number": _number(board.tasks_open, None, found.hide)},
        {
            "label": _("Tasks past their day"),
            "number": _number(board.tasks_overdue, board.tasks_open, found.hide),
        },
    ]
    return shown_rows


def _findings(found: Board, asked: Asked) -> list[dict[str, Any]]:
    """Open findings by kind, the most frequent first; small kinds are hidden with what would tell of them."""
    cells, _total = shown.column(found.board.findings, hide=found.hide)
    language = portal_words.language()
    base = asked.kept(angka="findings")
    ordered = sorted(found.board.findings.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        {
            "label": finding_queries.label(code, language),
            "number": "–" if cells[code] is None else cells[code],
            "url": f"{reverse('desk_posyandu_figures_names')}?{urlencode({**base, 'kode': code})}"
            if asked.named
            else "",
        }
        for code, _number_ in ordered
    ]


def _missed(found: Board, asked: Asked) -> list[dict[str, Any]]:
    """Each group with how many were not weighed, and its share; opens the group."""
    rows = []
    for one in found.groups:
        cells = found.table.rows[one.key]
        known = cells["s"] is not None and cells["d"] is not None
        missed = (cells["s"] or 0) - (cells["d"] or 0) if known else None
        rows.append(
            {
                "name": one.name,
                "url": _group_url(one, asked),
                "s": cells["s"],
                "missed": missed,
                "two_t": cells["two_t"],
                "bgm": cells["bgm"],
                "d_s": percent(_share(one, cells)),
            }
        )
    return rows


def _share(one: queries.Group, cells: Mapping[str, int | None]) -> rules.Rate | None:
    if cells["s"] is None or cells["d"] is None:
        return None
    return rules.rates(rules.skdn(one.counts), {})[2]


def _group_url(one: queries.Group, asked: Asked) -> str:
    kept = {"bulan": rules.written(asked.month)}
    if one.posyandu is None:
        return f"?{urlencode({**kept, 'wilayah': one.key})}"
    if not asked.named or asked.posyandu is not None:
        return ""
    return f"?{urlencode({**kept, 'posyandu': one.key})}"


def _people(board: queries.Board) -> list[dict[str, Any]]:
    return [
        {"label": _("Posyandu"), "number": board.posyandu},
        {"label": _("Pilots"), "number": board.pilots},
        {"label": _("People who serve"), "number": board.serving},
        {"label": _("Missing to the norm"), "number": board.missing},
        {"label": _("Posyandu below the norm"), "number": board.below},
    ]


def _places(found: Board, asked: Asked) -> list[drawing.Place]:
    places = []
    for one in found.groups:
        share = _share(one, found.table.rows[one.key])
        places.append(
            drawing.Place(
                one.name,
                f"D/S {percent(share)}",
                share.permille if share else None,
                _group_url(one, asked),
                one.latitude,
                one.longitude,
            )
        )
    return places


@officer(*READING)
@require_GET
def export(request: Request) -> HttpResponseBase:
    """The groups as a sheet: figures alone, never a name, hidden where the page hides them."""
    asked = Asked(request)
    if asked.posyandu is not None and not asked.named:
        return redirect("desk_posyandu_figures_csv")
    found = Board(asked)
    rows = [
        [
            "" if cell is None else cell
            for cell in (row["name"], row["s"], row["missed"], row["two_t"], row["bgm"], row["d_s"])
        ]
        for row in _missed(found, asked)
    ]
    head = [_split(asked.region), "S", _(queries.CHILDREN["missed"]), "2T", "BGM", "D/S"]
    return watch.as_csv(f"posyandu-{asked.region}-{rules.written(asked.month)}.csv", head, rows)
