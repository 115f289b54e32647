"""The safe-contact rule, as a matrix: whose contact, what they said about it, which matter, what we want."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.people import rules
from simpul.people.rules import Detail, safe_road


@dataclass(frozen=True)
class Way:
    channel: str = "phone"
    owner: str = "own"
    safe_to_call: bool | None = True
    safe_to_write: bool | None = True
    warning: str = ""
    address: str = "+6281244556677"
    is_current: bool = True


def detail(way: Way, wants: rules.Wants, *, sensitive: bool = False) -> Detail | None:
    road = safe_road([way], wants=wants, sensitive=sensitive)
    return road.detail if road else None


# owner, said safe?, sensitive -> how much may be said
MATRIX = [
    ("own", True, False, Detail.FULL),
    ("own", None, False, Detail.FULL),
    ("own", False, False, None),
    ("own", True, True, Detail.CALL_US),
    ("own", None, True, None),
    ("own", False, True, None),
    ("family", True, False, Detail.FULL),
    ("family", None, False, Detail.FULL),
    ("family", False, False, None),
    ("family", True, True, None),
    ("neighbour", True, False, Detail.CALL_US),
    ("neighbour", None, False, Detail.CALL_US),
    ("neighbour", True, True, None),
    ("officer", True, False, Detail.CALL_US),
    ("officer", True, True, None),
    ("unknown", True, False, Detail.CALL_US),
    ("unknown", None, False, Detail.CALL_US),
    ("unknown", False, False, None),
    ("unknown", True, True, None),
]


@pytest.mark.parametrize("wants", ["write", "call"])
@pytest.mark.parametrize(("owner", "safe", "sensitive", "expected"), MATRIX)
def test_what_may_be_said_follows_whose_contact_it_is(
    owner: str, safe: bool | None, sensitive: bool, expected: Detail | None, wants: rules.Wants
) -> None:
    way = Way(owner=owner, safe_to_call=safe, safe_to_write=safe)
    assert detail(way, wants, sensitive=sensitive) is expected


def test_calling_and_writing_are_asked_apart() -> None:
    way = Way(safe_to_call=True, safe_to_write=False)
    assert detail(way, "call") is Detail.FULL
    assert detail(way, "write") is None


def test_a_warning_leaves_only_please_call_and_closes_the_road_for_a_sensitive_matter() -> None:
    way = Way(warning="suami memegang telepon ini")
    assert detail(way, "write") is Detail.CALL_US
    assert detail(way, "write", sensitive=True) is None


def test_a_number_nobody_can_understand_can_be_dialled_but_not_written_to() -> None:
    way = Way(address="")
    assert detail(way, "write") is None
    assert detail(way, "call") is Detail.FULL


def test_an_old_contact_and_a_visit_are_no_roads() -> None:
    assert safe_road([Way(is_current=False), Way(channel="visit", address="")], wants="call") is None


def test_own_mailbox_is_taken_before_a_neighbours_phone() -> None:
    own, neighbour = Way(channel="email", address="a@b.id"), Way(owner="neighbour")
    road = safe_road([neighbour, own], wants="write")
    assert road is not None
    assert road.contact is own


def test_only_channels_that_are_up_are_used() -> None:
    phone, mail = Way(), Way(channel="email", address="a@b.id")
    road = safe_road([phone, mail], wants="write", channels=["email"])
    assert road is not None
    assert road.contact is mail
    assert safe_road([phone], wants="write", channels=["email"]) is None


WAYS = st.lists(
    st.builds(
        Way,
        channel=st.sampled_from(rules.CHANNELS),
        owner=st.sampled_from([*rules.OWNERS, "somebody else"]),
        safe_to_call=st.sampled_from([True, False, None]),
        safe_to_write=st.sampled_from([True, False, None]),
        warning=st.sampled_from(["", "hati-hati"]),
        address=st.sampled_from(["", "+6281244556677"]),
        is_current=st.booleans(),
    ),
    max_size=5,
)


@given(WAYS, st.sampled_from(["write", "call"]), st.booleans())
def test_no_mixture_of_contacts_ever_breaks_the_promises(
    ways: list[Way], wants: rules.Wants, sensitive: bool
) -> None:
    road = safe_road(ways, wants=wants, sensitive=sensitive)
    if road is None:
        return
    chosen = road.contact
    safe = chosen.safe_to_write if wants == "write" else chosen.safe_to_call
    assert safe is not False
    assert chosen.is_current
    if sensitive:
        assert chosen.owner == "own"
        assert safe is True
        assert road.detail is Detail.CALL_US
    if road.detail is Detail.FULL:
        assert chosen.owner in ("own", "family")
        assert not chosen.warning


def test_contacts_are_masked_for_those_who_need_not_reach_the_person() -> None:
    assert rules.mask_contact("email", "siti@desa.id") == "s***@desa.id"
    assert "4455" not in rules.mask_contact("phone", "+6281244556677")
    assert rules.mask_contact("visit", "rumah panggung dekat masjid") == "***"
