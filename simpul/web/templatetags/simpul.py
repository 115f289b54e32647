"""Template tags and filters of the pages: controls, icons, charts, QR codes, the one stylesheet.

Nothing here decides anything. Each tag turns values that a view has fetched into accessible markup without inline
styles or scripts, because the content security policy allows neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import segno
from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from simpul.lib import money
from simpul.web import brand

register = template.Library()

_SPRITE = Path(__file__).resolve().parents[2] / "static" / "img" / "icons.svg"
_SVG = "{http://www.w3.org/2000/svg}"


# --- Forms --------------------------------------------------------------------------------------------------------


@register.filter
def kind(field: BoundField) -> str:
    """What sort of control a bound field needs: the one question the field template asks."""
    widget = field.field.widget
    kinds: list[tuple[type[forms.Widget], str]] = [
        (forms.HiddenInput, "hidden"),
        (forms.MultipleHiddenInput, "hidden"),
        (forms.CheckboxSelectMultiple, "ticks"),
        (forms.RadioSelect, "radios"),
        (forms.CheckboxInput, "tick"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.FileInput, "file"),
        (forms.MultiWidget, "boxes"),
    ]
    return next((name for made, name in kinds if isinstance(widget, made)), "text")


_CONTROL_CLASSES = {
    "text": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "tick": "govuk-checkboxes__input",
}


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The bare control of a field with its classes; describedby and invalid come from Django."""
    field.form.use_required_attribute = False
    sort = kind(field)
    base = _CONTROL_CLASSES.get(sort, "")
    names = [base, str(field.field.widget.attrs.get("class", ""))]
    if width := field.field.widget.attrs.get("data-width"):
        names.append(f"govuk-input--width-{width}")
    if field.errors and base and sort != "tick":
        names.append(f"{base}--error")
    return field.as_widget(attrs={"class": " ".join(name for name in names if name)})


@register.simple_tag
def boxes(field: BoundField) -> list[dict[str, Any]]:
    """The inputs of a field with several boxes (a date), each with ``id name value label width``."""
    widget = field.field.widget
    context = widget.get_context(field.html_name, field.value(), {"id": field.auto_id})
    made = []
    for box in context["widget"]["subwidgets"]:
        made.append(
            {
                "id": box["attrs"].get("id", ""),
                "name": box["name"],
                "value": "" if box["value"] is None else box["value"],
                "label": box.get("label", ""),
                "width": box.get("width", "2"),
            }
        )
    return made


@register.simple_tag
def error_links(*shown: Any) -> list[dict[str, str]]:
    """Every error of the given forms in the order of their fields: ``{"href", "text"}``, href "" for a whole form."""
    links = []
    for form in shown:
        if not isinstance(form, forms.BaseForm) or not form.is_bound:
            continue
        links += [{"href": "", "text": str(text)} for text in form.non_field_errors()]
        for field in form:
            links += [
                {"href": _first_control(field), "text": _named(field, str(text))} for text in field.errors
            ]
    return links


def _named(field: BoundField, text: str) -> str:
    """An error that every empty field gives alike says in the summary which field it means."""
    if text not in {gettext("Choose one answer."), gettext("Fill in this answer.")}:
        return text
    label = str(field.label)
    return f"{label} {text}" if label.endswith(("?", ".", "!")) else f"{label}: {text}"


def _first_control(field: BoundField) -> str:
    if kind(field) in ("radios", "ticks"):
        return f"#{field.auto_id}_0"
    if kind(field) == "hidden":
        return ""
    return f"#{field.id_for_label or field.auto_id}"


# --- Icons, stylesheet, language ------------------------------------------------------------------------------------


@cache
def _drawings() -> dict[str, tuple[str, str]]:
    """The sprite as name -> (view box, inner markup). Read once; our own file, so the parser may be trusted."""
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    root = ElementTree.parse(_SPRITE).getroot()  # noqa: S314 - ships with the program
    drawn = {}
    for symbol in root.iter(f"{_SVG}symbol"):
        inner = "".join(ElementTree.tostring(part, encoding="unicode").strip() for part in symbol)
        inner = inner.replace(' xmlns="http://www.w3.org/2000/svg"', "")
        drawn[symbol.attrib["id"]] = (symbol.attrib.get("viewBox", "0 0 24 24"), inner)
    return drawn


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """One drawing of the set, inline. Without ``label`` it is decoration and hidden from screen readers."""
    box, inner = _drawings().get(name) or _drawings()["knot"]
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    names = f"icon {css}".strip()
    return format_html(
        '<svg class="{}" viewBox="{}" {} focusable="false">{}</svg>',
        names,
        box,
        said,
        mark_safe(inner),  # noqa: S308 - from our own sprite
    )


@register.simple_tag(takes_context=True)
def stylesheet(context: template.Context, door: str) -> str:
    """The address of the one stylesheet of a door ("public" or "desk"), in the institution's colours."""
    return brand.stylesheet_url(door, str(getattr(context.get("institution"), "brand", "")))


