"""E-mail through the installation's SMTP server."""

from __future__ import annotations

import smtplib
from email.headerregistry import Address
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from simpul.messages.transports.outgoing import Outgoing, Rejected, Unreachable


def is_ready() -> bool:
    """True when a mail server is set."""
    return bool(settings.SIMPUL_MAIL_READY)


def send(outgoing: Outgoing) -> None:
    """Hand one message to the mail server.

    Raises:
        Unreachable: no connection, a failed sign-in, or a temporary answer (4xx).
        Rejected: a final answer (5xx), or an address that no mail server can read.
    """
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    try:
        mail = EmailMessage(
            subject=outgoing.subject,
            body=outgoing.body,
            to=[_address(outgoing)],
            headers={
                "Message-ID": f"<{outgoing.reference}@{host}>",
                "Auto-Submitted": "auto-generated",
                "Content-Language": outgoing.language,
            },
        )
        mail.send()
    except smtplib.SMTPRecipientsRefused as fault:
        code = next(iter(fault.recipients.values()), (550, b""))[0]
        raise _answer(code) from fault
    except smtplib.SMTPSenderRefused as fault:  # the server does not want us at all: no fault of the message
        raise Unreachable(f"sender refused {fault.smtp_code}") from fault
    except smtplib.SMTPAuthenticationError as fault:
        raise Unreachable(f"sign-in refused {fault.smtp_code}") from fault
    except smtplib.SMTPResponseException as fault:
        raise _answer(fault.smtp_code) from fault
    except (OSError, smtplib.SMTPException) as fault:
        raise Unreachable(type(fault).__name__) from fault
    except (ValueError, UnicodeError) as fault:
        raise Rejected("address unreadable") from fault


def _address(outgoing: Outgoing) -> str:
    """``Siti Aminah <siti@example.id>``, quoted as the standard asks."""
    name = " ".join(outgoing.to_name.split())
    return str(Address(display_name=name, addr_spec=outgoing.to_address))


def _answer(code: int) -> Rejected | Unreachable:
    return Rejected(f"refused {code}") if 500 <= code < 600 else Unreachable(f"try later {code}")
