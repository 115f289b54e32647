"""The page of acts says what the table says."""

from __future__ import annotations

from tests.house import acts_page


def test_the_page_of_acts_is_written_from_the_table() -> None:
    assert acts_page.PAGE.read_text(encoding="utf-8") == acts_page.text(), (
        "run: python -m tests.house.acts_page"
    )
