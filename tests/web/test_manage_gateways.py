"""The administration of gateways: added by their kind, changed without showing secrets, tried, and given templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from simpul.desks.models import Desk
from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused
from simpul.messages import actions as message_actions
from simpul.messages import transports
from simpul.messages.models import Gateway, Template
from simpul.messages.queries import gateway_health
from simpul.messages.rules import gateways as gateway_rules
from simpul.messages.rules import setups
from simpul.web.manage import gateway_words
from tests import cast as cast_module
from tests.peers import webapi
from tests.web.test_manage import Enter, entering, journalled, page, refused, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Any:
    return cast_module.assemble()


@pytest.fixture
def enter(cast: Any) -> Enter:
    return entering(cast)


@pytest.fixture
def admin(enter: Enter) -> Client:
    return enter("administrator")


@pytest.fixture
def api() -> Iterator[webapi.CloudApi]:
    with webapi.serving(webapi.CloudApi()) as service:
        yield service  # type: ignore[misc]


def desk() -> Desk:
    found = Desk.objects.filter(closed_at=None, outside=False).order_by("code").first()
    assert found is not None
    return found


def fields_of(**more: Any) -> dict[str, Any]:
    return {
        "name": "WhatsApp Mamuju",
        "code": "wa-mamuju",
        "number": "0821 8800 1122",
        "desk_id": str(desk().id),
        "region_code": "7602",
        "menu": "on",
        "sends": "on",
        "rank": "5",
        "parts_per_minute": "",
        "set_phone_number_id": "106540352242922",
        "secret_app_secret": "rahasia-aplikasi",
        "secret_verify_token": "rahasia-verifikasi",
        "secret_access_token": "rahasia-akses",
    } | more


@pytest.fixture
def gateway(admin: Client, api: webapi.CloudApi) -> Gateway:
    answer = send(
        admin,
        "manage_gateway_add",
        "whatsapp",
        **fields_of(set_api_url=api.url, secret_access_token=api.TOKEN),
    )
    assert answer.status_code == 200, answer.context["form"].errors
    return Gateway.objects.get(code="wa-mamuju")


# --- words and kinds --------------------------------------------------------------------------------------------------


def test_every_kind_and_field_has_words(admin: Client) -> None:
    assert set(gateway_words.KINDS) == set(gateway_rules.KINDS) == set(setups.NEEDED)
    for kind, known in gateway_rules.KINDS.items():
        names = {*known.settings, *known.secrets}
        assert names <= set(gateway_words.FIELDS), kind
        assert set(setups.NEEDED[kind]) <= names
        text = page(admin, "manage_gateway_add", kind)
        for name in known.settings:
            assert f'name="set_{name}"' in text
        for name in known.secrets:
            assert f'name="secret_{name}"' in text
    assert admin.get(reverse("manage_gateway_add", args=["pigeon"])).status_code == 404


def test_the_empty_list_teaches_which_roads_there_are(admin: Client) -> None:
    text = page(admin, "manage_gateways")
    assert "Belum ada gerbang pesan" in text
    for kind in gateway_rules.KINDS:
        assert reverse("manage_gateway_add", args=[kind]) in text
    assert reverse("manage_gateways") in page(admin, "manage_home")


# --- adding and changing ----------------------------------------------------------------------------------------------


def test_a_gateway_is_added_and_its_webhook_can_be_copied(admin: Client, gateway: Gateway) -> None:
    assert (gateway.road, gateway.rank, gateway.sends, gateway.menu) == ("whatsapp", 5, True, True)
    assert gateway.settings["phone_number_id"] == "106540352242922"
    journalled("gateway.add", gateway="wa-mamuju")
    text = page(admin, "manage_gateway", gateway.id)
    assert "http://testserver/hook/whatsapp/wa-mamuju/" in text
    assert "WhatsApp Mamuju" in page(admin, "manage_gateways")
    assert page(admin, "manage_gateway_kinds")


def test_no_page_ever_shows_a_secret(admin: Client, gateway: Gateway) -> None:
    for name in ("manage_gateway", "manage_gateway_change", "manage_gateway_try"):
        text = page(admin, name, gateway.id)
        for secret in ("rahasia-aplikasi", "rahasia-verifikasi", webapi.CloudApi.TOKEN):
            assert secret not in text, name
    assert "tersimpan, tidak ditampilkan" in page(admin, "manage_gateway", gateway.id)


def test_a_secret_we_make_up_is_offered_once(admin: Client) -> None:
    made = re.search(
        r'name="secret_verify_token" value="([\w-]{20,})"', page(admin, "manage_gateway_add", "whatsapp")
    )
    again = re.search(
        r'name="secret_verify_token" value="([\w-]{20,})"', page(admin, "manage_gateway_add", "whatsapp")
    )
    assert made
    assert again
    assert made[1] != again[1]


def test_what_is_missing_stands_beside_its_field_and_nothing_typed_is_lost(admin: Client) -> None:
    answer = send(admin, "manage_gateway_add", "whatsapp", **fields_of(secret_app_secret=""))
    assert answer.status_code == 422
    assert "secret_app_secret" in answer.context["form"].errors
    assert "0821 8800 1122" in answer.content.decode()
    refused(
        send(admin, "manage_gateway_add", "whatsapp", **fields_of(code="WA Mamuju")), "code", "huruf kecil"
    )
    send(admin, "manage_gateway_add", "whatsapp", **fields_of())
    refused(send(admin, "manage_gateway_add", "whatsapp", **fields_of()), "code", "sudah")
    assert Gateway.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "typed", "names"),
    [
        (
            "whatsapp",
            {"set_api_url": "ftp:/x", "set_api_version": "satu"},
            {"set_api_url", "set_api_version"},
        ),
        (
            "gammu",
            {
                "set_database": "smsd.db",
                "set_zone": "Asia/Mamuju",
                "set_send_after": "25:99",
                "prefixes": "abc",
            },
            {"set_database", "set_zone", "set_send_after", "prefixes"},
        ),
        ("http", {"set_profile": '{"like": plain', "secret_shared_secret": "x"}, {"set_profile"}),
        (
            "http",
            {"set_profile": "plain", "set_networks": "300.1.1.1"},
            {"set_networks", "secret_shared_secret"},
        ),
        ("http", {"set_profile": "fonnte", "code": "fonnte"}, {"code"}),
        (
            "smpp",
            {"set_host": "a b", "set_port": "pelabuhan", "set_long": "x"},
            {"set_host", "set_port", "set_long"},
        ),
        (
            "email",
            {"set_imap_host": "!!", "set_smtp_port": "x", "set_from": "siapa"},
            {"set_imap_host", "set_from"},
        ),
    ],
)
def test_what_no_transport_could_read_is_said_beside_its_field(
    admin: Client, kind: str, typed: dict[str, str], names: set[str]
) -> None:
    answer = send(admin, "manage_gateway_add", kind, **fields_of(**typed))
    assert answer.status_code == 422
    assert names <= set(answer.context["form"].errors)
    assert not Gateway.objects.exists()


def test_another_door_cannot_leave_a_setting_that_cannot_be_read(cast: Any) -> None:
    said: dict[str, Any] = {"by": MACHINE, "at": timezone.now(), "name": "SMS", "desk_id": desk().id}
    with pytest.raises(Refused) as refusal:
        message_actions.add_gateway(code="surat", kind="email", settings={"smtp_port": "x"}, **said)
    assert (refusal.value.code, refusal.value.field) == ("gateway.setting_wrong", "set_smtp_port")
    with pytest.raises(Refused):
        message_actions.add_gateway(code="sms", kind="smpp", more={"prefixes": "abc"}, **said)


def test_a_change_keeps_the_secrets_that_stay_empty(admin: Client, gateway: Gateway) -> None:
    changed = fields_of(
        name="WA Satu", secret_app_secret="", secret_verify_token="", secret_access_token="baru"
    )
    del changed["code"]
    assert send(admin, "manage_gateway_change", gateway.id, **changed).status_code == 200
    gateway.refresh_from_db()
    assert (gateway.name, gateway.code) == ("WA Satu", "wa-mamuju")
    assert '"rahasia-aplikasi"' in gateway.secrets
    assert '"baru"' in gateway.secrets
    assert "api_url" not in gateway.settings
    journalled("gateway.change", gateway="wa-mamuju")


def test_one_is_switched_off_and_on(admin: Client, gateway: Gateway) -> None:
    send(admin, "manage_gateway_switch", gateway.id, ke="mati")
    assert not Gateway.objects.get().is_active
    assert gateway_health.health(timezone.now())[0].state == "off"
    send(admin, "manage_gateway_switch", gateway.id, ke="nyala")
    assert Gateway.objects.get().is_active
    assert admin.get(reverse("manage_gateway_switch", args=[gateway.id])).status_code == 405


# --- health -----------------------------------------------------------------------------------------------------------


def test_a_silent_gateway_is_seen_on_the_list_on_its_page_and_at_home(
    admin: Client, gateway: Gateway
) -> None:
    at = timezone.now()
    assert gateway_health.health(at)[0].state == "new"
    message_actions.report_gateway(
        by=MACHINE, at=at, gateway_id=gateway.id, answers=True, battery=81, signal=40
    )
    assert gateway_health.health(at)[0].state == "up"
    assert "baterai 81%" in page(admin, "manage_gateways")
    message_actions.report_gateway(by=MACHINE, at=at, gateway_id=gateway.id, answers=False, reason="503")
    for text in (page(admin, "manage_gateways"), page(admin, "manage_gateway", gateway.id)):
        assert "Tidak menjawab" in text
    assert "WhatsApp Mamuju" in page(admin, "manage_home")


def test_an_incomplete_gateway_says_what_it_lacks(admin: Client, cast: Any) -> None:
    message_actions.add_gateway(
        by=MACHINE,
        at=timezone.now(),
        code="tg",
        kind="telegram",
        name="Bot",
        desk_id=desk().id,
        region_code="7602",
    )
    assert gateway_health.health(timezone.now())[0].missing == ["bot_token", "secret_token"]
    assert "Kurang: Token bot, Rahasia webhook" in page(admin, "manage_gateways")


def test_deliveries_that_were_refused_or_could_not_be_read_are_counted(
    admin: Client, gateway: Gateway
) -> None:
    at = timezone.now()
    for number, verdict in enumerate(
        (transports.Verdict(ok=True), transports.Verdict(ok=False, reason="not signed"))
    ):
        stored = message_actions.store_delivery(
            by=MACHINE,
            at=at,
            gateway_id=gateway.id,
            request=transports.RawRequest("POST", b"{}%d" % number, received_at=at),
            verdict=verdict,
        )
        if verdict.ok:
            message_actions.read_delivery(by=MACHINE, at=at, delivery_id=stored.delivery.id)
    health = gateway_health.health_of(gateway.id, at)
    assert health is not None
    assert (health.broken, health.refused, health.unread) == (1, 1, 0)
    assert "1 kiriman tidak dapat dibaca" in page(admin, "manage_gateways")
    later = gateway_health.health_of(gateway.id, at + timedelta(days=2))
    assert later is not None
    assert (later.broken, later.refused) == (1, 0)


# --- a test message ---------------------------------------------------------------------------------------------------


def test_a_test_message_shows_what_the_provider_says(
    admin: Client, gateway: Gateway, api: webapi.CloudApi
) -> None:
    answer = send(admin, "manage_gateway_try", gateway.id, to="0812 3456 7890")
    assert "wamid.SENT1" in answer.content.decode()
    journalled("gateway.try", gateway="wa-mamuju", result="sent")
    text = send(admin, "manage_gateway_try", gateway.id, to=f"+{api.OUTSIDE}").content.decode()
    assert "131047" in text
    assert "24 jam" in text
    api.next = [webapi.Reply(503)]
    assert (
        "Penyedia tidak menjawab"
        in send(admin, "manage_gateway_try", gateway.id, to="0812 3456 7890").content.decode()
    )
    refused(send(admin, "manage_gateway_try", gateway.id, to=""), "to", "")


# --- templates --------------------------------------------------------------------------------------------------------


def template_of(**more: Any) -> dict[str, Any]:
    return {
        "name": "jawaban",
        "language": "id",
        "text_key": "answer",
        "body": "Jawaban untuk laporan {{1}}: {{2}}. Balas bila belum selesai.",
        "variables": "number\n{answer}",
        "state": "approved",
    } | more


def test_a_template_is_added_shown_with_samples_and_changed(admin: Client, gateway: Gateway) -> None:
    send(admin, "manage_template_add", gateway.id, **template_of())
    template = Template.objects.get()
    assert template.variables == ["number", "answer"]
    journalled("template.change", name="jawaban")
    text = page(admin, "manage_gateway", gateway.id)
    assert "Disetujui" in text
    assert "{{1}}" not in text
    send(admin, "manage_template", gateway.id, template.id, **template_of(state="paused"))
    template.refresh_from_db()
    assert template.state == "paused"
    assert "Ditahan" in page(admin, "manage_gateway", gateway.id)


def test_a_preview_saves_nothing_and_a_refusal_stands_beside_its_field(
    admin: Client, gateway: Gateway
) -> None:
    answer = send(admin, "manage_template_add", gateway.id, **template_of(preview="1"))
    assert "Jawaban untuk laporan {{" not in answer.context["preview"]
    assert not Template.objects.exists()
    refused(
        send(admin, "manage_template_add", gateway.id, **template_of(variables="number")),
        "variables",
        "2 tempat",
    )
    refused(
        send(admin, "manage_template_add", gateway.id, **template_of(name="Jawaban Kami")),
        "name",
        "huruf kecil",
    )


def test_other_roads_have_no_templates(admin: Client, cast: Any) -> None:
    bot = message_actions.add_gateway(
        by=MACHINE,
        at=timezone.now(),
        code="tg",
        kind="telegram",
        name="Bot",
        desk_id=desk().id,
        region_code="7602",
    )
    assert admin.get(reverse("manage_template_add", args=[bot.id])).status_code == 404
    assert "Templat yang disetujui" not in page(admin, "manage_gateway", bot.id)


# --- who may ----------------------------------------------------------------------------------------------------------


def test_other_roles_find_none_of_it(enter: Enter, gateway: Gateway) -> None:
    client = enter("admin")
    for name, args in (
        ("manage_gateways", []),
        ("manage_gateway_kinds", []),
        ("manage_gateway_add", ["whatsapp"]),
        ("manage_gateway", [gateway.id]),
        ("manage_gateway_change", [gateway.id]),
        ("manage_gateway_try", [gateway.id]),
        ("manage_template_add", [gateway.id]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404, name
    assert client.post(reverse("manage_gateway_switch", args=[gateway.id]), {"ke": "mati"}).status_code == 404
