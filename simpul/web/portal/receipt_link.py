"""The secret part of a receipt's address: everything the receipt shows, sealed, so that nothing of it is stored.

Whoever has the address has the receipt, as whoever has the slip has the slip. It says what was promised on the day, which
a later change of clocks does not touch.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass

from simpul.lib.crypto import CannotDecrypt
from simpul.lib.errors import NotFound
from simpul.lib.keys import ring

CONTEXT = "receipt-link"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person takes home. ``number`` and ``pin`` are empty when there is a 16-digit receipt instead.

    Times are ISO texts in UTC; ``desk`` is empty for sealed matters.
    """

    case_id: str
    number: str
    pin: str
    receipt16: str
    kind: str
    region_code: str
    received_at: str
    due_at: str = ""
    desk: str = ""
    danger: bool = False

    @property
    def is_secret(self) -> bool:
        """True for anonymous and sealed matters."""
        return bool(self.receipt16)

    @property
    def follow_number(self) -> str:
        """What is written into the first box of the follow-up page."""
        return self.receipt16 or self.number


def seal(receipt: Receipt) -> str:
    """The token for the address."""
    sealed = ring().encrypt(json.dumps(list(asdict(receipt).values()), separators=(",", ":")), CONTEXT)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read(token: str) -> Receipt:
    """The receipt of a token.

    Raises:
        NotFound: it is not one of ours, or was changed.
    """
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return Receipt(*json.loads(ring().decrypt_text(sealed, CONTEXT)))
    except (CannotDecrypt, ValueError, TypeError, binascii.Error):
        raise NotFound from None
