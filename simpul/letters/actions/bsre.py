"""Having a released letter signed by BSrE: off until the village has said where its service is.

The letter is released, numbered and sealed by the village already (docs/decisions/0062). The call over the network stands outside every
transaction; the file that comes back is checked and on the disk before the letter says "bsre". The passphrase is neither stored nor logged.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.letters import access
from simpul.letters.actions import _letters as steps
from simpul.letters.actions import _sealing
from simpul.letters.models import Letter, Office
from simpul.letters.queries import requests as request_queries
from simpul.letters.render import bsre, signing
from simpul.letters.rules import flow
from simpul.lib import nik as nik_rules
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7


class BsreOff(Refused):
    """The village has not said where its service is."""

    code = "bsre.off"
    sentence = _("Signing by BSrE is off in this village. Switch it on under “Keys and signatures” first.")


class AddressMissing(Refused):
    """Switched on, the service needs an address, an account and a signer."""

    code = "bsre.address_missing"
    sentence = _(
        "Write the address of the service, the agency's user name and password, and the signer's NIK."
    )
    field = "url"


class NotTheSigner(Refused):
    """A certificate is personal."""

    code = "bsre.not_the_signer"
    sentence = _("Only %(name)s, who stands under the letter, can sign it by BSrE.")


class SignedAlready(Refused):
    """One certified signature is enough."""

    code = "bsre.signed_already"
    sentence = _("This letter is signed by BSrE already.")


class NotToBeSigned(Refused):
    """Only a released letter that still holds is signed."""

    code = "bsre.not_to_be_signed"
    sentence = _("Only a released letter that was not taken back can be signed. Load the page again.")


class Unreachable(Refused):
    """The service is silent."""

    code = "bsre.unreachable"
    sentence = _(
        "The BSrE service cannot be reached. The letter stays released with the village's own seal; try again later, "
        "or sign the paper by hand."
    )


class AgencyRefused(Refused):
    """The account of the agency is not accepted."""

    code = "bsre.not_allowed"
    sentence = _(
        "BSrE does not accept the agency's user name and password. Look at them under “Keys and signatures”."
    )


class PassphraseWrong(Refused):
    """The signer's passphrase is not accepted."""

    code = "bsre.passphrase"
    sentence = _(
        "BSrE does not accept this passphrase. Type it again; after several wrong ones BSrE locks it."
    )
    field = "passphrase"


class SignerRefused(Refused):
    """The signer's certificate is not in order."""

    code = "bsre.signer"
    sentence = _(
        "BSrE says that this signer cannot sign now: %(said)s. Renew the certificate with BSrE, then try again."
    )


class SigningRefused(Refused):
    """The service refused for another reason."""

    code = "bsre.refused"
    sentence = _("BSrE did not sign the letter: %(said)s. Nothing was changed; try again, or ask the agency.")


class FileStrange(Refused):
    """What came back is not the letter that was sent, or bears no whole signature."""

    code = "bsre.file_strange"
    sentence = _(
        "What BSrE gave back is not this letter with a whole signature. It was thrown away; try again."
    )


_SENTENCES: dict[str, type[Refused]] = {
    "unreachable": Unreachable,
    "not_allowed": AgencyRefused,
    "passphrase": PassphraseWrong,
    "signer": SignerRefused,
    "refused": SigningRefused,
    "no_pdf": SigningRefused,
}


@sensitive_variables("secret")
def set_bsre(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    on: bool,
    url: str = "",
    user: str = "",
    secret: str = "",
    nik: str = "",
) -> Office:
    """Say where the village's BSrE service is, or switch it off. An empty ``secret`` or ``nik`` keeps the stored one.

    Raises:
        AddressMissing.
    """
    roles.require(by, "bsre.set", roles.Place(region_code))
    with transaction.atomic():
        office = Office.objects.select_for_update().filter(region_code=region_code).first()
        office = office or Office(id=uuid7(), region_code=region_code, changed_at=at)
        office.bsre_secret = secret or office.bsre_secret
        office.signer_nik = nik_rules.clean(nik) or office.signer_nik
        address = text.clean_line(url)[:200].rstrip("/")
        name = text.clean_line(user)[:100]
        whole = (
            address.startswith(("http://", "https://")) and name and office.bsre_secret and office.signer_nik
        )
        if on and not whole:
            raise AddressMissing
        office.bsre = {"url": address, "user": name} if on else {}
        office.changed_at = at
        office.save()
        journal_actions.record(
            by=by,
            at=at,
            kind="bsre.set",
            subject_kind="office",
            subject_id=office.id,
            facts={"on": on, "url": address if on else ""},
            region_code=region_code,
        )
        return office


@sensitive_variables("passphrase")
def certify_letter(*, by: Actor, at: datetime, letter_id: UUID, passphrase: str, nik: str = "") -> Letter:
    """Have a released letter signed by the certificate of who stands under it. ``nik``: of a delegate who signs in the head's name.

    Raises:
        BsreOff, NotTheSigner, SignedAlready, NotToBeSigned, FileStrange, and one for each refusal of the service: nothing is changed then.
    """
    letter = access.letter_for(by, letter_id)
    roles.require(by, "letter.certify", access.place_of(letter))
    office = steps.office_of(letter.region_code)
    _see_fit(by, letter, office)
    sent = _sealing.unsigned_pdf(letter, at)
    signed = _signed(
        office, sent, nik_rules.clean(nik) if letter.mandate_id else office.signer_nik, passphrase
    )
    _see_whole(letter, sent, signed)
    digest = request_queries.store().put(signed)
    with transaction.atomic():
        fresh = access.letter_for(by, letter_id, lock=True)
        if (fresh.pdf_sha256, fresh.state) != (
            letter.pdf_sha256,
            letter.state,
        ) or fresh.revoked_at is not None:
            raise NotToBeSigned
        fresh.pdf_sha256, fresh.pdf_bytes, fresh.signature = digest, len(signed), "bsre"
        fresh.changed_at = at
        fresh.save()
        steps.line(by, at, "letter.certify", fresh, facts={"number": fresh.number, "sha256": digest})
        return fresh


def _see_fit(by: Actor, letter: Letter, office: Office) -> None:
    if not office.bsre:
        raise BsreOff
    if letter.state != flow.RELEASED or letter.revoked_at is not None:
        raise NotToBeSigned
    if letter.signature == "bsre":
        raise SignedAlready
    own = (
        letter.mandate.seat_id == by.seat_id
        if letter.mandate is not None
        else steps.is_head(by, letter.region_code)
    )
    if not own:
        raise NotTheSigner(name=letter.signer_name)


@sensitive_variables("passphrase", "service")
def _signed(office: Office, pdf: bytes, nik: str, passphrase: str) -> bytes:
    if not passphrase:
        raise PassphraseWrong
    service = bsre.Service(office.bsre["url"], office.bsre["user"], office.bsre_secret)
    try:
        bsre.status(service, nik)
        return bsre.sign(service, pdf, nik=nik, passphrase=passphrase)
    except bsre.BsreFault as fault:
        said = fault.said.replace(passphrase, "***").rstrip(".") or fault.code
        raise _SENTENCES[fault.code](said=said) from None


def _see_whole(letter: Letter, sent: bytes, signed: bytes) -> None:
    """The file that came back has to be the letter that went, with a signature that covers all of it."""
    try:
        seals = signing.seals(signed)
    except ValueError:
        raise FileStrange from None
    ours = signed.startswith(sent) or signing.code_in(signed) == letter.code_text
    if not ours or not seals or not all(one.intact for one in seals) or not any(one.whole for one in seals):
        raise FileStrange
