"""Setting a post up: keys, equipment, how long names stay, and the tablet at the door."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.village_post.access import duty as access
from simpul.village_post.actions import posts as actions
from simpul.web import reading
from simpul.web.desk import trying
from simpul.web.desk.post import forms, shared
from simpul.web.policy import Request, officer

HERE = "desk_post_setup"


@officer("post.set")
def setup(request: Request) -> HttpResponseBase:
    """What the post has; a desk of the village that is no post yet can be made one."""
    post = shared.chosen(request)
    desks = [one for one in access.desks_for_posts(request.by) if not hasattr(one, "post")]
    if post is None:
        return shared.show(request, None, "desk/post/setup.html", HERE, {"desks": desks, "form": None})
    first = {
        "keys": "\n".join(post.keys),
        "equipment": "\n".join(post.equipment),
        "visitor_days": post.visitor_days,
    }
    form = forms.SetupForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and trying.run(form, lambda: _save(request, post, form)):
        messages.success(request, _("Saved."))
        return redirect(HERE)
    kiosk = ""
    if post.kiosk_token:
        kiosk = request.build_absolute_uri(reverse("portal_kiosk", args=[post.kiosk_token]))
    context = {"desks": desks, "form": form, "kiosk": kiosk}
    return shared.show(request, post, "desk/post/setup.html", HERE, context, 422 if form.errors else 200)


def _save(request: Request, post: Any, form: forms.SetupForm) -> None:
    given = form.cleaned_data
    actions.set_post(
        by=request.by,
        at=timezone.now(),
        desk_id=post.desk_id,
        visitor_days=given["visitor_days"],
        keys=given["keys"].splitlines(),
        equipment=given["equipment"].splitlines(),
    )


@officer("post.set")
@require_POST
def begin(request: Request) -> HttpResponseBase:
    """Make a desk of the village a post."""
    desk_id = reading.known_key(request.POST.get("desk", ""))

    def act() -> None:
        post = actions.set_post(by=request.by, at=timezone.now(), desk_id=desk_id)
        request.session[shared.POST_KEY] = str(post.id)
        messages.success(request, _("The post is set up. Next: a pattern of turns, then the roster."))

    return trying.attempt(request, act, reverse(HERE))


@officer("kiosk.open")
@require_POST
def kiosk(request: Request, step: str) -> HttpResponseBase:
    """Switch the tablet at the door on or off."""
    post = shared.post_or_404(request)
    steps = {"buka": actions.open_kiosk, "tutup": actions.close_kiosk}
    if step not in steps:
        raise Http404
    return trying.attempt(
        request,
        lambda: steps[step](by=request.by, at=timezone.now(), post_id=post.id),
        reverse(HERE),
    )
