"""What the pages of people and of the day share: ages, classes, judgements and measures in words; links to other parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from simpul import roles
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.queries import days as day_queries
from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.queries import rulebook
from simpul.posyandu.rules import examinations as rules
from simpul.posyandu.rules import growth
from simpul.posyandu.rules import participants as people_rules
from simpul.web.desk import frame, trying, words
from simpul.web.policy import Request

HERE = "desk_posyandu"
NAV: Mapping[str, str] = {"desk_posyandu_days": "desk_posyandu_today"}
"""Tabs that have an entry of their own in the navigation, for those who hold the day; the others stand under the posyandu."""
READING = ("examination.read",)
LEVELS: Mapping[str, tuple[str, str, str, int]] = {
    "danger": ("bad", "flag", gettext_noop("To the health worker now"), 0),
    "alert": ("bad", "warning", gettext_noop("Refer"), 1),
    "watch": ("warn", "eye", gettext_noop("Keep an eye on it"), 2),
    "info": ("info", "note", gettext_noop("Note"), 3),
    "good": ("good", "check", gettext_noop("All good"), 4),
}
"""A judgement's level: tone, drawing, words, and its place in a list. Colour never stands alone."""
STATUS: Mapping[str, tuple[str, str, str]] = {
    "N": ("good", "check", gettext_noop("gained")),
    "T": ("bad", "warning", gettext_noop("did not gain")),
    "O": ("warn", "clock", gettext_noop("not weighed last month")),
    "B": ("info", "star", gettext_noop("first weighing")),
}


