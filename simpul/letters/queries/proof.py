"""Whether a letter is true, and what it is worth today: by its short address, by its signed code, by its file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from simpul.desks import queries as desk_queries
from simpul.letters.models import Letter, VillageKey
from simpul.letters.models.letters import LetterSet
from simpul.letters.queries import keys as key_queries
from simpul.letters.render import signing
from simpul.letters.rules import content as content_rules
from simpul.letters.rules import proof, validity
from simpul.lib import ids
from simpul.regions import queries as region_queries


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


WORDS: dict[str, str] = {
    "valid": _("Genuine and valid"),
    "expired": _("Genuine, but its time is over"),
    "superseded": _("Genuine, but replaced by a newer letter"),
    "revoked": _("Taken back by the village: no longer valid"),
    "cancelled": _("Cancelled by the village: not valid"),
    "unreadable": _("This is not a code of a letter"),
    "newer_format": _("The code is of a newer kind than this page can read"),
    "unknown_key": _("Signed with a key that is not known here"),
    "other_village": _("Signed with the key of another village"),
    "forged": _("Not genuine: the signature does not fit what the code says"),
    "key_retired": _("Not believed: its key was retired before the day of the letter"),
    "from_tomorrow": _("Not believed: its date lies in the future"),
    "no_seal": _("This file has no seal of a village"),
    "altered": _("Not genuine: the file was changed after it was sealed"),
    "unknown_file": _("Sealed, but not a letter that is known here"),
    "body_differs": _("Not genuine: the text is not the one that was released"),
}
"""Verdict -> what is said in one line."""

NEXT: dict[str, str] = {
    "valid": _("Compare number, date and name with the paper in your hand."),
    "expired": _("Ask the holder for a new letter."),
    "superseded": _("Ask the holder for the newer letter."),
    "revoked": _("Do not rely on it. Ask the village office."),
    "cancelled": _("Do not rely on it. Ask the village office."),
    "unreadable": _("Scan the code at the bottom left of the letter again, whole and without folds."),
    "newer_format": _("Open this page once with a network, so that it renews itself."),
    "unknown_key": _("Open this page once with a network, or ask the village named on the letter."),
    "other_village": _("Do not rely on it. Tell the village named on the letter."),
    "forged": _("Do not rely on it. Tell the village named on the letter."),
    "key_retired": _("Do not rely on it. Tell the village named on the letter."),
    "from_tomorrow": _("Check the date of this device first; then ask the village office."),
    "no_seal": _("Ask for the file as the village gave it out, not a scan or a print of it."),
    "altered": _("Do not rely on it. Ask the village office for the file."),
    "unknown_file": _("Ask the village office named on the letter."),
    "body_differs": _("Do not rely on it. Tell the village office."),
}
"""Verdict -> what to do next."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The minimum about a letter that whoever holds it may see."""

    state: str
    type_name: str
    type_name_en: str
    number: str
    letter_date: date
    valid_until: date | None
    village: str
    name: str  # masked
    changed_date: date | None = None  # of what became of it
    newer: str = ""  # the number of the letter that replaced it


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file or a code turned out to be."""

    state: str
    shown: Shown | None = None
    fields: proof.Fields | None = None
    village: str = ""
    signature: str = ""  # local, bsre: whose signature the file bears

    @property
    def genuine(self) -> bool:
        """True when the village really wrote it."""
        return self.state in validity.STATES

    @property
    def words(self) -> str:
        """The verdict in one line, not yet translated."""
        return WORDS[self.state]

    @property
    def next(self) -> str:
        """What to do, not yet translated."""
        return NEXT[self.state]


def day_of(letter: Letter) -> date:
    """The letter's own date, which every released letter has."""
    if letter.letter_date is None:
        raise ValueError("a letter without its date is not released")
    return letter.letter_date


