"""The interface itself: its document, its keys, and its addresses. There is no page that loads scripts from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from simpul.api import policy, rest_of  # noqa: F401 - rest_of registers its converter
from simpul.api.v1 import cases, common, events, problems
from simpul.lib.errors import NotFound


class API(NinjaAPI):
    """Ninja's, with errors described as what they are: problem details, not ordinary JSON."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The document of the interface."""
        schema = super().get_openapi_schema(**options)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status, response in operation["responses"].items():
                    content = response.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        content[problems.MEDIA_TYPE] = content.pop("application/json")
        return schema


api = API(
    title="Simpul",
    version="1",
    description="Matters forwarded to a partner's desk, intake, published answers, and signed events.",
    docs_url=None,
    urls_namespace="api_v1",
    openapi_url="/openapi.json",
    openapi_extra={"info": {"license": {"name": "AGPL-3.0-or-later"}}},
)
problems.register(api)
api.add_router("", common.router)
api.add_router("", cases.router)
api.add_router("", events.router)


@policy.public
def no_such_thing(request: HttpRequest, **_rest: str) -> HttpResponse:
    """Everything else under this address."""
    return problems.of_refusal(request, NotFound())


def _addresses() -> list[URLPattern]:
    """Ninja's addresses, each with its declared policy; the document is public, everything else wants a key."""
    urls, _app, _namespace = api.urls
    found = []
    for url in urls:
        if not isinstance(url, URLPattern) or url.name == "api-root":
            continue
        guard: Callable[[Any], Any] = policy.public if url.name == "openapi-json" else policy.token
        url.callback = guard(_whole(url.callback))
        found.append(url)
    return found


def _whole(view: Any) -> Any:
    """A view that answers a wrong method as a problem, too."""

    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found: HttpResponse = view(request, *args, **kwargs)
        if found.status_code != 405:
            return found
        problem = problems.answer(405, "api.method_not_allowed", _("This address does not take this method."))
        problem["Allow"] = found["Allow"]
        return problem

    return answered


urlpatterns = [
    *_addresses(),
    path("", no_such_thing, name="api-root"),
    path("<anything:rest>", no_such_thing),
]
