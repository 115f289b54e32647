"""The signed code and the seal in the file: what is true, and each way of not being true, in its own words."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from simpul.journal.models import Line
from simpul.letters.actions import keys as key_actions
from simpul.letters.actions import revoking
from simpul.letters.models import Letter, VillageKey
from simpul.letters.queries import keys as key_queries
from simpul.letters.queries import proof as queries
from simpul.letters.render import signing
from simpul.letters.rules import content, proof, validity
from simpul.lib import typeset
from simpul.lib.errors import NotFound
from simpul.lib.files import FileStore
from simpul.lib.ids import uuid7
from simpul.messages.models import Message
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast
from tests.letters import sealed

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> FileStore:
    """A folder of files of this test's own."""
    settings.SIMPUL_FILES = tmp_path
    return FileStore(tmp_path)


# --- rules ------------------------------------------------------------------------------------------------------------


def fields(private: Ed25519PrivateKey, **changed: Any) -> proof.Fields:
    """A letter of Dungkait."""
    public = private.public_key().public_bytes_raw()
    made = proof.Fields(
        DUNGKAIT,
        "500.3/001/D/XI/2026",
        "usaha",
        TODAY,
        "N*** S***",
        TODAY + timedelta(30),
        proof.key_code(public),
    )
    return replace(made, **changed)


def known(private: Ed25519PrivateKey, **changed: Any) -> proof.Known:
    """What a checker carries about one key."""
    public = private.public_key().public_bytes_raw()
    key = replace(proof.PublicKey(proof.key_code(public), DUNGKAIT, "Desa Dungkait", public), **changed)
    return proof.Known({key.code: key}, {}, NOW)


@given(st.binary(min_size=81, max_size=300))
def test_base45_comes_back_as_it_went(data: bytes) -> None:
    assert proof._restored(proof.base45(data)) == data


@given(st.text(max_size=300))
def test_any_text_is_judged_or_called_unreadable(words: str) -> None:
    verdict = proof.judge("SL1:" + words, proof.Known(), TODAY)
    assert verdict.state in proof.VERDICTS and not verdict.genuine


def test_base45_is_that_of_the_standard() -> None:
    assert proof.base45(b"base-45") == "UJCLQE7W581"
    assert proof.base45(b"Hello!!") == "%69 VD92EX0"


def test_a_code_is_true_until_its_last_day_and_each_fault_has_its_own_verdict() -> None:
    key = Ed25519PrivateKey.generate()
    good = fields(key)
    made = proof.make(good, "ab" * 32, key.private_bytes_raw())
    verdict = proof.judge(made, known(key), TODAY)
    assert (verdict.state, verdict.fields, verdict.digest) == ("valid", good, "ab" * 16)
    assert len(made) <= 270 and typeset.qr_modules(made) <= 57

    def state(text: str = made, of: proof.Known | None = None, day: date = TODAY) -> str:
        return proof.judge(text, of or known(key), day).state

    assert state(day=TODAY + timedelta(30)) == "valid"
    assert state(day=TODAY + timedelta(31)) == "expired"
    assert state(of=replace(known(key), taken_back={"ab" * 16: "revoked"})) == "revoked"
    assert state(of=replace(known(key), taken_back={"ab" * 16: "superseded"})) == "superseded"
    assert (
        state(of=replace(known(key), taken_back={"ab" * 16: "cancelled"}), day=TODAY + timedelta(90))
        == "cancelled"
    )
    assert state(of=proof.Known()) == "unknown_key"
    assert state(of=known(key, region_code=BONTO_JAI)) == "other_village"
    assert state(of=known(key, retired_date=TODAY)) == "valid"
    assert state(of=known(key, retired_date=TODAY - timedelta(1))) == "key_retired"
    assert state(day=TODAY - timedelta(2)) == "from_tomorrow"
    assert state("SL2:" + made[4:]) == "newer_format"
    assert state("http://contoh.id/") == "unreadable"
    assert state(f"  {made[:80]}\n{made[80:]}\n") == "valid"


