"""What the providers of the sample would deliver: the same bytes as theirs, about invented people.

One function a provider; each gives a raw request as the door or the poll would keep it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

from simpul.demo.stage import ZONE
from simpul.messages.transports import RawRequest

PHONE_ID, BUSINESS_ID = "100000000007602", "200000000007602"
"""The WhatsApp account of the sample: numbers that no account has."""


def _post(said: Mapping[str, Any]) -> RawRequest:
    body = json.dumps(said, ensure_ascii=False).encode()
    return RawRequest("POST", body, headers={"content-type": "application/json"}, sender="192.0.2.76")


# --- WhatsApp Cloud API -----------------------------------------------------------------------------------------------


def _whatsapp(value: Mapping[str, Any]) -> RawRequest:
    metadata = {"display_phone_number": "6281200007602", "phone_number_id": PHONE_ID}
    whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    change = {"value": whole, "field": "messages"}
    return _post({"object": "whatsapp_business_account", "entry": [{"id": BUSINESS_ID, "changes": [change]}]})


def whatsapp(who: Mapping[str, Any], at: datetime, mark: str, content: Mapping[str, Any]) -> RawRequest:
    """A message; ``content`` is its type and what belongs to it. Whoever hides their number has an id of the account."""
    hidden = str(who["address"]).startswith("ID.")
    digits = wa_id(who)
    contact = {"profile": {"name": who["name"]}, "user_id" if hidden else "wa_id": digits}
    sender = {"from_user_id" if hidden else "from": digits}
    message = {**sender, "id": f"wamid.{mark}", "timestamp": str(int(at.timestamp())), **content}
    return _whatsapp({"contacts": [contact], "messages": [message]})


def whatsapp_report(external_id: str, status: str, at: datetime, recipient: str) -> RawRequest:
    """What became of a message of ours."""
    said: dict[str, Any] = {
        "id": external_id,
        "status": status,
        "timestamp": str(int(at.timestamp())),
        "recipient_id": recipient.lstrip("+"),
    }
    if status == "failed":
        said["errors"] = [{"code": 131026, "title": "Message undeliverable"}]
    return _whatsapp({"statuses": [said]})


def wa_id(who: Mapping[str, Any]) -> str:
    """A number as WhatsApp writes it: 62 in place of the first 0; an id of the account as it is."""
    address = str(who["address"])
    return address if address.startswith("ID.") else "62" + "".join(filter(str.isdigit, address))[1:]


def content_of(step: Mapping[str, Any], file_id: str) -> dict[str, Any]:
    """What a WhatsApp message says, by what the story tells of it."""
    if "photo" in step:
        image = {"id": file_id, "mime_type": "image/jpeg", "caption": step.get("says", "")}
        return {"type": "image", "image": image}
    if "voice" in step:
        return {
            "type": "audio",
            "audio": {"id": file_id, "mime_type": "audio/ogg; codecs=opus", "voice": True},
        }
    if "video" in step:
        video = {"id": file_id, "mime_type": "video/mp4", "caption": step.get("says", "")}
        return {"type": "video", "video": video}
    if "place" in step:
        latitude, longitude, name = step["place"]
        return {"type": "location", "location": {"latitude": latitude, "longitude": longitude, "name": name}}
    return {"type": "text", "text": {"body": step["says"]}}


# --- Telegram ---------------------------------------------------------------------------------------------------------


def telegram(
    who: Mapping[str, Any], at: datetime, mark: int, step: Mapping[str, Any], file_id: str
) -> RawRequest:
    """A message to the bot."""
    chat = int(who["address"])
    message: dict[str, Any] = {
        "message_id": mark,
        "from": {"id": chat, "is_bot": False, "first_name": who["name"], "language_code": "id"},
        "chat": {"id": chat, "first_name": who["name"], "type": "private"},
        "date": int(at.timestamp()),
    }
    if "photo" in step:
        photo = {"file_id": file_id, "width": 960, "height": 720, "file_size": 60_000}
        message |= {"caption": step.get("says", ""), "photo": [photo]}
    else:
        message["text"] = step["says"]
    return _post({"update_id": 760_200_000 + mark, "message": message})


# --- short messages ---------------------------------------------------------------------------------------------------


def gammu(sender: str, at: datetime, row_id: int, words: str, udh: str = "") -> RawRequest:
    """A row of the inbox of Gammu SMSD; ``udh`` tells which part of a long message it is."""
    row = {
        "ID": row_id,
        "ReceivingDateTime": _local(at),
        "Text": "",
        "SenderNumber": sender,
        "Coding": "Default_No_Compression",
        "UDH": udh,
        "SMSCNumber": "+62816124",
        "Class": -1,
        "TextDecoded": words,
        "RecipientID": "",
    }
    return _row("inbox", row)


def gammu_report(reference: str, part: int, status: str, at: datetime, recipient: str) -> RawRequest:
    """A row of what Gammu SMSD has sent, with its delivery report."""
    row = {
        "ID": int(at.timestamp()) % 1_000_000,
        "SequencePosition": part,
        "Status": "DeliveryFailed" if status == "failed" else "DeliveryOK",
        "StatusError": -1,
        "SendingDateTime": _local(at),
        "DeliveryDateTime": _local(at),
        "DestinationNumber": recipient,
        "CreatorID": reference,
        "UpdatedInDB": _local(at),
    }
    return _row("sentitems", row)


def _row(table: str, row: Mapping[str, Any]) -> RawRequest:
    said = {"table": table, "row": dict(row)}
    return RawRequest("gammu", json.dumps(said, ensure_ascii=False, sort_keys=True).encode())


def _local(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"


def android(event: str, at: datetime, mark: str, payload: Mapping[str, Any]) -> RawRequest:
    """An event of the app on the telephone in the office."""
    return _post(
        {"deviceId": "peragaan", "event": event, "id": mark, "webhookId": "w1", "payload": dict(payload)}
        | {"createdAt": at.isoformat()}
    )


# --- e-mail -----------------------------------------------------------------------------------------------------------


def mail(
    who: Mapping[str, Any], at: datetime, mark: str, step: Mapping[str, Any], own: str, answers: str = ""
) -> RawRequest:
    """One mail as it lies in the mailbox; ``answers`` is the name of the mail it replies to."""
    made = EmailMessage()
    made["From"] = formataddr((who["name"], who["address"]))
    made["To"] = own
    made["Subject"] = step["subject"]
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{mark}@peragaan.invalid>"
    if answers:
        made["In-Reply-To"] = f"<{answers}>"
        made["References"] = f"<{answers}>"
    made.set_content(step["says"])
    return RawRequest("imap", made.as_bytes(), query=f"uid={mark}", headers={"uid": mark})