def content_of(letter: Letter) -> content_rules.Content:
    """What the digest of a letter covers, from the frozen row."""
    version, mandate = letter.version, letter.mandate
    return content_rules.Content(
        region_code=letter.region_code,
        type_code=letter.type.code,
        type_version=f"{version.region_code}/{version.version}" if version is not None else "",
        heading=version.heading if version is not None else "",
        number=letter.number,
        letter_date=day_of(letter).isoformat(),
        valid_until=letter.valid_until.isoformat() if letter.valid_until else "",
        about=letter.subject_name or letter.applicant_name,
        token=letter.token or "",
        signer_name=letter.signer_name,
        signer_title=letter.signer_title,
        signer_number=letter.signer_number,
        authority=letter.authority,
        mandate=mandate.decision_number if mandate is not None else "",
        body=content_rules.read_body(letter.body),
    )


def address_of(letter: Letter) -> str:
    """The short address as it is printed, with the first host of this installation."""
    hosts = [host for host in settings.INSTALLATION.get("hosts", ()) if host not in ("*", "")]
    scheme = "https" if settings.HTTPS else "http"
    return f"{scheme}://{hosts[0] if hosts else 'localhost:8000'}/surat/{letter.token}/"


# --- looking ---------------------------------------------------------------------------------------------------------


def by_token(token: str, at: datetime) -> Shown | None:
    """A released letter by its short address; None for anything else. The address is as good as the paper: it needs no sign-in."""
    clean = token.strip().upper()
    if len(clean) != 20 or any(sign not in ids.ALPHABET for sign in clean):
        return None
    found = _released().filter(token=clean).first()
    return shown(found, at) if found is not None else None


def shown(letter: Letter, at: datetime) -> Shown:
    """The minimum of one released letter."""
    newer = getattr(letter, "superseded_by", None)
    name = region_queries.find_region(letter.region_code)
    today = at.astimezone(desk_queries.zone_of(letter.region_code)).date()
    when = letter.cancelled_at or letter.revoked_at or (newer.released_at if newer else None)
    return Shown(
        state=state_of(letter, today),
        type_name=letter.version.name if letter.version is not None else letter.type.code,
        type_name_en=letter.version.name_en if letter.version is not None else "",
        number=letter.number,
        letter_date=day_of(letter),
        valid_until=letter.valid_until,
        village=name.short_name if name is not None else letter.region_code,
        name=proof.masked(letter.subject_name or letter.applicant_name),
        changed_date=when.astimezone(desk_queries.zone_of(letter.region_code)).date() if when else None,
        newer=newer.number if newer is not None else "",
    )


def state_of(letter: Letter, today: date) -> str:
    """What a released letter is worth on a day."""
    return validity.state_of(
        validity.Standing(
            letter.valid_until,
            cancelled=letter.cancelled_at is not None,
            revoked=letter.revoked_at is not None,
            superseded=getattr(letter, "superseded_by", None) is not None,
        ),
        today,
    )


def by_code(text: str, at: datetime) -> Looked:
    """A signed code, judged with this installation's keys and, where the letter is ours, with its row."""
    try:
        code = proof.read(text)
    except proof.Unreadable as fault:
        return Looked(fault.reason)
    key = key_queries.public_key(code.fields.key_code)
    today = at.astimezone(desk_queries.zone_of(code.fields.region_code)).date()
    verdict = proof.judge(text, proof.Known({key.code: key} if key else {}), today)
    found = _released().filter(region_code=code.fields.region_code, digest__startswith=verdict.digest).first()
    if not verdict.genuine or found is None:
        return Looked(verdict.state, None, code.fields, verdict.village)
    one = shown(found, at)
    if not is_body_whole(found):
        return Looked("body_differs", one, code.fields, one.village)
    return Looked(one.state, one, code.fields, one.village)


def is_body_whole(letter: Letter) -> bool:
    """Whether the row still says what its digest was taken of."""
    if letter.body == "":  # emptied when its time was over: the digest alone is left
        return True
    return content_rules.digest(content_of(letter)) == letter.digest


