"""The sample's voices: coded, one rumour answered, one thing that changed, the same every time."""

from __future__ import annotations

from random import Random

import pytest

from simpul.demo import voices
from simpul.demo.stage import ZONE, Stage
from simpul.feedback import actions
from simpul.feedback.models import Change, Record, Rumour
from simpul.lib.actor import MACHINE
from tests.cast import BOTTENG, DUNGKAIT, NOW, assemble


@pytest.mark.django_db
def test_the_sample_listens() -> None:
    cast = assemble()
    actions.load_frame(by=MACHINE, at=NOW)
    stage = Stage(now=NOW.astimezone(ZONE), rng=Random(1), hamlets={DUNGKAIT: [cast.hamlet]})
    voices.tell(stage, cast.admin, [DUNGKAIT, BOTTENG])
    assert Record.objects.count() == voices.COUNT
    assert 0 < Record.objects.filter(state="new").count() < 12
    assert Rumour.objects.get().verdict == "untrue" and Change.objects.get().is_public
    assert not Record.objects.filter(received_at__gt=NOW).exists()
