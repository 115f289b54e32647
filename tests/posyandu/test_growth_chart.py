"""The growth chart: lines where WHO's tables have them, one picture that is whole by itself, nothing that a page's policy forbids."""

from __future__ import annotations

from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.posyandu.rules import chart
from simpul.posyandu.rules.growth import curves

WORDS = chart.Words("Berat & umur <1>", "Umur (bulan)", "kg")
ALL = [(kind, span) for span, kinds in chart.KINDS_OF_SPAN.items() for kind in kinds]


def tree(text: str) -> Tree.Element:
    return Tree.fromstring(text)  # noqa: S314 - our own drawing


def found(root: Tree.Element, name: str) -> list[Tree.Element]:
    return root.findall(f".//{{http://www.w3.org/2000/svg}}{name}")


@pytest.mark.parametrize(("kind", "span"), ALL)
@pytest.mark.parametrize("sex", ["L", "P"])
def test_every_chart_is_one_picture_without_styles(kind: str, span: str, sex: str) -> None:
    text = chart.draw(kind, sex, span, [], WORDS)
    root = tree(text)
    assert root.get("role") == "img" and root.get("aria-label") == WORDS.caption
    assert "style" not in text and "script" not in text and "nan" not in text
    style = {"waz": "kms", "haz": "haz", "hcz": "head"}.get(
        kind, "youth" if span == "60-228" else "nutrition"
    )
    assert len(found(root, "polyline")) == len(chart.LINES[style])
    assert len(text) < 30_000


@pytest.mark.parametrize(
    ("kind", "sex", "span"),
    [("hcz", "L", "60-228"), ("waz", "", "0-24"), ("waz", "L", "0-5"), ("x", "L", "0-24")],
)
def test_charts_that_there_are_not(kind: str, sex: str, span: str) -> None:
    with pytest.raises(ValueError, match="no chart"):
        chart.draw(kind, sex, span, [], WORDS)


def test_lines_stand_at_the_published_values() -> None:
    """Printed tables of WHO, boys: weight at 12 months 7.7 (-2), 9.6, 12.0 (+2); length at 24 lying 81.7 and standing 81.0 (-2)."""
    assert [round(curves.by_age("waz", "L", "0-24", z)[12][1], 1) for z in (-2, 0, 2)] == [7.7, 9.6, 12.0]
    assert round(curves.by_age("haz", "L", "0-24", -2)[24][1], 1) == 81.7
    assert round(curves.by_age("haz", "L", "24-60", -2)[0][1], 1) == 81.0
    assert round(curves.by_age("waz", "P", "24-60", -3)[-1][1], 1) == 12.1
    assert round(dict(curves.by_length("P", "0-24", 0))[45.0], 1) == 2.5
    assert round(curves.by_age("baz", "P", "60-228", 2)[-1][1], 1) == 29.7


def test_the_childs_line_marks_and_squares() -> None:
    points = [
        chart.Point(0.1, 3.2, "lahir", "B"),
        chart.Point(1.1, 4.1, "1 <bulan>", "N"),
        chart.Point(4.2, 4.3, "4 bulan", "O", joined=False, grave=True),
        chart.Point(25, 9.0, "di luar"),
    ]
    root = tree(chart.draw("waz", "P", "0-24", points, WORDS))
    assert [one.text for one in found(root, "title")] == ["lahir", "1 <bulan>", "4 bulan"]
    assert len(found(root, "circle")) == 2
    dashed = [one for one in found(root, "path") if one.get("stroke-dasharray")]
    assert len(dashed) == 1
    marks = [one.text for one in found(root, "text") if one.get("font-weight") == "bold"]
    assert marks[:3] == ["B", "N", "O"]


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(ALL),
    st.lists(st.tuples(st.floats(-10, 300), st.floats(0.001, 400)), max_size=30),
)
def test_whatever_was_measured_is_on_the_paper(
    one: tuple[str, str], given_: list[tuple[float, float]]
) -> None:
    points = [chart.Point(x, y, "<&>") for x, y in given_]
    root = tree(chart.draw(one[0], "L", one[1], points, WORDS))
    for circle in found(root, "circle"):
        assert chart.LEFT <= float(circle.get("cx", "")) <= chart.RIGHT
        assert chart.TOP <= float(circle.get("cy", "")) <= chart.BOTTOM