def by_file(data: bytes, at: datetime) -> Looked:
    """A PDF: sealed by a known village, unchanged, and one of the letters released here."""
    try:
        seals = signing.seals(data)
    except ValueError:
        return Looked(_without_seal(data))
    found = _released().filter(pdf_sha256=hashlib.sha256(data).hexdigest()).first()
    if found is not None:
        one = shown(found, at)
        return Looked(one.state, one, None, one.village, found.signature)
    if not seals:
        return Looked(_without_seal(data))
    if not all(one.intact for one in seals) or not any(one.whole for one in seals):
        return Looked("altered")
    owner = VillageKey.objects.filter(certificate__in=[one.certificate for one in seals]).first()
    if owner is None:
        return Looked("unknown_key")
    if not _covers(seals, signing.fingerprint(owner.certificate)):
        return Looked("altered")
    looked = by_code(signing.code_in(data), at)
    if looked.fields is None or looked.fields.key_code != owner.code:
        return Looked("unknown_file")
    return looked  # the same letter in another file: sealed here before BSrE signed it, or on a village's own machine


def judge_file(data: bytes, known: proof.Known, today: date) -> Looked:
    """A PDF, judged with a list of keys alone: sealed by a known village, unchanged, and true by the code it carries."""
    try:
        seals = signing.seals(data)
    except ValueError:
        return Looked(_without_seal(data))
    if not seals:
        return Looked(_without_seal(data))
    if not all(one.intact for one in seals) or not any(one.whole for one in seals):
        return Looked("altered")
    prints = {one.fingerprint for one in seals}
    owner = next((key for key in known.keys.values() if key.certificate in prints), None)
    if owner is None:
        return Looked("unknown_key")
    if not _covers(seals, owner.certificate):
        return Looked("altered")
    verdict = proof.judge(signing.code_in(data), known, today)
    if verdict.fields is None or verdict.fields.key_code != owner.code:
        return Looked("unknown_file")
    return Looked(verdict.state, None, verdict.fields, verdict.village, "local")


def _covers(seals: list[signing.Seal], fingerprint: str) -> bool:
    """Whether the village's own seal covers the whole file: a stranger's signature put behind it does not make good what was added."""
    return any(one.whole for one in seals if one.fingerprint == fingerprint)


def _without_seal(data: bytes) -> str:
    """A file whose seal cannot be read: one that once had ours was changed, any other never had one."""
    return "altered" if signing.FIELD.encode() in data else "no_seal"


def judge_code(text: str, known: proof.Known, today: date) -> Looked:
    """A signed code, judged with a list of keys alone."""
    verdict = proof.judge(text, known, today)
    return Looked(verdict.state, None, verdict.fields, verdict.village)


def _released() -> LetterSet:
    return Letter.objects.filter(released_at__isnull=False, taken__isnull=False).select_related(
        "type", "version", "mandate", "superseded_by"
    )


# --- what waits for the clock ------------------------------------------------------------------------------------------


def ending(at: datetime, limit: int) -> list[UUID]:
    """Released letters in their last days whose applicants were not told. Which day it is differs by a zone: the act looks again."""
    today = at.date()
    return list(
        _released()
        .filter(
            valid_until__gte=today,
            valid_until__lte=today + timedelta(days=validity.REMIND_DAYS),
            expiry_told_at=None,
            revoked_at=None,
            cancelled_at=None,
            superseded_by=None,
        )
        .exclude(valid_until__lt=F("letter_date") + timedelta(days=2 * validity.REMIND_DAYS))
        .order_by("valid_until")
        .values_list("id", flat=True)[:limit]
    )


def photos_are_over(letter: Letter, at: datetime) -> bool:
    """True when the photos shown for a letter are not needed any more: so long after it was released, refused or withdrawn."""
    ended = (
        letter.released_at
        or letter.refused_at
        or (letter.changed_at if letter.state in ("withdrawn", "cancelled") else None)
    )
    return ended is not None and ended + timedelta(days=validity.PHOTO_DAYS) < at


def with_old_photos(at: datetime, limit: int) -> list[UUID]:
    """Letters whose photos of requirements are to be forgotten."""
    before = at - timedelta(days=validity.PHOTO_DAYS)
    ended = (
        Q(released_at__lt=before)
        | Q(state="refused", refused_at__lt=before)
        | Q(state__in=("withdrawn", "cancelled"), changed_at__lt=before)
    )
    found = Letter.objects.filter(ended, shown__file_sha256__gt="").distinct()
    return list(found.order_by("id").values_list("id", flat=True)[:limit])
