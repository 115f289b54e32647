"""Failures to protect data: noting, finding those concerned, telling them, the letter to the authority, the list of visits."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import queries as journal_queries
from simpul.regions import queries as region_queries
from simpul.upkeep import access
from simpul.upkeep.actions import breaches as actions
from simpul.upkeep.queries import breaches as queries
from simpul.web import forms
from simpul.web.desk import frame, trying
from simpul.web.desk.rights import page
from simpul.web.manage import fields
from simpul.web.policy import Request, officer


def _row(one: Any, request: Request) -> dict[str, Any]:
    open_ = one.closed_at is None and one.authority_told_at is None
    return {
        "one": one,
        "url": reverse("desk_rights_breach", args=[one.id]),
        "noticed": page.moment(one.noticed_at, request),
        "left": page.left(one.due_at, timezone.now()) if open_ else None,
        "reach": queries.reach(one.id),
    }


@officer(*page.FAILURES)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Failures, open ones first, with the hours left for the report."""
    context = {
        "tabs": page.tabs(request, "desk_rights_breaches"),
        "rows": [_row(one, request) for one in queries.listed(request.by)],
        "authority": queries.authority(),
        "may_note": roles.may_somewhere(request.by, "breach.note"),
        "may_authority": roles.may(request.by, "authority.change", access.installation()),
    }
    return frame.show(request, "desk/rights/breaches.html", context, here=page.HERE)


class NoteForm(forms.Form):
    """What happened, which data, when somebody became aware."""

    title = forms.LineField(label=gettext_lazy("In a few words"), max_length=150)
    what = forms.LongTextField(
        label=gettext_lazy("What happened, how and when"),
        max_length=5000,
        rows=5,
        help_text=gettext_lazy("People read these words in the notice. Name nobody."),
    )
    classes = forms.ChoicesField(
        label=gettext_lazy("Which data?"), choices=list(page.CLASSES.items()), required=False
    )
    noticed = forms.DateField(
        label=gettext_lazy("Day on which somebody here became aware"),
        required=False,
        help_text=gettext_lazy("The 72 hours run from then. Empty: now."),
    )
    happened = forms.DateField(label=gettext_lazy("Day on which it happened"), required=False)


def _moment(day: Any, request: Request) -> datetime | None:
    """The first moment of a day where the seat is."""
    if day is None:
        return None
    zone = desk_queries.zone_of(request.by.served_areas[0])
    return datetime.combine(day, time(), zone).astimezone(UTC)


@officer("breach.note")
def new(request: Request) -> HttpResponseBase:
    """Note a failure: at once, with what is known; the rest follows."""

    def run(said: dict[str, Any]) -> tuple[str, str]:
        made = actions.note_breach(
            by=request.by,
            at=timezone.now(),
            title=said["title"],
            what=said["what"],
            classes=said["classes"],
            noticed_at=_moment(said["noticed"], request),
            happened_at=_moment(said["happened"], request),
        )
        return _("It is noted. Its 72 hours run."), reverse("desk_rights_breach", args=[made.id])

    asked = page.Ask(
        title=_("Note a failure to protect data"),
        button=_("Note it"),
        back=reverse("desk_rights_breaches"),
        intro=_(
            "A lost phone, a list sent to the wrong person, a stranger at a screen: note it at once, also when you are not sure."
        ),
    )
    return page.ask(request, asked, NoteForm(page.given(request)), run)


@officer(*page.FAILURES)
@require_GET
def one(request: Request, breach_id: UUID) -> HttpResponseBase:
    """One failure: what is known, whom it concerns, who was told, what is next."""
    found = trying.found(access.breach_for, request, breach_id)
    place = roles.Place(region_code=found.region_code)
    steps = [
        ("ubah", _("Write what was done"), "breach.change", not found.measures),
        ("cari", _("Find those concerned"), "affected.find", not found.scopes),
        ("kabari", _("Tell the next %(n)s") % {"n": actions.PORTION}, "affected.notify", False),
        ("lapor", _("The authority was told"), "authority.tell", False),
        ("tutup", _("Close it"), "breach.close", False),
    ]
    context = {
        "tabs": page.tabs(request, "desk_rights_breaches"),
        "one": found,
        "row": _row(found, request),
        "due": page.moment(found.due_at, request),
        "happened": page.moment(found.happened_at, request),
        "told": page.moment(found.authority_told_at, request),
        "closed": page.moment(found.closed_at, request),
        "classes": [page.CLASSES[name] for name in found.classes],
        "scopes": [_scope_words(scope) for scope in found.scopes],
        "steps": [
            {
                "url": reverse("desk_rights_breach_act", args=[found.id, slug]),
                "label": label,
                "first": first,
            }
            for slug, label, needed, first in steps
            if found.closed_at is None and roles.may(request.by, needed, place)
        ],
        "may_visit": roles.may(request.by, "affected.tell", place),
    }
    return frame.show(request, "desk/rights/breach.html", context, here=page.HERE)


