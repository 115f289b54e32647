"""GeoReport v2: the calls as existing clients write them, in both formats, and what they never see."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from simpul.cases.models import Case, Publication
from simpul.cases.queries import kinds as kind_queries
from simpul.desks.models import Institution
from simpul.exchange.models import Reply, Token
from tests import cast as casting
from tests.api.conftest import issue, publish
from tests.cast import BONTO_JAI, BOTTENG, DUNGKAIT, NOW

V2 = "/api/open311/v2"
LAMP = "Lampu jalan di dusun kami padam sejak sebulan lalu."


def xml(answer: Any) -> ET.Element:
    assert answer["Content-Type"] == "text/xml; charset=utf-8", answer.content
    assert answer.content.startswith(b"<?xml version")
    return ET.fromstring(answer.content)  # noqa: S314 - written by ourselves a moment ago


def read(client: Client, path: str, **query: str) -> Any:
    answer = client.get(f"{V2}/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def send(client: Client, key: str, **words: str) -> Any:
    body = {"api_key": key, "service_code": "complaint", "description": LAMP, "address_id": DUNGKAIT}
    body.update({name.replace("__", "[") + "]" * ("__" in name): value for name, value in words.items()})
    return client.post(f"{V2}/requests.json", {name: value for name, value in body.items() if value})


# --- discovery and services -------------------------------------------------------------------------------------------


def test_discovery_says_where_and_how_in_both_formats(cast: casting.Cast, client: Client) -> None:
    as_json = read(client, "discovery.json")
    as_xml = xml(client.get(f"{V2}/discovery.xml"))
    assert as_json["endpoints"][0]["url"] == "http://testserver/api/open311/v2"
    assert as_json["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert as_xml.tag == "discovery"
    assert [one.text for one in as_xml.findall("endpoints/endpoint/formats/format")] == [
        "text/xml",
        "application/json",
    ]
    assert as_xml.findtext("endpoints/endpoint/specification") == "http://wiki.open311.org/GeoReport_v2"
    assert as_json["changeset"].endswith("+08:00")


def test_services_are_the_kinds_open_to_residents_in_the_language_asked_for(
    cast: casting.Cast, client: Client
) -> None:
    rows = {row["service_code"]: row for row in read(client, "services.json")}
    english = {row["service_code"]: row for row in read(client, "services.json", lang="en")}
    assert rows["complaint"]["service_name"] != english["complaint"]["service_name"]
    assert rows["complaint"]["type"] == "realtime" and rows["protected_report"]["type"] == "batch"
    names = [one.findtext("service_code") for one in xml(client.get(f"{V2}/services.xml")).findall("service")]
    assert names == list(rows)


def test_a_service_tells_its_questions(cast: casting.Cast, client: Client) -> None:
    found = read(client, "services/aid_complaint.json")
    orders = [one["order"] for one in found["attributes"]]
    assert found["service_code"] == "aid_complaint" and orders == list(range(1, len(orders) + 1))
    known = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
    assert {one["datatype"] for one in found["attributes"]} <= known
    lists = [one for one in found["attributes"] if "list" in one["datatype"]]
    assert lists and all(one["values"] and one["values"][0]["key"] for one in lists)
    tree = xml(client.get(f"{V2}/services/aid_complaint.xml"))
    assert tree.tag == "service_definition"
    assert tree.findtext("attributes/attribute/variable") == "true"
    assert tree.find("attributes/attribute/values/value/key") is not None


@pytest.mark.parametrize(
    "path",
    ["services/none.xml", "requests/SPL-2611-99999-A.xml", "tokens/none.xml", "else.xml", "services.html"],
)
def test_what_is_not_there_is_a_404_in_the_standards_words(
    cast: casting.Cast, client: Client, path: str
) -> None:
    answer = client.get(f"{V2}/{path}")
    assert answer.status_code == 404
    tree = xml(answer)
    assert (
        tree.tag == "errors" and tree.findtext("error/code") == "404" and tree.findtext("error/description")
    )


def test_an_unknown_jurisdiction_is_not_found_and_the_own_name_is(cast: casting.Cast, client: Client) -> None:
    assert client.get(f"{V2}/services.json", {"jurisdiction_id": "sfgov.org"}).status_code == 404
    assert client.get(f"{V2}/services.json", {"jurisdiction_id": "7303"}).status_code == 404
    for known in ("testserver", "7602", "76.02", "760213"):
        assert client.get(f"{V2}/services.json", {"jurisdiction_id": known}).status_code == 200


@pytest.mark.parametrize(
    "path", ["services.json", "services.json/", "/services.json", "services/?format=json"]
)
def test_clients_write_addresses_in_many_ways(cast: casting.Cast, client: Client, path: str) -> None:
    answer = client.get(f"{V2}/{path}")
    assert answer.status_code == 200 and answer.json()
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers


# --- sending ----------------------------------------------------------------------------------------------------------


def test_a_report_is_taken_in_once_and_gives_its_number(
    cast: casting.Cast, client: Client, app_key: str
) -> None:
    words = {
        "first_name": "Nurhayati",
        "last_name": "Daeng",
        "phone": "0812-4455-6677",
        "email": "n@contoh.invalid",
    }
    [answer] = send(client, app_key, **words).json()
    case = Case.objects.get(number=answer["service_request_id"])
    assert (case.channel, case.region_code, case.mode, case.kind_id) == (
        "open311",
        DUNGKAIT,
        "self",
        "complaint",
    )
    assert case.reporter is not None and case.reporter.full_name == "Nurhayati Daeng"
    assert (
        "token" not in answer
        and case.number in answer["service_notice"]
        and "PIN" not in answer["service_notice"]
    )
    assert send(client, app_key, **words).json() == [answer]
    assert Case.objects.count() == 1
    assert not case.chain.exclude(desk=cast.desk("centre")).exists()


def test_a_report_without_a_name_gets_number_and_pin(
    cast: casting.Cast, client: Client, app_key: str
) -> None:
    [answer] = send(client, app_key).json()
    case = Case.objects.get(number=answer["service_request_id"])
    assert case.reporter is None and case.mode == "self" and "PIN" in answer["service_notice"]


def test_a_kind_that_needs_a_name_says_so(cast: casting.Cast, client: Client, app_key: str) -> None:
    kind = next(row for row in kind_queries.kinds_offered() if not row.anonymous_allowed)
    answer = send(client, app_key, service_code=kind.code)
    assert answer.status_code == 400 and answer.json()[0]["code"] == 400
    assert not Case.objects.exists() and not Reply.objects.exists()


def test_what_must_be_looked_at_first_gives_a_token_that_tells_nothing(
    cast: casting.Cast, client: Client, app_key: str
) -> None:
    [sealed] = send(
        client, app_key, service_code="protected_report", description="Saya diancam di pos bantuan."
    ).json()
    assert "service_request_id" not in sealed and sealed["token"]
    case = Case.objects.get()
    assert case.sensitivity == "sealed" and case.number not in json.dumps(sealed)
    assert read(client, f"tokens/{sealed['token']}.json") == [
        {"service_request_id": None, "token": sealed["token"]}
    ]
    tree = xml(client.get(f"{V2}/tokens/{sealed['token']}.xml"))
    assert tree.tag == "service_requests" and not tree.findtext("request/service_request_id")
    assert client.get(f"{V2}/requests/{case.number}.xml").status_code == 404


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "spl_" + "x" * 43}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "none"}, 404),
        ({"address_id": ""}, 400),
        ({"address_id": "", "lat": "-2.6"}, 400),
        ({"address_id": "", "lat": "-92.6", "long": "118.9"}, 400),
        ({"address_id": BONTO_JAI}, 400),
        ({"address_id": "9999999999"}, 400),
        ({"jurisdiction_id": "sfgov.org"}, 404),
        ({"description": "x" * 4001}, 400),
    ],
)
def test_what_is_wrong_is_said_with_its_status(
    cast: casting.Cast, client: Client, app_key: str, changed: dict[str, str], status: int
) -> None:
    answer = (
        send(client, **{"key": app_key, **changed})
        if "api_key" not in changed
        else send(client, changed["api_key"])
    )
    assert answer.status_code == status, answer.content
    assert answer.json()[0]["code"] == status and answer.json()[0]["description"]
    assert not Case.objects.exists()


def test_a_key_for_other_uses_or_other_places_sends_nothing(cast: casting.Cast, client: Client) -> None:
    assert send(client, issue(cast, "feed.read").secret).status_code == 403
    here = issue(cast, "requests.write", jurisdictions=["760213"]).secret
    assert send(client, here).status_code == 201
    assert send(client, here, address_id=BOTTENG).status_code in (400, 403)
    assert send(client, here, jurisdiction_id="7602").status_code == 403


def test_a_wrong_answer_is_named_by_its_attribute(cast: casting.Cast, client: Client, app_key: str) -> None:
    fields = read(client, "services/aid_complaint.json")["attributes"]
    required = [one["code"] for one in fields if one["required"]]
    chosen = next(one for one in fields if one["datatype"] == "singlevaluelist")
    answer = send(
        client, app_key, service_code="aid_complaint", **{f"attribute__{chosen['code']}": "nonsense"}
    )
    assert answer.status_code == 400
    told = " ".join(row["description"] for row in answer.json())
    assert f"attribute[{chosen['code']}]" in told and all(f"attribute[{code}]" in told for code in required)


def test_attributes_of_every_type_arrive(cast: casting.Cast, client: Client, app_key: str) -> None:
    fields = read(client, "services/aid_complaint.json")["attributes"]
    values = {
        "string": "Yayasan",
        "text": "Beras",
        "number": "4",
        "datetime": "2026-11-20T00:00:00+08:00",
    }
    body: dict[str, Any] = {
        "api_key": app_key,
        "service_code": "aid_complaint",
        "address_id": DUNGKAIT,
        "description": LAMP,
    }
    for one in fields:
        if one["datatype"] == "multivaluelist":
            body[f"attribute[{one['code']}][]"] = [option["key"] for option in one["values"][:2]]
        else:
            body[f"attribute[{one['code']}]"] = values.get(one["datatype"]) or one["values"][0]["key"]
    answer = client.post(f"{V2}/requests.json", body)
    assert answer.status_code == 201, answer.content
    assert set(Case.objects.get().answers) == {one["code"] for one in fields}


# --- where it is ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("Desa Dungkait, Kec. Tapalang Barat, Mamuju", DUNGKAIT),
        ("Jl. Poros 12, Dusun Taludu, Dungkait, Tapalang Barat", DUNGKAIT),
        ("dungkait", DUNGKAIT),
        ("Botteng", BOTTENG),
        ("1234 5th street, San Francisco", "7602"),
        ("Bonto Jai, Bissappu", "7602"),
    ],
)
def test_an_address_in_words_finds_its_village_or_the_regency(
    cast: casting.Cast, client: Client, app_key: str, address: str, code: str
) -> None:
    answer = send(client, app_key, address_id="", address_string=address)
    assert answer.status_code == 201, answer.content
    case = Case.objects.get()
    assert case.region_code == code and case.place == address


def test_a_point_goes_to_the_jurisdiction_and_is_kept(
    cast: casting.Cast, client: Client, app_key: str
) -> None:
    send(
        client,
        app_key,
        address_id="",
        lat="-2.6744",
        long="118.8885",
        media_url="http://foto.contoh.invalid/1.jpg",
    )
    case = Case.objects.get()
    assert (case.region_code, case.place) == ("7602", "-2.674400, 118.888500")
    assert case.text.endswith("media_url: http://foto.contoh.invalid/1.jpg")


def test_in_an_installation_for_everywhere_a_point_goes_where_the_keys_partner_works(
    cast: casting.Cast, client: Client, app_key: str
) -> None:
    Institution.objects.update(region_code="")
    Token.objects.update(desk=cast.desk("centre"))
    assert send(client, app_key, address_id="", lat="-2.6744", long="118.8885").status_code in (200, 201)
    assert Case.objects.get().region_code == cast.desk("centre").region_code


# --- existing clients -------------------------------------------------------------------------------------------------


def test_the_example_of_the_standard_is_understood(cast: casting.Cast, client: Client, app_key: str) -> None:
    """The body of the specification's own example, form-encoded by hand, brackets and all."""
    body = (
        f"api_key={app_key}&jurisdiction_id=testserver&service_code=complaint&lat=-2.67&long=118.88"
        "&address_string=1234+5th+street&email=smit333%40sfgov.edu&device_id=tt222111&account_id=123456"
        "&first_name=john&last_name=smith&phone=111111111&description=A+large+sinkhole+is+destroying+the+street"
        "&media_url=http%3A%2F%2Ffarm3.static.flickr.com%2F2002%2F2212426634_5ed477a060.jpg"
        "&attribute[WHISPAWN]=123456&attribute[WHISDORN]=COISL001"
    )
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    answer = client.post(f"{V2}/requests.xml", body, content_type=kind)
    assert answer.status_code == 201, answer.content
    tree = xml(answer)
    assert (
        tree.tag == "service_requests"
        and tree.findtext("request/service_request_id") == Case.objects.get().number
    )
    assert tree.find("request/account_id") is not None and not tree.findtext("request/account_id")