def link(name: str, *args: Any) -> str:
    """The address of another part's page; "" while that page is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def may(request: Request, act: str) -> bool:
    """True when this seat may do it in its own area."""
    return roles.may_somewhere(request.by, act)


def posyandu_of(request: Request, posyandu_id: Any) -> Any:
    """The posyandu, or "not found"."""
    return trying.found(access.posyandu_for, request, posyandu_id)


def show(
    request: Request,
    template: str,
    posyandu: Any,
    context: Mapping[str, Any],
    *,
    here: str = "",
    status: int = 200,
) -> HttpResponseBase:
    """A page of a posyandu with its tabs."""
    pages = (
        ("desk_posyandu_one", _("Posyandu")),
        ("desk_posyandu_people", _("People looked after")),
        ("desk_posyandu_days", _("Posyandu days")),
        ("desk_posyandu_tasks", _("Home visits to do")),
        ("desk_posyandu_forms", _("Forms")),
        ("desk_posyandu_recap", _("Recap")),
    )
    tabs = []
    for name, label in pages:
        url = link(name, posyandu.id) or link(name)
        if url:
            tabs.append({"url": url, "label": label, "current": name == here})
    base = {"posyandu": posyandu, "tabs": tabs}
    entry = NAV.get(here, HERE) if may(request, "day.open") else HERE
    return frame.show(request, template, {**base, **context}, status=status, here=entry)


# --- words


def age(birth_date: date | None, on: date) -> str:
    """An age as a cadre says it: days in the first month, months until two years, then years and months."""
    if birth_date is None:
        return _("age not known")
    if birth_date > on:
        return _("not born yet")
    months = growth.completed_months(birth_date, on)
    if months < 1:
        days = (on - birth_date).days
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if months < 24:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    years, rest = divmod(months, 12)
    said = ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
    if years >= 19 or not rest:
        return said
    return f"{said} " + ngettext("%(n)s month", "%(n)s months", rest) % {"n": rest}


def decimal(value: int | None, factor: int, places: int) -> str:
    """Kept units as they are written: 8900 g -> "8,9"."""
    if value is None:
        return ""
    text = f"{value / factor:.{places}f}"
    if places > 1:
        text = text.rstrip("0")
        text = f"{text}0" if text.endswith(".") else text
    return text if words.language() == "en" else text.replace(".", ",")


def kilograms(grams: int | None) -> str:
    """ "8,9"."""
    return decimal(grams, 1000, 3)


def centimetres(millimetres: int | None) -> str:
    """ "74,2"."""
    return decimal(millimetres, 10, 1)


def class_words(index: str, code: str) -> str:
    """A legal class in words; "" for none."""
    name = rules.CLASS_NAMES.get(index, {}).get(code, "")
    return _(name) if name else ""


def form_name(form: str) -> str:
    """ "B · Bayi, balita, anak prasekolah"."""
    return f"{form} · {_(people_rules.FORM_NAMES[form])}"


def judgements(row: Any) -> list[dict[str, Any]]:
    """What an entry means, most serious first; what is good or a mere note last."""
    found = []
    for one in row.results:
        tone, icon, level, place = LEVELS.get(one.get("level", ""), LEVELS["info"])
        found.append(
            {
                "words": _(one["words"]) if one.get("words") else one.get("code", ""),
                "tone": tone,
                "icon": icon,
                "level": _(level),
                "place": place,
                "refer": one.get("refer"),
                "source": one.get("source", ""),
                "rule": rulebook.called(one.get("rule", ""), one.get("version", ""), words.language()),
            }
        )
    return sorted(found, key=lambda one: (one["place"], not one["refer"]))


def verdict(row: Any) -> dict[str, str]:
    """The entry in one word: its most serious level."""
    found = judgements(row)
    if not found:
        return {}
    level = found[0]
    if row.refer and level["place"] > 1:
        tone, icon, words_, _place = LEVELS["alert"]
        return {"tone": tone, "icon": icon, "level": _(words_)}
    if level["place"] == 3:
        tone, icon, words_, _place = LEVELS["good"]
        return {"tone": tone, "icon": icon, "level": _(words_)}
    return {"tone": level["tone"], "icon": level["icon"], "level": level["level"]}


def status(code: str) -> dict[str, str]:
    """N, T, O or B with its words."""
    if code not in STATUS:
        return {}
    tone, icon, said = STATUS[code]
    return {"code": code, "tone": tone, "icon": icon, "words": _(said)}


def flags(row: Any) -> list[str]:
    """The marks of an entry in words."""
    found = []
    for flag in row.flags:
        if flag in rules.FLAGS:
            found.append(_(rules.FLAGS[flag]))
        elif flag.startswith("sure:"):
            found.append(
                _("Asked about, and confirmed: %(field)s.") % {"field": _field(row, flag.rpartition(".")[2])}
            )
        elif flag.startswith("grow:"):
            found.append(_("A score lies outside what is plausible: measure again."))
        elif flag.startswith("methods:"):
            found.append(
                _("By completed months and by days the class differs; the legal one, by months, is shown.")
            )
    return list(dict.fromkeys(found))


def _field(row: Any, key: str) -> str:
    """A field by its name on the card."""
    field = form_queries.card(row.form, row.form_version).field(key)
    return field.called(words.language()) if field is not None else _("another answer")


def entry(row: Any) -> dict[str, Any]:
    """One line of a card as lists and tables show it."""
    classes = [
        class_words(index, getattr(row, index))
        for index in ("bb_u", "tb_u", "bb_tb" if row.bb_tb else "imt_u")
        if getattr(row, index)
    ]
    return {
        "row": row,
        "url": reverse("desk_posyandu_entry", args=[row.id]),
        "date": words.day(row.date),
        "weight": kilograms(row.weight_g),
        "height": centimetres(row.height_mm),
        "muac": centimetres(row.muac_mm),
        "pressure": f"{row.systolic}/{row.diastolic}" if row.systolic and row.diastolic else "",
        "status": status(row.status),
        "classes": classes,
        "verdict": verdict(row),
        "flags": flags(row),
        "rival": day_queries.is_open_rival(row),
        "withdrawn": "withdrawn" in row.flags,
    }


def choices(pairs: Sequence[tuple[str, str]], chosen: str) -> list[dict[str, Any]]:
    """Pairs as links or options, with the one that is chosen."""
    return [{"code": code, "label": label, "chosen": code == chosen} for code, label in pairs]
