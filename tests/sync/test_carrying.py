"""Carrying for others: a node holds what it cannot read and hands it on, a server that carries for nobody says so, letters go back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from simpul.api.sync import talking
from simpul.jobs import nodes
from simpul.journal.models import Line
from simpul.lib import sealing
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotAllowed
from simpul.lib.keys import ring
from simpul.sync import handlers
from simpul.sync.actions import _carried, blobs, bundling, carrying, receiving, upward
from simpul.sync.models import Blob, Carried, Envelope, Letter, Parent
from simpul.sync.queries import bundles as queries
from simpul.sync.queries import upward as upward_queries
from simpul.sync.rules import bundles, segments
from tests.cast import Cast
from tests.sync.bundle_parts import NOW, Phone

ABOVE = sealing.public_of(Phone().seal)


def below() -> Parent:
    """Make this installation a village node below another server."""
    server = Phone()
    return upward.join_parent(
        by=MACHINE,
        at=NOW,
        joined=upward.Joined(
            url="https://induk.contoh.id/",
            device_id=server.id,
            areas=["7602132001"],
            seal_public=ABOVE,
            sign_public=server.public,
            generation="g1",
            lease_until=None,
            keys={"sign": server.sign.private_bytes_raw().hex(), "seal": "11" * 32},
        ),
    )


def keep(*envelopes: segments.Envelope) -> list[tuple[str, str]]:
    """What is said of each envelope."""
    kept = receiving.keep_envelopes(by=MACHINE, at=NOW, envelopes=list(envelopes), road="node")
    return [(one.state, one.reason) for one in kept.receipts]


def test_a_server_that_carries_for_nobody_says_so(cast: Cast) -> None:
    assert keep(Phone().envelope(to=ABOVE)) == [("refused", "foreign")]
    assert not Carried.objects.exists()


def test_a_node_holds_what_it_cannot_read_once(cast: Cast) -> None:
    below()
    phone = Phone()
    one = phone.envelope(2, to=ABOVE)
    assert keep(one) == [("held", "")]
    assert keep(one, one) == [("duplicate", ""), ("duplicate", "")]
    row = Carried.objects.get()
    assert (row.device_id, row.first, row.last, row.own, row.forwarded_at) == (phone.id, 1, 2, False, None)
    assert segments.read(bytes(row.content)) == [one]
    assert not Envelope.objects.exists()
    assert Line.objects.filter(kind="envelopes.carry").count() == 1


def test_its_own_phones_are_received_here(cast: Cast) -> None:
    below()
    phone = Phone()
    phone.known(cast)
    assert keep(phone.envelope(), Phone().envelope(to=ABOVE)) == [("stored", ""), ("held", "")]


def test_room_for_others_ends(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    below()
    monkeypatch.setattr(carrying, "MOST_BYTES", 1_000)
    phone = Phone()
    assert keep(phone.envelope(to=ABOVE)) == [("held", "")]
    assert keep(phone.envelope(to=ABOVE), phone.envelope(to=ABOVE)) == [("refused", "full")] * 2


def test_what_arrived_is_let_go_after_a_month_and_own_work_only_when_it_is_safe(cast: Cast) -> None:
    parent = below()
    theirs = Phone().envelope(to=ABOVE)
    keep(theirs)
    own = _carried.Wrapped("envelope", parent.device_id, "a" * 64, b"x", parent.epoch, 1, 3, own=True)
    _carried.keep([own], NOW)
    assert carrying.note_forwarded(by=MACHINE, at=NOW, names=[theirs.name, own.name]) == 2
    assert carrying.forget_carried(by=MACHINE, at=NOW + timedelta(days=29)) == 0
    assert carrying.forget_carried(by=MACHINE, at=NOW + timedelta(days=31)) == 1
    assert Carried.objects.get().name == own.name
    Parent.objects.update(safe_seq=3)
    assert carrying.forget_carried(by=MACHINE, at=NOW + timedelta(days=31)) == 1


def test_a_server_that_went_back_is_sent_the_rest_again(cast: Cast) -> None:
    parent = below()
    _carried.keep(
        [
            _carried.Wrapped("envelope", parent.device_id, str(n) * 64, b"x", parent.epoch, n, n, own=True)
            for n in (1, 2, 3)
        ],
        NOW,
    )
    carrying.note_forwarded(by=MACHINE, at=NOW, names=[str(n) * 64 for n in (1, 2, 3)])
    assert carrying.note_missing(by=MACHINE, at=NOW, epoch=parent.epoch, after=1) == 2
    assert Carried.objects.filter(forwarded_at=None).count() == 2
    assert queries.waiting().own_events == 2


def test_letters_are_kept_once_and_handed_out_to_whoever_carries(cast: Cast, client: Client) -> None:
    below()
    phone = Phone()
    letters = [bundles.Letter(phone.id, number, b"sealed %d" % number) for number in (1, 2)]
    assert carrying.keep_letters(by=MACHINE, at=NOW, letters=letters) == 2
    assert carrying.keep_letters(by=MACHINE, at=NOW, letters=letters) == 0
    answer = client.get(reverse("sync_mail", args=[phone.id]), {"after": 1})
    assert [number for number, _sealed in answer.json()["letters"]] == [2]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert Letter.objects.count() == 2


def test_a_phone_of_another_origin_may_hand_over(cast: Cast, client: Client) -> None:
    below()
    asked = client.options(
        reverse("sync_carry"),
        headers={
            "Origin": "https://induk.contoh.id",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Private-Network": "true",
        },
    )
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert asked["Access-Control-Allow-Private-Network"] == "true"
    assert "Set-Cookie" not in asked.headers
    phone = Phone()
    body = segments.write([phone.envelope(to=ABOVE)])
    answer = client.post(reverse("sync_carry"), body, content_type="application/x-simpul-envelopes")
    assert [row[1] for row in answer.json()["received"]] == ["held"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    for closed in ("sync_hello", "sync_push", "sync_enrol"):
        assert "Access-Control-Allow-Origin" not in client.post(reverse(closed)).headers


def test_a_bundle_with_a_photo_is_handed_over_nearby(cast: Cast, client: Client) -> None:
    phone = Phone()
    phone.known(cast)
    photo = b"\xff\xd8 no photo at all"
    parts = [
        ("envelopes", segments.write([phone.envelope()])),
        ("blobs", bundles.write_files([phone.file(photo)])),
    ]
    answer = client.post(
        reverse("sync_carry"), phone.bundle(parts), content_type="application/x-simpul-envelopes"
    )
    assert [row[1] for row in answer.json()["received"]] == [
        "stored",
        "refused",
    ]  # it is no photo: said, and kept out
    assert Blob.objects.get().state == "refused"
    below()
    stranger = Phone()
    sealed = bundles.File(stranger.id, "ab" * 32, b"sealed elsewhere")
    answer = client.post(
        reverse("sync_carry"), bundles.write_files([sealed]), content_type="application/x-simpul-envelopes"
    )
    assert answer.json()["received"] == [["ab" * 32, "held", ""]]


def test_what_a_node_holds_goes_into_its_bundle(cast: Cast) -> None:
    parent = below()
    one = Phone().envelope(to=ABOVE)
    keep(one)
    data = bundling.export_bundle(by=cast.village_officer, at=NOW)
    found = bundles.read(data)
    assert found.by == str(parent.device_id)
    assert segments.read(found.parts[0].content or b"") == [one]
    assert queries.inspect(data).signature == "good"
    carrying.note_forwarded(by=MACHINE, at=NOW, names=[one.name])
    assert not bundles.read(bundling.export_bundle(by=cast.village_officer, at=NOW)).parts
    assert bundles.read(bundling.export_bundle(by=cast.village_officer, at=NOW, again=True)).parts


@pytest.mark.parametrize(
    "act",
    [
        lambda: carrying.carry_envelopes(by=ANYBODY, at=NOW, envelopes=[]),
        lambda: carrying.carry_files(by=ANYBODY, at=NOW, files=[]),
        lambda: carrying.keep_letters(by=ANYBODY, at=NOW, letters=[]),
        lambda: carrying.keep_packs(by=ANYBODY, at=NOW, packs=[]),
        lambda: carrying.note_forwarded(by=ANYBODY, at=NOW, names=[]),
        lambda: carrying.note_missing(by=ANYBODY, at=NOW, epoch="", after=0),
        lambda: carrying.forget_carried(by=ANYBODY, at=NOW),
        lambda: bundling.carry_bundle(by=ANYBODY, at=NOW, data=b""),
        lambda: upward.write_lines(by=ANYBODY, at=NOW),
        lambda: upward.note_parent(by=ANYBODY, at=NOW, told=None),
        lambda: upward.retry_parent(by=ANYBODY, at=NOW),
        lambda: upward.obey_erasures(by=ANYBODY, at=NOW, orders=[]),
    ],
)  # fmt: skip
def test_the_public_may_not(cast: Cast, act: object) -> None:
    with pytest.raises(NotAllowed):
        act()  # type: ignore[operator]


def test_every_act_that_travels_has_a_handler_above() -> None:
    known = {kind.partition("/")[0] for kind in handlers.TABLE}
    assert set(upward_queries.TABLE) <= known
    assert "line.note" in known


def test_packs_are_kept_and_do_not_wait(cast: Cast) -> None:
    below()
    assert carrying.keep_packs(by=MACHINE, at=NOW, packs=[b"a pack", b"a pack"]) == 1
    assert queries.waiting().files == 0


def test_a_bundle_is_seen_and_taken_in_at_the_desk(cast: Cast, client: Client) -> None:
    phone = Phone()
    phone.known(cast)
    client.force_login(cast.user("village_officer"))
    text = bundles.as_text(phone.bundle([("envelopes", segments.write([phone.envelope(3)]))]))
    looked = client.post(reverse("desk_bundles"), {"text": text})
    assert looked.status_code in (200, 302), looked.content[:300]
    assert json.dumps("HP contoh")[1:-1] in looked.content.decode()
    assert not Envelope.objects.exists()
    client.post(reverse("desk_bundle_take"), {"text": text})
    assert Envelope.objects.count() == 1
    bad = client.post(reverse("desk_bundles"), {"text": "halo"})
    assert bad.status_code == 422
    sent = client.post(reverse("desk_bundle_export"), {"bentuk": "teks"})
    assert sent.content.startswith(b"SIMPUL BUNDLE 1")


def test_a_file_shorter_than_what_is_here_stops_nothing(cast: Cast, client: Client) -> None:
    """Somebody hands over other bytes under the name of a file that is on its way: the rest of the bundle is taken."""
    phone = Phone()
    phone.known(cast)
    begun = blobs.Piece("ab" * 32, 0, 1000, b"x" * 500)
    blobs.receive_blob(by=MACHINE, at=NOW, device_id=phone.id, piece=begun)
    info = bundles.File(phone.id, "ab" * 32, b"").info
    short = bundles.File(phone.id, "ab" * 32, sealing.seal(ring().seal_public(), b"short", info))
    found = bundling.carry_bundle(
        by=MACHINE, at=NOW, data=bundles.write_files([short, phone.file(b"no photo")])
    )
    assert [(one.state, one.reason) for one in found.receipts] == [
        ("refused", "blob.offset"),
        ("refused", "file.type_unknown"),
    ]
    assert Blob.objects.get(digest="ab" * 32).have == 500


def test_letters_of_somebody_unknown_keep_no_true_one_out(cast: Cast) -> None:
    below()
    phone = Phone()
    forged = [("letters", bundles.write_letters([bundles.Letter(phone.id, 1, b"forged")]))]
    done = bundling.import_bundle(by=cast.village_officer, at=NOW, data=Phone().bundle(forged))
    assert (done.signature, done.letters, Letter.objects.exists()) == ("unknown", 0, False)


def test_what_the_server_above_cannot_read_is_passed_over_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    below()
    good, refused, bad = Phone().envelope(to=ABOVE), Phone().envelope(to=ABOVE), Phone().envelope(to=ABOVE)
    keep(bad, good, refused)

    class Above:
        def ask(self, _method: str, _path: str, body: bytes, **_how: object) -> tuple[int, bytes]:
            sent = [one.name for one in segments.read(body)]
            if bad.name in sent:
                return 400, b"{}"
            said = {good.name: ["stored", ""], refused.name: ["refused", "signature"]}
            return 200, json.dumps({"received": [[name, *said[name]] for name in sent]}).encode()

    done = nodes.Talk()
    nodes._hand_on(Above(), NOW, done)  # type: ignore[arg-type]
    assert done.carried == 1
    assert list(Carried.objects.filter(forwarded_at=None).values_list("name", flat=True)) == [bad.name]


def test_who_proves_nothing_does_not_fill_the_disk(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    below()
    cache.clear()
    monkeypatch.setattr(talking, "CARRIED_AN_HOUR", 1_500)
    answers = [
        client.post(
            reverse("sync_carry"),
            segments.write([Phone().envelope(to=ABOVE)]),
            content_type="application/octet-stream",
        ).status_code
        for _turn in range(8)
    ]
    assert answers[0] == 200 and answers[-1] == 429


def test_files_that_no_entry_names_are_few(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone()
    phone.known(cast)
    monkeypatch.setattr(blobs, "MOST_UNNAMED", 1_500)

    def send(sign: str) -> Blob:
        piece = blobs.Piece(sign * 64, 0, 1000, b"x" * 10)
        return blobs.receive_blob(by=MACHINE, at=NOW, device_id=phone.id, piece=piece)

    assert send("a").have == 10
    with pytest.raises(blobs.TooManyFiles):
        send("b")
