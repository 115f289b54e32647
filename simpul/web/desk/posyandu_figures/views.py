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
from simpul.web.desk.posyandu_recaps.asked import HIDDEN, Asked, hidden_note, maybe, month_words, share
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
        self.table = queries.table(self.groups, hide=self.hide, blind=asked.blind())

    def children(self) -> dict[str, int | None]:
        """Figures of children by their key, hidden as the table hides them."""
        total = self.table.total
        own = {
            key: _shown(self.total.get(key, 0), self.skdn.d, self.hide)
            for key in ("stunted", "wasted", "underweight")
        }
        return {"missed": _missed_of(total), "two_t": total["two_t"], "bgm": total["bgm"], **own}


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
        "people": _people(found.board, asked),
        "fields": [
            {"name": name, "number": number, "url": _lacking_url(asked, "field", code)}
            for code, name, number in found.board.fields
        ],
        "kits": [
            {"name": one.name, "lacking": one.lacking, "url": _lacking_url(asked, "kit", one.code)}
            for one in found.board.kits
            if one.lacking
        ],
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
    return frame.show(request, "desk/posyandu_figures/page.html", context, here="desk_posyandu_figures")


def _split(region: str) -> str:
    return {10: _("Posyandu"), 6: _("Village"), 4: _("District")}.get(len(region), _("Regency"))


def _shown(number: int, whole: int | None, hide: bool) -> int | None:
    """A count, or None when it, or what it leaves of its whole, is small."""
    rest = 0 if whole is None else whole - number
    return None if hide and (small_cells.is_small(number) or small_cells.is_small(rest)) else number


def _missed_of(cells: Mapping[str, int | None]) -> int | None:
    """Children who were not weighed, when both S and D are shown."""
    known, weighed = cells["s"], cells["d"]
    return None if known is None or weighed is None else known - weighed


def _card(label: str, number: int | None, url: str = "", tone: str = "") -> dict[str, Any]:
    """One figure with why it is hidden when it is."""
    if number is None:
        return {"label": label, "number": HIDDEN, "note": hidden_note(), "url": "", "tone": ""}
    return {"label": label, "number": number, "note": "", "url": url, "tone": tone}


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
    return [
        _card(
            _(queries.CHILDREN[key]),
            number,
            blocks.names_url(asked, key) if asked.named and number else "",
            "bad" if number and key in ("two_t", "bgm") and asked.named else "",
        )
        for key, number in found.children().items()
    ]


def _follow(found: Board, asked: Asked) -> list[dict[str, Any]]:
    board = found.board
    titles = {**queries.FOLLOW, **queries.TASKS}
    counted: dict[str, tuple[int, int | None]] = {
        "findings": (board.open_findings, None),
        "overdue": (board.overdue, board.open_findings),
        "tasks": (board.tasks_open, None),
        "tasks_overdue": (board.tasks_overdue, board.tasks_open),
    }
    cards = []
    for code, (count, of) in counted.items():
        opens = asked.named and count
        url = blocks.names_url(asked, code) if opens else ""
        tone = "bad" if opens and of is not None else ""
        cards.append(_card(_(titles[code]), _shown(count, of, found.hide), url, tone))
    return cards


def _findings(found: Board, asked: Asked) -> list[dict[str, Any]]:
    """Open findings by kind, the most frequent first; small kinds are hidden with what would tell of them."""
    cells, _total = shown.column(found.board.findings, hide=found.hide)
    language = portal_words.language()
    base = asked.kept(angka="findings")
    ordered = sorted(found.board.findings.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        {
            "label": finding_queries.label(code, language),
            "number": HIDDEN if cells[code] is None else cells[code],
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
        rows.append(
            {
                "name": one.name,
                "url": _group_url(one, asked),
                "s": cells["s"],
                "missed": _missed_of(cells),
                "two_t": cells["two_t"],
                "bgm": cells["bgm"],
                "links": _links(one, cells, asked),
                "d_s": _share_words(one, found),
            }
        )
    return rows


def _links(one: queries.Group, cells: Mapping[str, int | None], asked: Asked) -> list[dict[str, Any]]:
    """S, not weighed, D/S, 2T and BGM of a row; numbers open their names for seats that may see them."""
    part = {"posyandu": one.key} if one.posyandu is not None else {"wilayah": one.key}
    kept = {"bulan": rules.written(asked.month), **part}
    numbers = {"s": cells["s"], "missed": _missed_of(cells), "two_t": cells["two_t"], "bgm": cells["bgm"]}
    return [
        {"number": number, "url": blocks.named(kept, name) if asked.named and number else ""}
        for name, number in numbers.items()
    ]


def _share_words(one: queries.Group, found: Board) -> str:
    cells = found.table.rows[one.key]
    rate = _share(one, cells)
    hidden = rate is None
    return share(rate, hidden=hidden, band=found.table.bands.get(one.key, {}).get("d_s"))


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


def _lacking_url(asked: Asked, what: str, code: str = "") -> str:
    """The posyandu behind a figure of people and goods."""
    more = {"apa": what, **({"kode": code} if code else {})}
    return f"{reverse('desk_posyandu_figures_posyandu')}?{urlencode(asked.kept(**more))}"


def _people(board: queries.Board, asked: Asked) -> list[dict[str, Any]]:
    rows = (
        (_("Posyandu"), board.posyandu, "serving"),
        (_("Pilots"), board.pilots, "pilots"),
        (_("People who serve"), board.serving, "serving"),
        (_("Missing to the norm"), board.missing, "people"),
        (_("Posyandu below the norm"), board.below, "people"),
    )
    return [
        {"label": label, "number": number, "url": _lacking_url(asked, what) if number else ""}
        for label, number, what in rows
    ]


def _places(found: Board, asked: Asked) -> list[drawing.Place]:
    places = []
    for one in found.groups:
        rate = _share(one, found.table.rows[one.key])
        places.append(
            drawing.Place(
                one.name,
                f"D/S {_share_words(one, found)}",
                rate.permille if rate else None,
                _group_url(one, asked),
                one.latitude,
                one.longitude,
                band=found.table.bands.get(one.key, {}).get("d_s"),
                hidden=rate is None,
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