def test_a_client_that_posts_a_picture_as_media_is_served(
    cast: casting.Cast, client: Client, app_key: str
) -> None:
    """As the Python client does it: multipart, the picture under "media"; a file that is no picture is refused."""
    bad = SimpleUploadedFile("photo.png", b"<script>", "image/png")
    body = {
        "api_key": app_key,
        "service_code": "complaint",
        "address_string": "Dungkait",
        "description": LAMP,
    }
    answer = client.post(f"{V2}/requests.json", {**body, "media": bad})
    assert answer.status_code == 400 and not Case.objects.exists()
    picture = SimpleUploadedFile("photo.png", _png(), "image/png")
    assert client.post(f"{V2}/requests.json", {**body, "media": picture}).status_code == 201
    assert Case.objects.get().attachments.get().kind == "photo"


def _png() -> bytes:
    sink = BytesIO()
    Image.new("RGB", (40, 30), "white").save(sink, "PNG")
    return sink.getvalue()


def test_a_client_that_follows_by_xml_finds_number_and_status(
    cast: casting.Cast, client: Client, app_key: str
) -> None:
    """As FixMyStreet does it: send in XML, then ask for several numbers at once."""
    answer = client.post(
        f"{V2}/requests.xml",
        {"jurisdiction_id": "7602", "api_key": app_key, "service_code": "complaint", "lat": "-2.6", "long": "118.9",
         "email": "x@contoh.invalid", "first_name": "A", "last_name": "B", "description": "title: Lampu\n\ndetail: padam"},
    )  # fmt: skip
    number = xml(answer).findtext("request/service_request_id") or ""
    assert xml(client.get(f"{V2}/requests.xml", {"service_request_id": number})).findall("request") == []
    publish(cast, Case.objects.get(number=number))
    tree = xml(client.get(f"{V2}/requests.xml", {"service_request_id": f"{number},SPL-2611-99999-A"}))
    assert [one.findtext("service_request_id") for one in tree.findall("request")] == [number]
    assert tree.findtext("request/status") == "closed"