@register.simple_tag(takes_context=True)
def languages(context: template.Context) -> list[dict[str, Any]]:
    """The languages on offer: ``code name url current``. The address is a plain link, so it needs no script."""
    request = context.get("request")
    back = (
        request.get_full_path() if request and request.method == "GET" else (request.path if request else "/")
    )
    try:
        base = reverse("language")
    except NoReverseMatch:
        base = "/bahasa/"
    names = {"id": "Bahasa Indonesia", "en": "English"}
    now = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return [
        {
            "code": code,
            "name": name,
            "url": f"{base}?{urlencode({'ke': code, 'kembali': back})}",
            "current": code == now,
        }
        for code, name in names.items()
    ]


# --- Numbers and codes ----------------------------------------------------------------------------------------------


@register.filter
def rupiah(amount: int | None) -> str:
    """An amount as people write it: ``Rp1.250.000``; "" for none."""
    return "" if amount is None else money.rupiah(amount)


@register.filter
def number_parts(number: str) -> list[str]:
    """A case number or receipt in the groups it is read aloud in.

    "SPL-2611-00047-K" -> SPL, 2611, 00047, K; sixteen digits -> four fours; six digits (a PIN) -> two threes.
    """
    text = str(number)
    if text.isdigit() and len(text) in (6, 16):
        size = 3 if len(text) == 6 else 4
        return [text[start : start + size] for start in range(0, len(text), size)]
    return text.split("-")


@register.filter
def spelled(number: str) -> str:
    """The number as a screen reader or a voice should say it: character by character, a pause between groups."""
    return ", ".join(" ".join(part) for part in number_parts(number))


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """A QR code as inline SVG, medium error correction. ``label`` says what it leads to."""
    code = segno.make(text, error="m", micro=False)
    matrix = [list(row) for row in code.matrix]
    side = len(matrix) + 8
    path = "".join(_runs(row, line) for line, row in enumerate(matrix))
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{2}"/></svg>',
        side,
        label or gettext("QR code"),
        path,
    )


def _runs(row: Sequence[int], line: int) -> str:
    """The dark modules of one row as path pieces, neighbours joined."""
    pieces, start = [], -1
    for place, dark in enumerate([*row, 0]):
        if dark and start < 0:
            start = place
        elif not dark and start >= 0:
            width = place - start
            pieces.append(f"M{start + 4} {line + 4}h{width}v1h-{width}z")
            start = -1
    return "".join(pieces)


# --- Charts -----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(
    rows: Sequence[tuple[Any, ...]],
    caption: str,
    unit: str = "",
    head: str = "",
) -> dict[str, Any]:
    """Horizontal bars with the table of the same figures beside them.

    ``rows`` are ``(label, number)``, ``(label, number, url)`` or ``(label, number, url, tone)`` with a tone of
    good, warn, bad or "". The longest bar fills the width; nought draws nothing.
    """
    most = max((_number(row[1]) for row in rows), default=0) or 1
    bars = [
        {
            "label": row[0],
            "shown": row[1],
            "url": row[2] if len(row) > 2 else "",
            "tone": row[3] if len(row) > 3 else "",
            "width": round(_number(row[1]) * 100 / most, 1),
        }
        for row in rows
    ]
    return {"bars": bars, "caption": caption, "unit": unit, "head": head}


@register.simple_tag
def sparkline(points: Sequence[float | None], label: str) -> SafeString:
    """A small line of numbers over time, 120 by 28. ``label`` tells the same in words; a None leaves a gap."""
    known = [_number(point) for point in points if point is not None]
    if len(known) < 2:
        return format_html('<span class="sparkline sparkline--empty">{}</span>', label)
    low, high = min(known), max(known)
    step = 116 / (len(points) - 1)
    rise = 20 / ((high - low) or 1)
    spots = [
        None if point is None else (2 + place * step, 24 - (_number(point) - low) * rise)
        for place, point in enumerate(points)
    ]
    path, pen_down = "", False
    for spot in spots:
        if spot is not None:
            path += f"{'L' if pen_down else 'M'}{spot[0]:.1f} {spot[1]:.1f}"
        pen_down = spot is not None
    last = next(spot for spot in reversed(spots) if spot is not None)
    return format_html(
        '<svg class="sparkline" viewBox="0 0 120 28" role="img" aria-label="{}"><path class="sparkline__line" d="{}"/>'
        '<circle class="sparkline__end" cx="{}" cy="{}" r="2.5"/></svg>',
        label,
        path,
        f"{last[0]:.1f}",
        f"{last[1]:.1f}",
    )


def _number(value: Any) -> float:
    return float(value or 0)


@register.inclusion_tag("components/column_chart.html")
def column_chart(
    rows: Sequence[tuple[Any, ...]], caption: str, unit: str = "", head: str = ""
) -> dict[str, Any]:
    """Upright columns for a few periods (days, weeks, months), with the table of the same figures beside them."""
    most = max((_number(row[1]) for row in rows), default=0) or 1
    pitch = 100 / max(len(rows), 1)
    columns = []
    for place, row in enumerate(rows):
        height = _number(row[1]) * 44 / most
        columns.append(
            {
                "label": row[0],
                "shown": row[1],
                "x": round(place * pitch + pitch * 0.15, 2),
                "y": round(46 - height, 2),
                "width": round(pitch * 0.7, 2),
                "height": round(height, 2),
            }
        )
    return {"columns": columns, "caption": caption, "unit": unit, "head": head}


@register.simple_tag
def class_names(*names: str) -> SafeString:
    """The given class names that are not empty, separated by spaces."""
    return format_html_join(" ", "{}", ((name,) for name in names if name))