def test_whatever_is_changed_in_a_code_makes_it_false() -> None:
    key = Ed25519PrivateKey.generate()
    made = proof.make(fields(key), "ab" * 32, key.private_bytes_raw())
    code = proof.read(made)
    other = proof.make(
        fields(key, name="S*** R***"), "ab" * 32, Ed25519PrivateKey.generate().private_bytes_raw()
    )
    assert proof.judge(other, known(key), TODAY).state == "forged"
    for place in range(0, len(code.signed), 7):
        data = bytearray(code.signed + code.signature)
        data[place] ^= 1
        changed = proof.PREFIX + proof.base45(bytes(data))
        assert not proof.judge(changed, known(key), TODAY).genuine


def test_names_are_masked_and_separators_do_not_split_fields() -> None:
    assert proof.masked("  Sitti  Rahma binti Daeng Sila ") == "S*** R*** B*** D***"
    key = Ed25519PrivateKey.generate()
    made = proof.make(fields(key, number="1|2"), "ab" * 32, key.private_bytes_raw())
    assert proof.read(made).fields.number == "1/2"


def test_a_reminder_comes_in_the_last_week_of_letters_that_last() -> None:
    start = date(2026, 11, 1)
    assert not validity.ends_soon(None, start, start)
    assert not validity.ends_soon(start + timedelta(3), start, start)
    assert not validity.ends_soon(start + timedelta(30), start, start + timedelta(22))
    assert validity.ends_soon(start + timedelta(30), start, start + timedelta(23))
    assert not validity.ends_soon(start + timedelta(30), start, start + timedelta(31))


# --- sealing ------------------------------------------------------------------------------------------------------------


def test_a_sealed_letter_is_an_archive_file_that_says_what_it_is(cast: Cast, files: FileStore) -> None:
    letter = sealed.released()
    data = files.read(letter.pdf_sha256)
    assert len(data) == letter.pdf_bytes and letter.signature == "local" and len(letter.token or "") == 20
    with pikepdf.open(io.BytesIO(data)) as file:
        assert b"<pdfaid:part>2</pdfaid:part>" in file.Root.Metadata.read_bytes()
        fonts = [font for page in file.pages for font in page.Resources.Font.values()]
        kept = [set(font.DescendantFonts[0].FontDescriptor.keys()) for font in fonts]
        assert kept and all(keys & {"/FontFile2", "/FontFile3"} for keys in kept)
        assert file.pdf_version == "1.7" and "/Version" not in file.Root
    (seal,) = signing.seals(data)
    assert seal.intact and seal.whole and "bukan" in seal.reason and "bukan sertifikat" in seal.subject
    assert seal.certificate == VillageKey.objects.get().certificate
    assert Line.objects.get(kind="letterkey.make").facts["code"] == VillageKey.objects.get().code


def test_file_code_and_address_say_the_same_and_show_no_whole_name(cast: Cast, files: FileStore) -> None:
    letter = sealed.released()
    by_file = queries.by_file(files.read(letter.pdf_sha256), NOW)
    by_code = queries.by_code(letter.code_text, NOW)
    by_token = queries.by_token(str(letter.token).lower(), NOW)
    assert by_file.shown == by_code.shown == by_token
    assert by_token is not None and (by_token.state, by_token.name) == ("valid", "N*** S***")
    assert queries.by_token("A" * 20, NOW) is None and queries.by_token("?", NOW) is None
    assert queries.by_code(letter.code_text, NOW + timedelta(days=40)).state == "expired"


def test_an_altered_file_body_or_row_is_refused(cast: Cast, files: FileStore) -> None:
    letter = sealed.released()
    data = files.read(letter.pdf_sha256)
    assert queries.by_file(data + b"\n%more", NOW).state == "altered"
    place = data.index(b"stream", 2000) + 40
    assert queries.by_file(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], NOW).state in (
        "altered",
        "no_seal",
    )
    with pikepdf.open(io.BytesIO(data)) as file:
        kept = io.BytesIO()
        file.save(kept)
    assert not queries.by_file(kept.getvalue(), NOW).genuine
    assert queries.by_file(b"%PDF-1.7 nothing", NOW).state == "no_seal"
    Letter.objects.filter(id=letter.id).update(body=letter.body.replace("NURHAYATI", "SALMAH"))
    assert queries.by_code(letter.code_text, NOW).state == "body_differs"


