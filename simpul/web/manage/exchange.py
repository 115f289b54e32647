"""Other programs: their keys, where events are sent, and how the last of them went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from simpul.desks import queries as desk_queries
from simpul.exchange import access as exchange_access
from simpul.exchange import actions as exchange_actions
from simpul.exchange import queries as exchange_queries
from simpul.exchange import rules as exchange_rules
from simpul.lib.errors import NotFound, Refused
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.manage import fields, frame, users
from simpul.web.policy import Request, officer

HERE = "manage_exchange"
ACTS = (
    "token.issue",
    "token.withdraw",
    "subscription.add",
    "subscription.change",
    "subscription.withdraw",
    "dispatch.retry",
)
KEY_STATES: dict[str, tuple[Any, str]] = {
    "open": (gettext_lazy("In use"), "good"),
    "expired": (gettext_lazy("Expired"), ""),
    "withdrawn": (gettext_lazy("Withdrawn"), ""),
}
EVENT_STATES: dict[str, tuple[Any, str]] = {
    "waiting": (gettext_lazy("Waiting"), "warn"),
    "sending": (gettext_lazy("Being sent"), "info"),
    "delivered": (gettext_lazy("Arrived"), "good"),
    "dead": (gettext_lazy("Given up"), "bad"),
    "dropped": (gettext_lazy("Not sent any more"), ""),
}


@officer("token.issue")
@require_GET
def exchange(request: Request) -> HttpResponse:
    """Keys, subscriptions and the newest events."""
    at = timezone.now()
    keys = exchange_queries.tokens_listed(request.by, at)
    areas = region_queries.paths({code for one in keys for code in one.token.jurisdictions})
    context = {
        "keys": [_key_row(one, areas) for one in keys],
        "subscriptions": exchange_queries.subscriptions_listed(request.by),
        "events": [
            {
                "one": one,
                "what": _event_words(one.event),
                "text": EVENT_STATES[one.state][0],
                "tone": EVENT_STATES[one.state][1],
                "again": one.state in ("dead", "delivered") and one.subscription.withdrawn_at is None,
            }
            for one in exchange_queries.recent_dispatches(request.by)
        ],
        "open311": request.build_absolute_uri(reverse("open311")),
        "rest": request.build_absolute_uri(reverse("api_v1:api-root")),
        "document": request.build_absolute_uri(reverse("api_v1:openapi-json")),
        "changes": frame.changes(request.by, *ACTS),
    }
    return frame.show(request, "manage/exchange.html", context, here=HERE)


def _key_row(one: Any, areas: dict[str, str]) -> dict[str, Any]:
    text, tone = KEY_STATES[one.state]
    return {
        "token": one.token,
        "scopes": [
            _(exchange_rules.SCOPES[scope]) for scope in one.token.scopes if scope in exchange_rules.SCOPES
        ],
        "areas": [areas.get(code, code) for code in one.token.jurisdictions],
        "text": text,
        "tone": tone,
        "live": one.state == "open",
    }


def _event_words(event: str) -> str:
    return _(exchange_rules.EVENTS[event]) if event in exchange_rules.EVENTS else _("Test")


def _partners(request: Request) -> list[Any]:
    """Desks that a program may speak for."""
    rows = desk_queries.desks_visible(request.by).filter(closed_at=None, kind="partner")
    return [one for one in rows if not one.outside]


# --- keys -------------------------------------------------------------------------------------------------------------


class KeyForm(forms.Form):
    """Whose program, for what, how long and how often."""

    name = forms.LineField(
        max_length=100,
        label=gettext_lazy("Name of the program"),
        help_text=gettext_lazy("So that everybody knows later whose key this is."),
    )
    scopes = forms.ChoicesField(label=gettext_lazy("What it may do"))
    desk_id = fields.drop_down(
        gettext_lazy("Desk of the partner"),
        required=False,
        help_text=gettext_lazy("Needed to work on matters; not to send reports of residents."),
    )
    jurisdictions = fields.AreasField(
        required=False,
        label=gettext_lazy("Areas it may send reports from"),
        help_text=gettext_lazy("One on each line. Empty: everywhere."),
    )
    days = fields.CountField(label=gettext_lazy("Valid for how many days"), initial=exchange_rules.DAYS)
    per_minute = fields.CountField(
        label=gettext_lazy("Requests a minute, at most"), initial=exchange_rules.PER_MINUTE
    )


@officer("token.issue")
def issue_token(request: Request) -> HttpResponse:
    """Issue a key; it stands on the page that follows, and nowhere else."""
    form = KeyForm(frame.sent(request))
    fields.choose(form, "scopes", [(scope, _(words)) for scope, words in exchange_rules.SCOPES.items()])
    fields.choose(form, "desk_id", fields.desk_choices(_partners(request), _("None")))

    def run(values: dict[str, Any]) -> HttpResponse:
        chosen = values.pop("desk_id")
        desk_id = UUID(chosen) if chosen else None
        made = exchange_actions.issue_token(by=request.by, at=timezone.now(), desk_id=desk_id, **values)
        context = {
            "title": made.token.name,
            "secret": made.secret,
            "until": made.token.expires_at,
            "kind": "key",
        }
        return frame.show(request, "manage/exchange_secret.html", context, here=HERE)

    page = frame.Ask(
        here=HERE,
        title=_("Issue a key"),
        button=_("Issue and show it"),
        back=reverse(HERE),
        intro=_(
            "With a key, another program works here as the desk of the partner does at its own page: "
            "it sees what was forwarded, and nothing else."
        ),
    )
    return frame.ask(request, page, form, run)


@officer("token.issue")
def withdraw_token(request: Request, token_id: UUID) -> HttpResponse:
    """Withdraw a key, with what follows said first."""
    found = exchange_access.tokens(request.by).filter(id=token_id).first()
    if found is None:
        raise NotFound

    def run(_values: dict[str, Any]) -> frame.Done:
        exchange_actions.withdraw_token(by=request.by, at=timezone.now(), token_id=token_id)
        return _("The key was withdrawn."), reverse(HERE)

    page = frame.Ask(
        here=HERE,
        title=_("Withdraw the key of %(name)s?") % {"name": found.name},
        button=_("Withdraw the key"),
        back=reverse(HERE),
        warnings=[
            _(
                "The program is refused from its next request on. This cannot be undone; a new key can be issued."
            )
        ],
        tone="bad",
    )
    return frame.ask(request, page, users.YesForm(frame.sent(request)), run)


# --- subscriptions ----------------------------------------------------------------------------------------------------


class SubscriptionForm(forms.Form):
    """For which partner, where to, and what."""

    desk_id = fields.drop_down(gettext_lazy("Desk of the partner"))
    url = forms.LineField(
        max_length=500,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Begins with https:// and can be reached from the internet."),
    )
    events = forms.ChoicesField(label=gettext_lazy("What is told"))
    active = fields.SwitchField(required=False, label=gettext_lazy("Send events"))

    def __init__(self, *args: Any, partners: list[Any] | None, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "events", [(act, _(words)) for act, words in exchange_rules.EVENTS.items()])
        if partners is None:
            del self.fields["desk_id"]
        else:
            del self.fields["active"]
            fields.choose(self, "desk_id", fields.desk_choices(partners, _("Choose")))


@officer("subscription.add")
def add_subscription(request: Request) -> HttpResponse:
    """Add an address; the secret that signs its events stands on the page that follows."""
    form = SubscriptionForm(frame.sent(request), partners=_partners(request))

    def run(values: dict[str, Any]) -> HttpResponse:
        desk_id = UUID(values.pop("desk_id"))
        made = exchange_actions.add_subscription(by=request.by, at=timezone.now(), desk_id=desk_id, **values)
        context = {"title": made.subscription.url, "secret": made.secret, "kind": "signature"}
        return frame.show(request, "manage/exchange_secret.html", context, here=HERE)

    page = frame.Ask(
        here=HERE,
        title=_("Add an address for events"),
        button=_("Add and show the secret"),
        back=reverse(HERE),
        intro=_(
            "When something happens to a matter that this partner sees, its program is told: which act, on which number. "
            "Nothing that anybody wrote goes along."
        ),
    )
    return frame.ask(request, page, form, run)


@officer("subscription.change")
def change_subscription(request: Request, subscription_id: UUID) -> HttpResponse:
    """Change an address, what it is told, or let it rest."""
    found = exchange_access.subscription_for(request.by, subscription_id)
    initial = {"url": found.url, "events": found.events, "active": found.active}
    form = SubscriptionForm(frame.sent(request), partners=None, initial=initial)

    def run(values: dict[str, Any]) -> frame.Done:
        exchange_actions.change_subscription(
            by=request.by, at=timezone.now(), subscription_id=subscription_id, **values
        )
        return _("The address was changed."), reverse(HERE)

    page = frame.Ask(
        here=HERE,
        title=_("Change the address for events"),
        button=_("Save"),
        back=reverse(HERE),
        intro=found.desk.name,
    )
    return frame.ask(request, page, form, run)


@officer("subscription.withdraw")
def withdraw_subscription(request: Request, subscription_id: UUID) -> HttpResponse:
    """End a subscription, with what follows said first."""
    found = exchange_access.subscription_for(request.by, subscription_id)

    def run(_values: dict[str, Any]) -> frame.Done:
        exchange_actions.withdraw_subscription(
            by=request.by, at=timezone.now(), subscription_id=subscription_id
        )
        return _("Nothing more is sent to this address."), reverse(HERE)

    page = frame.Ask(
        here=HERE,
        title=_("Send no more events to this address?"),
        button=_("Send no more"),
        back=reverse(HERE),
        intro=f"{found.desk.name}\n{found.url}",
        warnings=[_("What waits is not sent either.")],
        tone="bad",
    )
    return frame.ask(request, page, users.YesForm(frame.sent(request)), run)


@officer("subscription.test")
@require_POST
def test_subscription(request: Request, subscription_id: UUID) -> HttpResponse:
    """Have a test event sent."""
    exchange_actions.test_subscription(by=request.by, at=timezone.now(), subscription_id=subscription_id)
    messages.success(request, _("A test is on its way. Look at the list below in half a minute."))
    return redirect(HERE)


@officer("dispatch.retry")
@require_POST
def retry_dispatch(request: Request, dispatch_id: UUID) -> HttpResponse:
    """Have an event sent again."""
    try:
        exchange_actions.retry_dispatch(by=request.by, at=timezone.now(), dispatch_id=dispatch_id)
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is sent again within a minute."))
    return redirect(HERE)
