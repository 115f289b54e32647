"""Setting a connection, trying it, switching it off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from simpul.lib.errors import NotAllowed
from simpul.posyandu.access import exchange as access
from simpul.posyandu.access import posyandu as posyandu_access
from simpul.posyandu.actions import connections as actions
from simpul.posyandu.queries import exchange as queries
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, trying
from simpul.web.desk.posyandu_exchange import forms, pages, said
from simpul.web.policy import Request, officer


def _known(request: Request, system: str) -> dict[str, dict[str, str]]:
    """What our names look like in the form -> the key they stand for."""
    if system == "satusehat":
        return {"vaccines": {}}
    return {
        "elements": said.figures(),
        "units": _units(request),
        "attributes": said.called(said.ATTRIBUTES),
        "event_elements": said.called(said.VALUES),
    }


def _units(request: Request) -> dict[str, str]:
    rows = list(
        posyandu_access.posyandus(request.by).filter(closed_date=None).order_by("region_code", "name")
    )
    villages = region_queries.regions_by_code({one.region_code for one in rows})
    return {
        f"{one.name}, {villages[one.region_code].name if one.region_code in villages else one.region_code}": str(
            one.id
        )
        for one in rows
    }


def _first(row: Any, known: Mapping[str, Mapping[str, str]], system: str) -> dict[str, Any]:
    names = row.names if row else {}
    first: dict[str, Any] = {
        name: forms.written_lines(names.get(name, {}), known[name]) for name in actions.NAMES[system]
    }
    if row:
        first |= {"url": row.url, "user": row.user, **row.account}
    return first


@officer("connection.set")
@sensitive_post_parameters("secret")
def connection(request: Request, system: str) -> HttpResponseBase:
    """The connection of this seat's area to one system."""
    if system not in queries.SYSTEMS:
        raise Http404
    area = request.by.region_code
    row = access.connections(request.by).filter(system=system, region_code=area).first()
    known = _known(request, system)
    form = forms.ConnectionForm(
        request.POST if request.method == "POST" else None,
        system=system,
        known=known,
        initial=_first(row, known, system),
    )
    if request.method == "POST" and request.POST.get("langkah") == "matikan" and row:
        actions.set_connection(
            by=request.by,
            at=timezone.now(),
            system=system,
            region_code=area,
            url=row.url,
            user=row.user,
            account=row.account,
            names=row.names,
            on=False,
        )
        messages.success(request, _("Switched off. Its password is gone; what was waiting stays waiting."))
        return redirect(pages.HERE)
    if form.is_bound and form.is_valid() and _kept(request, form, system, area):
        messages.success(request, _("Kept. Try the connection before you send anything."))
        return redirect(pages.HERE)
    context = {
        "form": form,
        "row": row,
        "name": pages.SYSTEMS[system],
        "area": region_queries.path_names(area),
    }
    status = 422 if form.is_bound and form.errors else 200
    return frame.show(
        request, "desk/posyandu_exchange/connection.html", context, status=status, here=pages.HERE
    )


def _kept(request: Request, form: forms.ConnectionForm, system: str, area: str) -> bool:
    given = form.cleaned_data
    try:
        return trying.run(
            form,
            lambda: actions.set_connection(
                by=request.by,
                at=timezone.now(),
                system=system,
                region_code=area,
                url=given["url"],
                user=given["user"],
                secret=given["secret"],
                account=form.account,
                names=form.names,
            ),
        )
    except NotAllowed as outside:
        raise Http404 from outside


@officer("connection.try")
@require_POST
def attempt(request: Request, connection_id: UUID) -> HttpResponseBase:
    """Knock at the other side."""
    row = trying.found(access.connection_for, request, connection_id)
    tried = actions.try_connection(by=request.by, at=timezone.now(), connection_id=row.id)
    if tried.ok:
        messages.success(request, _("%(system)s let us in.") % {"system": pages.SYSTEMS[row.system]})
    else:
        words = _("%(system)s did not let us in. %(said)s Check the address, the user and the password.")
        messages.error(
            request, words % {"system": pages.SYSTEMS[row.system], "said": said.of_server(tried.said)}
        )
    return redirect(pages.HERE)