# --- the public face --------------------------------------------------------------------------------------------------


@pytest.fixture
def face(cast: casting.Cast) -> dict[str, Case]:
    """One of each: published, published and open again, answered only, anonymous and published, sealed."""
    cases = {
        "published": cast.case(),
        "old": cast.case(at=NOW - timedelta(days=120)),
        "other": cast.case(kind_code="aspiration", region_code=BOTTENG),
        "waiting": cast.case(),
        "anonymous": cast.case(mode="anonymous", reporter=None),
        "sealed": cast.case(kind_code="protected_report", text_given="Saya diancam."),
    }
    for name in ("published", "old", "other", "anonymous"):
        publish(cast, cases[name])
    return cases


def numbers(client: Client, **query: str) -> set[str]:
    return {row["service_request_id"] for row in read(client, "requests.json", **query)}


def test_only_published_and_neither_anonymous_nor_sealed_matters_are_listed(
    face: dict[str, Case], client: Client
) -> None:
    assert numbers(client) == {face["published"].number, face["other"].number}
    everything = ",".join(case.number for case in face.values())
    shown = {face[name].number for name in ("published", "old", "other")}
    assert numbers(client, service_request_id=everything) == shown
    for hidden in ("waiting", "anonymous", "sealed"):
        assert client.get(f"{V2}/requests/{face[hidden].number}.json").status_code == 404


