"""Residents at the public form, in a program of their own: says what each was answered.

``python -m tests.faults.resident COUNT`` inside an installation walks the pages of /lapor/ once for each line on standard input.
It prints "200 NUMBER" for every receipt, or the status of the page that refused, with how many cases were kept all the same.
"""

from __future__ import annotations

import sys
from typing import Any

from tests.cli import small


def main(count: int) -> None:
    """Send that many reports, one after the other."""
    small.open_house()
    from simpul.cli import house  # noqa: PLC0415 - after Django is ready

    house.collect_static()
    print("ready", flush=True)
    for _turn in range(count):
        sys.stdin.readline()
        print(_one(), flush=True)


def _one() -> str:
    from django.test import Client  # noqa: PLC0415 - after Django is ready
    from django.urls import reverse  # noqa: PLC0415

    from simpul.cases.models import Case  # noqa: PLC0415
    from tests.cast import DUNGKAIT  # noqa: PLC0415

    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    answers: list[tuple[str, dict[str, Any]]] = [
        (
            "report_story",
            {"jenis": "complaint", "text": "Lampu jalan di dusun kami padam sejak sebulan lalu."},
        ),
        ("report_place", {"region": DUNGKAIT, "place": "Dusun Taludu"}),
        ("report_details", {}),
        ("report_person", {"mode": "self", "name": "Nurhayati"}),
        ("report_similar", {}),
        ("report_check", {}),
    ]
    page: Any = None
    before = Case.objects.count()
    for name, given in answers:
        if name in ("report_check", "report_similar"):
            client.get(reverse(name), secure=True)
        page = client.post(reverse(name), given, secure=True)
        if page.status_code >= 400:
            kept = Case.objects.count() - before
            return f"{page.status_code} {kept} kept, retry after {page.headers.get('Retry-After', '-')}"
    if page.status_code == 302 and Case.objects.count() == before + 1:
        return f"200 {Case.objects.order_by('-recorded_at').values_list('number', flat=True)[0]}"
    return f"{page.status_code} {page.headers.get('Location', '')}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
