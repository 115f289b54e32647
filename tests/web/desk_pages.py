"""What tests of the desk share: sign somebody of the cast in, and read what a page shows."""

from __future__ import annotations

import html
import io
import re
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.cast import Cast

BACKEND = "simpul.accounts.signin.NameMailOrPhone"


def sit(cast: Cast, part: str) -> Client:
    """A browser in which this part of the cast has signed in, with a second factor, and sits in their seat."""
    client = Client()
    client.force_login(cast.user(part), backend=BACKEND)
    session = client.session
    session["seat"] = str(cast.seats[part].id)
    session["account_authentication_methods"] = [{"method": "password"}, {"method": "mfa"}]
    session.save()
    return client


def words(answer: Any) -> str:
    """What stands on a page, without its tags, white space single."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def act(client: Client, case_id: UUID, slug: str, **given: Any) -> Any:
    """Press the button of one act of the case page."""
    return client.post(
        f"/meja/kasus/{case_id}/{slug}/", {f"{slug}-{name}": value for name, value in given.items()}
    )


def photo(name: str = "foto.jpg") -> SimpleUploadedFile:
    """A small photo as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "green").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