def test_each_filter_narrows(face: dict[str, Case], client: Client) -> None:
    published, old, other = (face[name].number for name in ("published", "old", "other"))
    assert numbers(client, service_code="aspiration") == {other}
    assert numbers(client, service_code="aspiration,complaint") == {published, other}
    assert numbers(client, start_date="2026-07-01T00:00:00Z") == {published, old, other}
    assert numbers(client, start_date="2026-07-01T00:00:00+08:00", end_date="2026-08-30T00:00:00+08:00") == {
        old
    }
    assert numbers(client, end_date="2026-08-30") == {old}
    assert numbers(client, jurisdiction_id="760212") == {other}
    assert numbers(client, status="open") == set()
    Case.objects.filter(number=old).update(is_open=True)
    assert numbers(client, status="open", start_date="2026-01-01") == {old}
    assert numbers(client, status="open,closed", start_date="2026-01-01") == {published, old, other}


def test_pages_share_the_list_out(face: dict[str, Case], client: Client) -> None:
    pages = [
        [row["service_request_id"] for row in read(client, "requests.json", page=str(page), page_size="1")]
        for page in (1, 2, 3)
    ]
    assert [len(page) for page in pages] == [1, 1, 0] and pages[0] != pages[1]


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "yesterday"},
        {"status": "OPENED"},
        {"page": "0"},
        {"page_size": "x"},
        {"end_date": "9999-99-99"},
        {"end_date": "0001-01-01"},
        {"start_date": "9999-12-31T23:59:59-23:00"},
    ],
)
def test_a_filter_that_cannot_be_read_is_a_400(
    cast: casting.Cast, client: Client, query: dict[str, str]
) -> None:
    assert client.get(f"{V2}/requests.json", query).status_code == 400