SCOPES = {
    "user": gettext_lazy("What somebody's sign-in opened in a time"),
    "device": gettext_lazy("What a device opened in a time"),
    "desk": gettext_lazy("Matters of a desk in a time"),
    "region": gettext_lazy("Everybody of an area"),
    "persons": gettext_lazy("Named persons"),
}


def _scope_words(scope: dict[str, Any]) -> str:
    """How people were found, in words: the way, the time, and how many."""
    times = [scope[name][:10] for name in ("begin", "end") if scope.get(name)]
    told = [str(SCOPES.get(scope["kind"], scope["kind"])), " – ".join(times), scope.get("region", "")]
    return f"{', '.join(part for part in told if part)}: {scope.get('found', 0)}"


class ChangeForm(forms.Form):
    """More of what is known."""

    what = forms.LongTextField(label=gettext_lazy("What happened, how and when"), max_length=5000, rows=4)
    measures = forms.LongTextField(
        label=gettext_lazy("What was done, and what people should do"),
        max_length=5000,
        rows=4,
        required=False,
    )
    contact = forms.LineField(
        label=gettext_lazy("Whom people can ask"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("A telephone number and when somebody answers."),
    )


class FindForm(forms.Form):
    """How those concerned are found."""

    kind = forms.ChoiceField(
        label=gettext_lazy("How are they found?"),
        choices=[(kind, words) for kind, words in SCOPES.items() if kind != "persons"],
    )
    user = forms.LineField(label=gettext_lazy("Whose sign-in (name)"), required=False, max_length=80)
    device = forms.LineField(label=gettext_lazy("Which device"), required=False, max_length=60)
    desk = forms.ChoiceField(label=gettext_lazy("Desk"), required=False, widget=django_forms.Select)
    area = fields.AreaField(label=gettext_lazy("Where?"), required=False)
    begin = forms.DateField(label=gettext_lazy("From"), required=False)
    end = forms.DateField(label=gettext_lazy("Until"), required=False)

    def __init__(self, *args: Any, by: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offers = [(str(desk.id), desk.name) for desk in desk_queries.desks_visible(by).order_by("name")[:300]]
        self.fields["desk"].explain([("", _("none")), *offers])  # type: ignore[attr-defined]


class ReportForm(forms.Form):
    """The number the authority gave."""

    number = forms.LineField(
        label=gettext_lazy("Number that the authority gave"), required=False, max_length=60
    )


class CloseForm(forms.Form):
    """What was learned."""

    lessons = forms.LongTextField(
        label=gettext_lazy("What was learned, and what changes"), max_length=5000, rows=4
    )


class SureForm(forms.Form):
    """A last look."""

    sure = forms.TickField(label=gettext_lazy("I have read what follows"))


@officer(*page.FAILURES)
def act(request: Request, breach_id: UUID, slug: str) -> HttpResponseBase:
    """One step with its form."""
    found = trying.found(access.breach_for, request, breach_id)
    made = _step(request, found, slug)
    if made is None:
        raise Http404
    title, button, form, run, warnings = made
    asked = page.Ask(
        title=title,
        button=button,
        back=reverse("desk_rights_breach", args=[found.id]),
        intro=found.title,
        warnings=warnings,
    )
    return page.ask(request, asked, form, run)


def _step(request: Request, found: Any, slug: str) -> Any:
    back = reverse("desk_rights_breach", args=[found.id])
    who: dict[str, Any] = {"by": request.by, "breach_id": found.id}

    def change(said: dict[str, Any]) -> tuple[str, str]:
        actions.change_breach(at=timezone.now(), **who, **said)
        return _("It is kept."), back

    def find(said: dict[str, Any]) -> tuple[str, str]:
        number = actions.find_affected(at=timezone.now(), scope=_scope(request, said), **who)
        told = ngettext("%(n)s person came on the list.", "%(n)s people came on the list.", number)
        return told % {"n": number}, back

    def notify(_said: dict[str, Any]) -> tuple[str, str]:
        rest = actions.notify_affected(at=timezone.now(), **who)
        return _("They are told; %(n)s wait for the next portion.") % {"n": rest}, back

    def report(said: dict[str, Any]) -> tuple[str, str]:
        actions.tell_authority(at=timezone.now(), number=said["number"], **who)
        return _("The report stands."), back

    def close(said: dict[str, Any]) -> tuple[str, str]:
        actions.close_breach(at=timezone.now(), lessons=said["lessons"], **who)
        return _("It is closed."), back

    sent = page.given(request)
    first = {"what": found.what, "measures": found.measures, "contact": found.contact}
    quiet = [
        _("Each person gets a message by the road that is safe; who has none comes on the list of visits."),
        _("The words of the notice are those of “What happened” and “What was done”."),
    ]
    made: dict[str, Any] = {
        "ubah": lambda: (_("Write what was done"), _("Keep it"), ChangeForm(sent, initial=first), change, []),
        "cari": lambda: (_("Find those concerned"), _("Find them"), FindForm(sent, by=request.by), find, []),
        "kabari": lambda: (_("Tell those concerned?"), _("Tell them"), SureForm(sent), notify, quiet),
        "lapor": lambda: (_("The authority was told"), _("Keep it"), ReportForm(sent), report, []),
        "tutup": lambda: (_("Close it"), _("Close it"), CloseForm(sent), close, []),
    }
    return made[slug]() if slug in made else None


def _scope(request: Request, said: dict[str, Any]) -> queries.Scope:
    begin, last = _moment(said["begin"], request), _moment(said["end"], request)
    end = last + timedelta(days=1) if last else None
    found: set[UUID] = set()
    if said["kind"] == "user" and said["user"] and begin and end:
        found = journal_queries.users_named(said["user"], begin, end)
        if len(found) != 1:
            raise actions.NobodyConcerned(field="user")
    return queries.Scope(
        kind=said["kind"],
        region_code=said["area"] or "",
        desk_id=UUID(said["desk"]) if said["desk"] else None,
        user_id=next(iter(found), None),
        device=said["device"],
        begin=begin,
        end=end,
    )


@officer(*page.FAILURES)
@require_GET
def report(request: Request, breach_id: UUID) -> HttpResponseBase:
    """The letter to the authority, to print and sign: what the law asks for, no names."""
    found = trying.found(access.breach_for, request, breach_id)
    context = {
        "one": found,
        "authority": queries.authority(),
        "institution": desk_queries.institution(),
        "reach": queries.reach(found.id),
        "classes": [page.CLASSES[name] for name in found.classes],
        "noticed": page.moment(found.noticed_at, request),
        "happened": page.moment(found.happened_at, request),
        "place": region_queries.path_names(found.region_code),
        "late": timezone.now() > found.due_at,
    }
    return frame.show(request, "desk/rights/report.html", context, here=page.HERE)


@officer("affected.tell")
def visits(request: Request, breach_id: UUID) -> HttpResponseBase:
    """Who has no safe road, by hamlet, to print and to walk with; each is ticked off when told."""
    if request.method == "POST":
        try:
            key = UUID(request.POST.get("who", ""))
        except ValueError:
            raise Http404 from None
        return page.do(
            request,
            lambda: actions.tell_affected(
                by=request.by, at=timezone.now(), affected_id=key, words=request.POST.get("words", "")
            ),
            _("That is noted."),
            reverse("desk_rights_visits", args=[breach_id]),
        )
    rows = trying.found(queries.to_visit, request, breach_id)
    paths = region_queries.paths({one.person.region_code for one in rows})
    context = {
        "one": access.breach_for(request.by, breach_id),
        "rows": [{"one": one, "place": paths.get(one.person.region_code, "")} for one in rows],
    }
    return frame.show(request, "desk/rights/visits.html", context, here=page.HERE)


class AuthorityForm(forms.Form):
    """Whom failures are reported to."""

    name = forms.LineField(label=gettext_lazy("Name of the authority"), max_length=150)
    address = forms.LongTextField(label=gettext_lazy("Address"), max_length=500, rows=2, required=False)
    email = forms.LineField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    officer_contact = forms.LineField(
        label=gettext_lazy("How our own data-protection officer is reached"), max_length=200, required=False
    )


@officer("authority.change")
def authority(request: Request) -> HttpResponseBase:
    """Write down whom failures are reported to."""
    known = queries.authority()
    names = ("name", "address", "email", "officer_contact")

    def run(said: dict[str, Any]) -> tuple[str, str]:
        actions.change_authority(by=request.by, at=timezone.now(), **said)
        return _("It is kept."), reverse("desk_rights_breaches")

    asked = page.Ask(
        title=_("Whom failures are reported to"),
        button=_("Keep it"),
        back=reverse("desk_rights_breaches"),
        intro=_("The law names a body for data protection; until it exists, the ministry takes reports."),
    )
    first = {name: getattr(known, name) for name in names} if known else {}
    return page.ask(request, asked, AuthorityForm(page.given(request), initial=first), run)
