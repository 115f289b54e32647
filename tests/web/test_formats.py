"""Dates and numbers are written, and read, one way in both languages."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, translation


@pytest.mark.parametrize(("language", "month"), [("id", "Agustus"), ("en", "August")])
def test_dates_times_and_numbers_are_written_the_indonesian_way(language: str, month: str) -> None:
    with translation.override(language):
        assert formats.date_format(date(2026, 8, 6)) == f"6 {month} 2026"
        assert formats.date_format(date(2026, 8, 6), "SHORT_DATE_FORMAT") == "06/08/2026"
        assert formats.time_format(time(14, 5)) == "14.05"
        assert formats.number_format(Decimal("2.5")) == "2,5"
        assert formats.number_format(1_500_000, force_grouping=True) == "1.500.000"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_date_is_day_first_or_iso_and_never_month_first(language: str) -> None:
    with translation.override(language):
        field = forms.DateField()
        assert field.clean("05/04/2026") == field.clean("2026-04-05") == date(2026, 4, 5)
        for wrong in ("04/25/2026", "25-04-2026", "25/04/26", "April 5, 2026"):
            with pytest.raises(ValidationError):
                field.clean(wrong)
        assert forms.TimeField().clean("14.05") == forms.TimeField().clean("14:05") == time(14, 5)
        assert forms.DecimalField(localize=True).clean("2,5") == Decimal("2.5")