def test_one_request_shows_published_words_and_no_others(face: dict[str, Case], client: Client) -> None:
    case = face["published"]
    [row] = read(client, f"requests/{case.number.lower()}.json")
    published = Publication.objects.get(case=case)
    assert (
        row["description"] == f"{published.title}\n\n{published.text}"
        and row["status_notes"] == published.answer
    )
    assert row["requested_datetime"] == "2026-11-23T00:00:00+08:00"
    assert LAMP not in json.dumps(row) and "Nurhayati" not in json.dumps(row)
    [element] = xml(client.get(f"{V2}/requests/{case.number}.xml")).findall("request")
    assert {one.tag for one in element} == set(row)


def test_lists_cost_the_same_however_long(
    face: dict[str, Case], cast: casting.Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        publish(cast, cast.case())
    with django_assert_max_num_queries(
        6
    ):  # four of them read the institution, which is kept in memory outside tests
        client.get(f"{V2}/requests.xml")
    with django_assert_max_num_queries(3):
        client.get(f"{V2}/services.xml")


# --- properties -------------------------------------------------------------------------------------------------------


@given(words=st.text(min_size=1, max_size=200), name=st.text(max_size=60), place=st.text(max_size=60))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_gives_well_formed_answers(
    cast: casting.Cast, client: Client, app_key: str, words: str, name: str, place: str
) -> None:
    body = {"api_key": app_key, "service_code": "complaint", "address_id": DUNGKAIT, "address_string": place,
            "description": words, "first_name": name}  # fmt: skip
    raw = "&".join(f"{key}={_quoted(value)}" for key, value in body.items())
    answer = client.post(f"{V2}/requests.xml", raw, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (201, 400, 429), answer.content
    xml(answer)
    for path in ("services", "requests"):
        reply = client.get(f"{V2}/{path}/{_quoted(words)}.xml")
        assert reply.status_code in (200, 400, 404)


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="")


def test_published_words_with_any_sign_stay_well_formed(cast: casting.Cast, client: Client) -> None:
    case = cast.case()
    publish(cast, case)
    Publication.objects.filter(case=case).update(answer='<b>&"]]>\x0b\ufffe 🙏 – selesai')
    tree = xml(client.get(f"{V2}/requests/{case.number}.xml"))
    assert tree.findtext("request/status_notes") == '<b>&"]]> 🙏 – selesai'


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_the_same_report_twice_at_once_is_one_matter() -> None:
    cast = casting.assemble()
    key = issue(cast, "requests.write").secret
    found: list[int] = []

    def press() -> None:
        try:
            found.append(send(Client(), key).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) <= {201, 409} and 201 in found
    assert Case.objects.count() == 1


def test_a_limit_is_told_with_how_long_to_wait(cast: casting.Cast, client: Client) -> None:
    key = issue(cast, "requests.write", per_minute=1).secret
    answers = [send(client, key, description=f"{LAMP} {turn}") for turn in range(3)]
    assert 429 in {answer.status_code for answer in answers}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(refused["Retry-After"]) <= 60
