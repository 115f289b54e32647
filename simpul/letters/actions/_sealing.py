"""The last step of a release: digest, signed code, paper, signature, file. The file is stored before the letter's state changes.

What is printed comes from the letter as it was frozen (``body``, number, dates, signer) and from stored rows of the village alone.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from simpul.desks import queries as desk_queries
from simpul.letters.actions import _letters as steps
from simpul.letters.actions import keys as key_actions
from simpul.letters.models import Letter, Office
from simpul.letters.queries import proof as proof_queries
from simpul.letters.render import paper, signing
from simpul.letters.rules import content as content_rules
from simpul.letters.rules import proof
from simpul.lib import when
from simpul.lib.files import FileStore
from simpul.lib.ids import ALPHABET
from simpul.regions import queries as region_queries
from simpul.regions.models import Region

TOKEN_SIGNS = 20
"""Signs of the short address: 20 of an alphabet of 32 are 100 random bits."""


def seal(letter: Letter, *, at: datetime) -> None:
    """Fill ``digest, token, code_text, key, pdf_sha256, pdf_bytes, signature`` of a letter that is about to be released.

    The letter has its type, version, number, letter_date, valid_until, signer, authority, mandate and frozen ``body`` already, and is
    saved by the caller, in the caller's transaction. Its file is on the disk when this returns.

    Raises:
        keys.NoVillage, typeset.PaperRefused, typeset.CodeTooLong, files.DiskFull: nothing is released.
    """
    village = Village.of(letter.region_code)
    key = key_actions.first_key(letter.region_code, at)
    letter.token = letter.token or "".join(secrets.choice(ALPHABET) for _sign in range(TOKEN_SIGNS))
    letter.digest = content_rules.digest(proof_queries.content_of(letter))
    letter.key = key
    letter.code_text = proof.make(_fields(letter, key.code), letter.digest, base64.b64decode(key.private))
    plain = paper.letter_pdf(_paper(letter, village, _plain_words(village.office)), at)
    signed = signing.sign(
        plain, signing.Pair(key.certificate, key.certificate_private), village=village.name, at=at
    )
    letter.pdf_sha256 = FileStore(settings.SIMPUL_FILES).put(signed)
    letter.pdf_bytes = len(signed)
    letter.signature = "local"


def unsigned_pdf(letter: Letter, at: datetime) -> bytes:
    """The paper of a released letter without the village's signature, with the words for a certified one: what BSrE signs."""
    village = Village.of(letter.region_code)
    with override("id"):
        words = _("This document was signed electronically with an electronic certificate issued by BSrE.")
    return paper.letter_pdf(_paper(letter, village, words), at)


class Village:
    """The names and ways of the village that writes: three queries."""

    def __init__(self, names: dict[str, Region], office: Office) -> None:
        self.office = office
        self.names = names
        region = names.get(office.region_code)
        self.name = region.short_name if region is not None else office.region_code
        self.place = region.name if region is not None else ""

    @classmethod
    def of(cls, region_code: str) -> Village:
        """The village of a code."""
        codes = (region_code, region_code[:6], region_code[:4])
        return cls(region_queries.regions_by_code(codes), steps.office_of(region_code))

    @property
    def over(self) -> tuple[str, ...]:
        """The first lines of the letterhead, as the villages of the country print them."""
        code = self.office.region_code
        regency, district = self.names.get(code[:4]), self.names.get(code[:6])
        with override("id"):
            lines = (
                _("Government of %(regency)s") % {"regency": _whole(regency)} if regency else "",
                _whole(district) if district else "",
            )
        return tuple(line for line in lines if line)


_KINDS = {"kabupaten": "Kabupaten", "kota": "Kota", "kecamatan": "Kecamatan", "distrik": "Distrik"}


def _whole(region: Region) -> str:
    """A region with its kind written out, as letterheads have it."""
    kind = _KINDS.get(region.kind, "")
    name = region.name.removeprefix("Kabupaten ").removeprefix("Kota ").removeprefix("Kecamatan ")
    return f"{kind} {name}".strip()


def _fields(letter: Letter, key_code: str) -> proof.Fields:
    return proof.Fields(
        letter.region_code,
        letter.number,
        letter.type.code,
        proof_queries.day_of(letter),
        proof.masked(letter.subject_name or letter.applicant_name),
        letter.valid_until,
        key_code,
    )


def _paper(letter: Letter, village: Village, words: str) -> paper.Paper:
    emblem, mime = _emblem(desk_queries.institution().emblem_sha256)
    version = letter.version
    return paper.Paper(
        over=village.over,
        village=village.name,
        letterhead=tuple(line.strip() for line in village.office.letterhead.splitlines() if line.strip()),
        heading=version.heading if version is not None else "",
        number=letter.number,
        place=village.place,
        letter_date=proof_queries.day_of(letter),
        signer=_signer(letter, village),
        body=content_rules.read_body(letter.body),
        proof=words,
        address=proof_queries.address_of(letter),
        code_text=letter.code_text,
        digest=letter.digest,
        valid_until=letter.valid_until,
        emblem=emblem,
        emblem_mime=mime,
    )


def _signer(letter: Letter, village: Village) -> paper.Signer:
    head = village.office.signer_title or f"Kepala {village.name}"
    own = letter.signer_title or head
    mandate = letter.mandate
    if letter.authority != "an":
        return paper.Signer((f"{own},",), letter.signer_name, letter.signer_number)
    with override("id"):
        said = (
            _("By decision %(number)s of %(day)s")
            % {"number": mandate.decision_number, "day": when.format_date(mandate.decision_date)}
            if mandate is not None
            else ""
        )
    return paper.Signer((f"a.n. {head}", f"{own},"), letter.signer_name, letter.signer_number, said)


def _plain_words(office: Office) -> str:
    with override("id"):
        return office.proof_words or _(
            "The content can be checked with these codes. This is not a certified electronic signature."
        )


@lru_cache(maxsize=4)
def _emblem(sha256: str) -> tuple[bytes, str]:
    """The institution's emblem; kept in memory, because every letter carries it."""
    found = desk_queries.emblem() if sha256 else None
    return found if found is not None else (b"", "")