def test_the_seal_of_a_stranger_is_not_a_villages(cast: Cast, files: FileStore) -> None:
    letter = sealed.released()
    pair = signing.make_certificate("Desa Dungkait", DUNGKAIT, "AAAAAAAA", NOW)
    plain = typeset.pdf(b"Surat", {}, made_at=NOW)
    assert (
        queries.by_file(signing.sign(plain, pair, village="Desa Dungkait", at=NOW), NOW).state
        == "unknown_key"
    )
    key = VillageKey.objects.get()
    own = signing.Pair(key.certificate, key.certificate_private)
    assert (
        queries.by_file(signing.sign(plain, own, village="Desa Dungkait", at=NOW), NOW).state
        == "unknown_file"
    )
    assert letter.key_id == key.id


def test_a_strangers_signature_does_not_make_good_what_was_added_behind_the_seal(
    cast: Cast, files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = sealed.released()
    data = files.read(letter.pdf_sha256)
    (own,) = signing.seals(data)
    pair = signing.make_certificate("Orang lain", DUNGKAIT, "AAAAAAAA", NOW)
    other = replace(
        own, field="Lain", certificate=pair.certificate, fingerprint=signing.fingerprint(pair.certificate)
    )
    monkeypatch.setattr(signing, "seals", lambda _data: [replace(own, whole=False), other])
    assert queries.by_file(data + b"%added", NOW).state == "altered"
    assert queries.judge_file(data + b"%added", key_queries.known(NOW), TODAY).state == "altered"


def test_the_same_content_gives_the_same_digest_and_any_other_another(cast: Cast) -> None:
    letter = sealed.released()
    of = queries.content_of(letter)
    assert content.digest(of) == letter.digest
    for name in (
        "number",
        "letter_date",
        "signer_name",
        "type_version",
        "region_code",
        "about",
        "valid_until",
    ):
        assert content.digest(replace(of, **{name: "x"})) != letter.digest
    assert content.digest(replace(of, body=[*of.body, {"kind": "paragraph", "text": ""}])) != letter.digest
    with pytest.raises(TypeError):
        content.canonical(replace(of, body=1.5))


# --- keys ---------------------------------------------------------------------------------------------------------------


def test_a_key_is_made_once_and_a_retired_one_still_proves(cast: Cast) -> None:
    made = key_actions.make_letterkey(by=cast.village_head, at=NOW, region_code=DUNGKAIT)
    assert key_actions.make_letterkey(by=cast.village_head, at=NOW, region_code=DUNGKAIT).id == made.id
    letter = sealed.released()
    later = NOW + timedelta(days=2)
    with pytest.raises(key_actions.ReasonMissing):
        key_actions.rotate_letterkey(by=cast.village_head, at=later, region_code=DUNGKAIT, why=" ")
    again = uuid7()
    new = key_actions.rotate_letterkey(
        by=cast.village_head, at=later, region_code=DUNGKAIT, why="Laptop hilang", key_id=again
    )
    assert new.id == again and new.code != made.code
    same = key_actions.rotate_letterkey(
        by=cast.village_head, at=later, region_code=DUNGKAIT, why="Laptop hilang", key_id=again
    )
    assert same.id == new.id
    old = VillageKey.objects.get(id=made.id)
    assert old.private == "" and old.certificate_private == "" and old.retired_at == later
    assert queries.by_code(letter.code_text, later).state == "valid"
    assert [one.code for one in key_queries.keys_of(cast.village_head)] == [new.code, made.code]
    assert Line.objects.get(kind="letterkey.rotate").facts["old"] == made.code


def test_keys_are_not_everybodys_to_make(cast: Cast) -> None:
    for by in (cast.village_officer, cast.neighbour_head):
        with pytest.raises(NotFound):
            key_actions.make_letterkey(by=by, at=NOW, region_code=DUNGKAIT)
        with pytest.raises(NotFound):
            key_actions.rotate_letterkey(by=by, at=NOW, region_code=DUNGKAIT, why="Hilang")
    with pytest.raises(key_actions.NoKeyYet):
        key_actions.rotate_letterkey(by=cast.village_head, at=NOW, region_code=DUNGKAIT, why="Hilang")


def test_the_file_of_keys_judges_without_a_database(cast: Cast) -> None:
    letter, gone = sealed.released(1), sealed.released(2)
    revoking.revoke_letter(by=cast.village_head, at=NOW, letter_id=gone.id, why="Data salah")
    known_now, body = proof.read_keys(key_queries.keys_file(NOW))
    assert proof.judge(letter.code_text, known_now, TODAY).state == "valid"
    assert proof.judge(gone.code_text, known_now, TODAY).state == "revoked"
    assert known_now.made_at == NOW and "Nurhayati" not in str(body)
    with pytest.raises(ValueError, match="keys"):
        proof.read_keys("{}")


# --- taken back ---------------------------------------------------------------------------------------------------------


def test_a_letter_is_taken_back_told_and_let_stand_again(cast: Cast) -> None:
    opened = cast.opened()
    letter = sealed.released(person_id=opened.case.reporter_id)
    with pytest.raises(NotFound):
        revoking.revoke_letter(by=cast.village_officer, at=NOW, letter_id=letter.id, why="Salah")
    with pytest.raises(NotFound):
        revoking.revoke_letter(by=cast.neighbour_head, at=NOW, letter_id=letter.id, why="Salah")
    revoking.revoke_letter(by=cast.secretary, at=NOW, letter_id=letter.id, why="Data usaha tidak benar")
    revoking.revoke_letter(by=cast.secretary, at=NOW, letter_id=letter.id, why="Data usaha tidak benar")
    assert queries.by_code(letter.code_text, NOW).state == "revoked"
    assert Line.objects.filter(kind="letter.revoke").count() == 1
    assert Message.objects.filter(text_key="letter_taken_back").count() == 1
    revoking.reinstate_letter(by=cast.village_head, at=NOW, letter_id=letter.id, why="Keliru")
    assert queries.by_code(letter.code_text, NOW).state == "valid"
    with pytest.raises(revoking.NotTakenBack):
        revoking.reinstate_letter(by=cast.village_head, at=NOW, letter_id=letter.id, why="Keliru")


def test_a_newer_letter_stands_in_the_place_of_an_older_one(cast: Cast) -> None:
    old, new = sealed.released(1), sealed.released(2, at=NOW + timedelta(hours=1))
    foreign = sealed.released(3, region_code=BONTO_JAI, seal=False)
    with pytest.raises(NotFound):
        revoking.supersede_letter(by=cast.village_head, at=NOW, letter_id=old.id, new_id=foreign.id)
    with pytest.raises(revoking.NotItsSuccessor):
        revoking.supersede_letter(by=cast.village_head, at=NOW, letter_id=new.id, new_id=old.id)
    revoking.supersede_letter(by=cast.village_head, at=NOW, letter_id=old.id, new_id=new.id)
    revoking.supersede_letter(by=cast.village_head, at=NOW, letter_id=old.id, new_id=new.id)
    looked = queries.by_code(old.code_text, NOW)
    assert looked.state == "superseded" and looked.shown is not None and looked.shown.newer == new.number
    assert key_queries.known(NOW).taken_back == {old.digest[:32]: "superseded"}
    with pytest.raises(revoking.TakenBackAlready):
        revoking.revoke_letter(by=cast.village_head, at=NOW, letter_id=old.id, why="Salah")
    revoking.separate_letter(by=cast.village_head, at=NOW, letter_id=old.id)
    assert queries.by_code(old.code_text, NOW).state == "valid"
    assert Line.objects.filter(kind__in=("letter.supersede", "letter.separate")).count() == 2


def test_only_a_released_letter_is_taken_back(cast: Cast) -> None:
    letter = sealed.released(seal=False)
    Letter.objects.filter(id=letter.id).update(state="drafted")
    with pytest.raises(revoking.NotReleased):
        revoking.revoke_letter(by=cast.village_head, at=NOW, letter_id=letter.id, why="Salah")
