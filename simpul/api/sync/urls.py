"""Addresses under /sync/v1/: docs/sync-protocol.md, sections 6 and 7."""

from __future__ import annotations

from django.urls import path

from simpul.api.sync import cors, files, mirror, talking

urlpatterns = [
    path("enrol", talking.enrol, name="sync_enrol"),
    path("hello", talking.say_hello, name="sync_hello"),
    path("push", talking.push, name="sync_push"),
    path("carry", cors.open_to_all(talking.carry), name="sync_carry"),
    path("pull", talking.pull, name="sync_pull"),
    path("letters", talking.letters, name="sync_letters"),
    path("mail/<uuid:device_id>", cors.open_to_all(talking.mail), name="sync_mail"),
    path("numbers", talking.numbers, name="sync_numbers"),
    path("numbers/return", talking.return_numbers, name="sync_numbers_return"),
    path("mirror", mirror.tables, name="sync_mirror"),
    path("pack/<slug:digest>", cors.open_to_all(files.pack), name="sync_pack"),
    path("blob/<slug:digest>", files.blob, name="sync_blob"),
]
