"""``/meja/posyandu-aturan/``: every health rule with its versions, which is followed here, and what another one would change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import areas
from simpul.lib.ids import uuid7
from simpul.posyandu.access import rulebook as access
from simpul.posyandu.actions import rulebook as actions
from simpul.posyandu.queries import reruns, rulebook
from simpul.posyandu.rules import book as rules
from simpul.regions import queries as region_queries
from simpul.web import forms as web_forms
from simpul.web.desk import area, frame, trying, words
from simpul.web.desk.posyandu_rules import forms, shown
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

READING = ("posyandu.read",)
NAV = "desk_posyandu_rules"
PERIOD = 90
"""Days that a preview looks back when nobody says otherwise."""


class Asked:
    """Where and on which day: the area that was typed or the seat's own, today or the day of the address."""

    def __init__(self, request: Request) -> None:
        self.by, self.at = request.by, timezone.now()
        given = request.GET
        self.area = area.read(request.by, given.get("wilayah", ""))
        self.region = self.area.code or request.by.served_areas[0]
        if not request.by.serves(self.region):
            raise Http404
        self.today = self.at.astimezone(desk_queries.zone_of(self.region)).date()
        self.day_fault = ""
        self.day = self._day(given.get("hari", "")) or self.today
        self.named = roles.may_somewhere(request.by, "examination.read")
        since = self._day(given.get("sejak", "")) or self.today - timedelta(days=PERIOD)
        self.since = since if self.named else since.replace(day=1)
        self.place = region_queries.path_names(self.region)
        self.may_choose = roles.may(request.by, "rulechoice.set", roles.Place(region_code=self.region))
        self.may_apply = roles.may(request.by, "rerun.apply", roles.Place(region_code=self.region))
        self.over = self.region if self.named else self._own()

    def _day(self, typed: str) -> date | None:
        """A day as it was typed; one that cannot be read is said to be so."""
        found = web_forms.read_date(typed) if typed else None
        if typed and found is None:
            self.day_fault = str(web_forms.DateField.default_error_messages["invalid"])
        return found

    def _own(self) -> str:
        """What a preview counts for seats that may not see names: two areas that differ by one entry would tell of it, so all of it."""
        return min(
            (one for one in self.by.served_areas if self.region.startswith(one)), key=len, default=self.region
        )

    def kept(self, **more: str) -> str:
        """What the address keeps."""
        return urlencode({"wilayah": self.region, "hari": self.day.isoformat(), **more})


