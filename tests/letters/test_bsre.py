"""BSrE: off at first, asked in the documented shape, its file stored before the letter says so; the passphrase leaves no trace."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simpul.journal.models import Line
from simpul.letters.actions import bsre, revoking
from simpul.letters.models import Letter, Office
from simpul.letters.queries import proof as queries
from simpul.letters.render import signing
from simpul.lib.errors import NotFound
from simpul.lib.files import FileStore
from tests.cast import DUNGKAIT, NOW, Cast
from tests.letters import sealed
from tests.peers import bsre as peer


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> FileStore:
    """A folder of files of this test's own."""
    settings.SIMPUL_FILES = tmp_path
    return FileStore(tmp_path)


@pytest.fixture
def service() -> Iterator[peer.Service]:
    """The other side."""
    with peer.running() as running:
        yield running


def switched_on(cast: Cast, service: peer.Service, **changed: Any) -> Office:
    """Dungkait signs by BSrE."""
    given = {"url": service.url, "user": peer.USER, "secret": peer.SECRET, "nik": peer.NIK, **changed}
    return bsre.set_bsre(by=cast.village_head, at=NOW, region_code=DUNGKAIT, on=True, **given)


def certify(cast: Cast, letter: Letter, by: Any = None, passphrase: str = peer.PASSPHRASE) -> Letter:
    """The head signs."""
    return bsre.certify_letter(by=by or cast.village_head, at=NOW, letter_id=letter.id, passphrase=passphrase)


def test_a_letter_comes_back_signed_and_is_kept_before_it_says_so(
    cast: Cast, service: peer.Service, files: FileStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    letter = sealed.released()
    switched_on(cast, service)
    done = certify(cast, letter)
    assert (done.signature, done.number) == ("bsre", letter.number)
    (seal,) = signing.seals(files.read(done.pdf_sha256))
    assert seal.intact and seal.whole and seal.certificate == service.pair.certificate
    assert service.asked == [f"/api/user/status/{peer.NIK}", "/api/sign/pdf"]
    assert service.fields == {"nik": peer.NIK, "passphrase": peer.PASSPHRASE, "tampilan": "invisible"}
    assert queries.by_file(files.read(done.pdf_sha256), NOW).signature == "bsre"
    assert queries.by_file(files.read(letter.pdf_sha256), NOW).state == "valid", (
        "the village's own seal stays true"
    )
    told = f"{list(Line.objects.values())}{caplog.text}"
    assert not any(secret in told for secret in (peer.PASSPHRASE, peer.SECRET, peer.NIK))
    assert peer.PASSPHRASE not in f"{list(Office.objects.values())}{list(Letter.objects.values())}"
    with pytest.raises(bsre.SignedAlready):
        certify(cast, letter)


@pytest.mark.parametrize(
    ("mood", "refusal"),
    [
        ("locked", bsre.SignerRefused),
        ("html", bsre.SigningRefused),
        ("busy", bsre.SigningRefused),
        ("other_file", bsre.FileStrange),
        ("unsigned", bsre.FileStrange),
    ],
)
def test_whatever_goes_wrong_there_changes_nothing_here(
    cast: Cast, service: peer.Service, mood: str, refusal: type[Exception]
) -> None:
    letter = sealed.released()
    switched_on(cast, service)
    service.mood = mood
    with pytest.raises(refusal):
        certify(cast, letter)
    fresh = Letter.objects.get(id=letter.id)
    assert (fresh.signature, fresh.pdf_sha256) == ("local", letter.pdf_sha256)
    assert not Line.objects.filter(kind="letter.certify").exists()


def test_wrong_words_and_a_silent_service_are_told_apart(cast: Cast, service: peer.Service) -> None:
    letter = sealed.released()
    with pytest.raises(bsre.BsreOff):
        certify(cast, letter)
    switched_on(cast, service)
    for words in ("", "salah-semua"):
        with pytest.raises(bsre.PassphraseWrong) as refused:
            certify(cast, letter, passphrase=words)
        assert not words or words not in str(refused.value)
    switched_on(cast, service, secret="lain")
    with pytest.raises(bsre.AgencyRefused):
        certify(cast, letter)
    switched_on(cast, service, url="http://127.0.0.1:9")
    with pytest.raises(bsre.Unreachable):
        certify(cast, letter)


def test_only_who_stands_under_a_letter_that_holds_signs_it(cast: Cast, service: peer.Service) -> None:
    letter = sealed.released()
    switched_on(cast, service)
    with pytest.raises(bsre.NotTheSigner):
        certify(cast, letter, by=cast.secretary)
    for stranger in (cast.village_officer, cast.neighbour_head):
        with pytest.raises(NotFound):
            certify(cast, letter, by=stranger)
    revoking.revoke_letter(by=cast.village_head, at=NOW, letter_id=letter.id, why="Data salah")
    with pytest.raises(bsre.NotToBeSigned):
        certify(cast, letter)
    assert service.asked == []


def test_the_way_to_the_service_is_the_heads_to_say(cast: Cast) -> None:
    with pytest.raises(bsre.AddressMissing):
        bsre.set_bsre(by=cast.village_head, at=NOW, region_code=DUNGKAIT, on=True, url="ftp://x", user="a")
    with pytest.raises(NotFound):
        bsre.set_bsre(by=cast.village_officer, at=NOW, region_code=DUNGKAIT, on=False)
    with pytest.raises(NotFound):
        bsre.set_bsre(by=cast.neighbour_head, at=NOW, region_code=DUNGKAIT, on=False)
    office = bsre.set_bsre(by=cast.village_head, at=NOW, region_code=DUNGKAIT, on=False)
    assert office.bsre == {} and Line.objects.get(kind="bsre.set").facts["on"] is False
