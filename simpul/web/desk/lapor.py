"""SP4N-LAPOR on the desk: its number on the page of a case, and the export in its shape."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from simpul.cases.actions import lapor
from simpul.cases.queries import lapor as queries
from simpul.cases.rules import lapor as rules
from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.web import forms
from simpul.web.desk import words
from simpul.web.desk.act_forms import ActForm
from simpul.web.portal import figures

DATES = ("disposed_at", "followed_at", "finished_at")


class LaporForm(ActForm):
    """What SP4N-LAPOR says of this matter."""

    number = forms.LineField(label=_("Number in SP4N-LAPOR"), max_length=40, width="20")
    report_class = forms.ChoiceField(label=_("Class there"), required=False, widget=django_forms.Select)
    status = forms.ChoiceField(label=_("Status there"), required=False, widget=django_forms.Select)
    disposed_at = forms.DateField(label=_("First disposition there"), required=False)
    followed_at = forms.DateField(label=_("First follow-up there"), required=False)
    finished_at = forms.DateField(label=_("Finished there"), required=False)
    is_anonymous = forms.TickField(
        label=_("Anonymous there: hide who reported"),
        required=False,
        help_text=_("It is not shown again by unticking."),
    )
    is_secret = forms.TickField(
        label=_("Secret there (rahasia): show it to its desks only"),
        required=False,
        help_text=_("It is not opened again by unticking."),
    )

    def prepare(self) -> None:
        """The words of the catalogue, and what was noted before."""
        table = queries.table()
        self.fields["report_class"].explain([("", "–"), *table.class_words.items()])  # type: ignore[attr-defined]
        self.fields["status"].explain([("", "–"), *table.status_words.items()])  # type: ignore[attr-defined]
        record = record_of(self.page.case)
        if record is not None:
            zone = desk_queries.zone_of(self.page.case.region_code)
            self.initial = {
                "number": record.number,
                "report_class": record.report_class,
                "status": record.status,
                "is_anonymous": record.is_anonymous,
                "is_secret": record.is_secret,
                **{
                    name: getattr(record, name).astimezone(zone).date()
                    for name in DATES
                    if getattr(record, name) is not None
                },
            }


def record_of(case: Any) -> Any:
    """What SP4N-LAPOR knows of the case; asks the table only where the case has a number there."""
    return queries.record_of(case) if lapor.SYSTEM_NAME in case.outside_numbers else None


def note(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``note_lapor``."""
    given = dict(form.cleaned_data)
    zone = desk_queries.zone_of(form.page.case.region_code)
    dates = {name: given.pop(name) for name in DATES}
    lapor.note_lapor(
        by=by,
        at=at,
        case_id=case_id,
        dates={
            name: datetime.combine(day, time(), zone).astimezone(UTC) if day else None
            for name, day in dates.items()
        },
        **given,
    )


def facts(case: Any) -> list[tuple[str, str]]:
    """The rows about SP4N-LAPOR on the page of a case: class, status as told, and its own speed."""
    record = record_of(case)
    if record is None:
        return []
    table = queries.table()
    speed = rules.speed_days(record.disposed_at, record.followed_at)
    rows = [
        (_("Class there"), table.class_words.get(record.report_class, "")),
        (_("Status there"), record.status_told),
        (_("First disposition there"), words.moment(record.disposed_at, case.region_code)),
        (_("First follow-up there"), words.moment(record.followed_at, case.region_code)),
        (_("Speed there (laju)"), "" if speed is None else _("%(n)s days") % {"n": figures.decimal(speed)}),
    ]
    return [(str(key), str(value)) for key, value in rows if value]


def export(by: Actor, since: datetime, until: datetime) -> tuple[list[str], list[list[Any]]]:
    """Ordinary matters in the shape of SP4N-LAPOR: no names, and the words of residents blackened where they name somebody."""
    table = queries.table()
    return rules.header(table), [
        list(rules.written(row, table)) for row in queries.export_rows(by, since, until)
    ]
