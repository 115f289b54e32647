"""Every address of the installation: see ``docs/map.md`` and the public contract."""

from __future__ import annotations

from django.urls import include, path

from simpul.web import brand, emblem, health

handler400 = "simpul.web.faults.bad_request"
handler403 = "simpul.web.faults.forbidden"
handler404 = "simpul.web.faults.not_found"
handler500 = "simpul.web.faults.server_error"

urlpatterns = [
    path("sehat/", health.health, name="health"),
    *brand.urlpatterns,
    path("lambang/<slug:digest>", emblem.emblem, name="emblem"),
    path("akun/", include("simpul.web.account.urls")),
    path("meja/", include("simpul.web.desk.urls")),
    path("kelola/", include("simpul.web.manage.urls")),
    path("mitra/", include("simpul.web.partner.urls")),
    path("lapangan/", include("simpul.web.field.urls")),
    path("hook/", include("simpul.hooks.urls")),
    path("api/", include("simpul.api.urls")),
    path("sync/v1/", include("simpul.api.sync.urls")),
    path("", include("simpul.web.portal.urls")),
]