@officer(*READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """All rules by topic, each with the version that is followed here."""
    asked = Asked(request)
    found = rulebook.rulebook(asked.region, asked.day)
    chosen = {one.rule for one in rulebook.choices_over(asked.region) if one.counts(asked.region, asked.day)}
    groups = [
        {
            "name": name,
            "rules": [
                _row(rule, found[rule.code], asked, chosen=rule.code in chosen)
                for rule in rulebook.shipped()
                if rule.topic == topic
            ],
        }
        for topic, name in shown.topics().items()
    ]
    return frame.show(
        request,
        "desk/posyandu_rules/list.html",
        {"asked": asked, "area": asked.area, "groups": groups, **_frame(asked)},
        here=NAV,
    )


def _frame(asked: Asked) -> dict[str, Any]:
    return {
        "day": words.day(asked.day),
        "day_typed": _typed(asked.day),
        "since": words.day(asked.since),
        "since_typed": _typed(asked.since),
        "list_url": f"{reverse('desk_posyandu_rules')}?{asked.kept()}",
        "again_url": f"{reverse('desk_posyandu_rules_again')}?{asked.kept()}",
        "may_look": asked.named or asked.may_apply,
    }


def _typed(day: date) -> str:
    """A day as it is written in a box of this house: 17/8/2026."""
    return f"{day.day}/{day.month}/{day.year}"


def _row(rule: rules.Rule, followed: rules.Version, asked: Asked, *, chosen: bool) -> dict[str, Any]:
    return {
        "name": rule.label(portal_words.language()),
        "url": f"{reverse('desk_posyandu_rule', args=[rule.code])}?{asked.kept()}",
        "version": shown.version(followed, followed),
        "others": len(rule.versions) - 1,
        "chosen": chosen,
    }


@officer(*READING)
def one(request: Request, code: str) -> HttpResponseBase:
    """One rule: versions, choices, what another version would change, and for managers the choice."""
    asked, rule = Asked(request), rulebook.rule(code)
    if rule is None:
        raise Http404
    followed = rulebook.rulebook(asked.region, asked.day)[code]
    form = _choice_form(request, asked, rule, followed) if asked.may_choose else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and _choose(request, asked, rule, form):
            messages.success(
                request, _("The choice is kept. Results that are stored stay until they are judged again.")
            )
            return redirect(f"{reverse('desk_posyandu_rule', args=[code])}?{asked.kept()}")
    wished = rule.version(request.GET.get("versi", ""))
    context = {
        "asked": asked,
        "area": asked.area,
        "name": rule.label(portal_words.language()),
        "rule": rule,
        "versions": [
            shown.version(one, followed)
            for one in sorted(rule.versions, key=lambda one: one.code != followed.code)
        ],
        "choices": [_choice(one, asked) for one in rulebook.history(code, asked.region)],
        "others": [
            (one.code, one.label(portal_words.language()))
            for one in rule.versions
            if one.code != followed.code
        ],
        "wished": wished.label(portal_words.language()) if wished else "",
        "wished_code": wished.code if wished else "",
        "form": form,
        **_frame(asked),
        **_preview(asked, {code: wished.code} if wished else None),
    }
    status = 422 if form is not None and form.errors else 200
    return frame.show(request, "desk/posyandu_rules/rule.html", context, status=status, here=NAV)


def _choice_form(request: Request, asked: Asked, rule: rules.Rule, followed: rules.Version) -> Any:
    language = portal_words.language()
    versions = [(one.code, one.label(language)) for one in rule.versions]
    first = {"key": uuid7(), "from_date": asked.today, "version": followed.code}
    return forms.ChoiceForm(request.POST or None, versions=versions, initial=first)


def _choose(request: Request, asked: Asked, rule: rules.Rule, form: Any) -> bool:
    given = form.cleaned_data
    return trying.run(
        form,
        lambda: actions.set_rulechoice(
            by=request.by,
            at=asked.at,
            rule=rule.code,
            version=given["version"],
            region_code=asked.region,
            from_date=given["from_date"],
            until_date=given["until_date"],
            reason=given["reason"],
            choice_id=given["key"],
        ),
    )


def _choice(one: Any, asked: Asked) -> dict[str, Any]:
    known = rulebook.rule(one.rule)
    version = known.version(one.version) if known else None
    return {
        "version": version.label(portal_words.language()) if version else one.version,
        "place": region_queries.path_names(one.region_code),
        "since": words.day(one.from_date),
        "until": words.day(one.until_date) if one.until_date else "",
        "reason": one.reason,
        "by": one.set_by,
        "ended": one.ended_why,
        "back": one.until_date is not None and one.until_date < one.from_date,
        "end_url": f"{reverse('desk_posyandu_rule_end', args=[one.id])}?{asked.kept()}"
        if one.ended_at is None and _may_end(asked, one)
        else "",
    }


def _may_end(asked: Asked, one: Any) -> bool:
    return roles.may(asked.by, "rulechoice.end", roles.Place(region_code=one.region_code))


def _preview(asked: Asked, wished: dict[str, str] | None, *, always: bool = False) -> dict[str, Any]:
    """What would change; nothing for those who neither work with people nor may apply it, and not for too many at once."""
    if not (asked.named or asked.may_apply) or not (wished or always):
        return {}
    over = {"over": region_queries.path_names(asked.over) or _("the area of your seat")}
    rows = access.judged(asked.by).filter(areas.inside(asked.over))
    looked = reruns.size(rows, asked.since)
    if looked > actions.MOST:
        return {"too_many": looked, "most": actions.MOST, "may_store": not asked.named, **over}
    found = reruns.tally(rows, asked.over, asked.since, wished)
    return {"preview": shown.counted(found, named=asked.named), "may_store": found.changed > 0, **over}


@officer("rulechoice.end")
def end(request: Request, choice_id: UUID) -> HttpResponseBase:
    """End a choice, or take it back."""
    asked = Asked(request)
    choice = trying.found(access.choice_for, request, choice_id)
    if not _may_end(asked, choice):
        raise Http404
    back = f"{reverse('desk_posyandu_rule', args=[choice.rule])}?{asked.kept()}"
    form = forms.EndForm(request.POST or None, initial={"until_date": max(asked.today, choice.from_date)})
    if request.method == "POST" and form.is_valid() and _end(request, asked, choice, form):
        messages.success(
            request, _("The choice has ended. After its last day the default is followed again.")
        )
        return redirect(back)
    context = {"form": form, "choice": _choice(choice, asked), "back": back}
    status = 422 if form.errors else 200
    return frame.show(request, "desk/posyandu_rules/end.html", context, status=status, here=NAV)


def _end(request: Request, asked: Asked, choice: Any, form: Any) -> bool:
    given = form.cleaned_data
    return trying.run(
        form,
        lambda: actions.end_rulechoice(
            by=request.by,
            at=asked.at,
            choice_id=choice.id,
            until_date=given["until_date"],
            why=given["why"],
        ),
    )


@officer(*READING)
def again(request: Request) -> HttpResponseBase:
    """Entries beside the rules in force: whose result would change, and for managers the act that stores it."""
    asked = Asked(request)
    form = None
    if asked.may_apply:
        first = {"key": uuid7(), "since": asked.since}
        form = forms.AgainForm(request.POST or None, initial=first)
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and _apply(request, asked, form):
            messages.success(request, _("Done. The old results are kept beside the new ones."))
            return redirect(f"{reverse('desk_posyandu_rules_again')}?{asked.kept()}")
    context = {
        "asked": asked,
        "area": asked.area,
        "form": form,
        "reruns": [_rerun(one, asked) for one in _reruns(asked)],
        **_frame(asked),
        **_preview(asked, None, always=True),
    }
    status = 422 if form is not None and form.errors else 200
    return frame.show(request, "desk/posyandu_rules/again.html", context, status=status, here=NAV)


def _apply(request: Request, asked: Asked, form: Any) -> bool:
    given = form.cleaned_data
    since: date = given["since"]
    return trying.run(
        form,
        lambda: actions.apply_rerun(
            by=request.by,
            at=asked.at,
            region_code=asked.region,
            since_date=since,
            reason=given["reason"],
            rerun_id=given["key"],
        ),
    )


def _reruns(asked: Asked) -> list[Any]:
    return list(access.reruns(asked.by).filter(areas.inside(asked.region)).order_by("-made_at")[:10])


def _rerun(one: Any, asked: Asked) -> dict[str, Any]:
    looked, changed = (one.looked, one.changed) if asked.named else shown.pair(one.looked, one.changed)
    return {
        "place": region_queries.path_names(one.region_code),
        "since": words.day(one.from_date),
        "day": words.day(one.until_date),
        "reason": one.reason,
        "looked": looked,
        "changed": changed,
        "by": one.made_by,
    }
