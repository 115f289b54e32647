"""What the pages are made of: fields read forgivingly, are drawn accessibly, and the stylesheet fits its budget."""

from __future__ import annotations

import gzip
from datetime import date
from typing import Any

import pytest
from django import forms as django_forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from simpul.web import brand, forms
from simpul.web.templatetags import simpul as tags


class Question(forms.Form):
    """One of everything."""

    heading = "text"
    text = forms.LongTextField(label="Apa yang terjadi?", help_text="Ceritakan.", max_length=30)
    name = forms.NameField(label="Nama")
    phone = forms.PhoneField(label="Telepon", required=False)
    nik = forms.DigitsField(label="NIK", length=16, required=False)
    born = forms.DatePartsField(label="Lahir", required=False)
    seen = forms.DateField(label="Kejadian", required=False, latest=date(2026, 11, 25))
    kind = forms.ChoiceField(
        label="Jenis", choices=[forms.Choice("air", "Air", "Pipa, sumur", "box"), ("lain", "Lain")]
    )
    ways = forms.ChoicesField(label="Cara", choices=[("sms", "SMS"), ("telp", "Telepon")], required=False)
    desk = forms.ChoiceField(
        label="Meja", widget=django_forms.Select, choices=[("1", "Satu")], required=False
    )
    photos = forms.FilesField(label="Foto", required=False)
    agreed = forms.TickField(label="Setuju")
    secret = forms.LineField(widget=django_forms.HiddenInput, required=False)


def filled(text: str, files: Any = None) -> Question:
    """The form as it comes back from a browser."""
    return Question(QueryDict(text), files or MultiValueDict())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("17/8/1945", date(1945, 8, 17)),
        (" 17 / 08 / 1945 ", date(1945, 8, 17)),
        ("1945-08-17", date(1945, 8, 17)),
        ("17\u200b/8/1945", date(1945, 8, 17)),
        ("31/2/2026", None),
        ("8/17/1945", None),
        ("17-8-1945", None),
        ("17/8/45", None),
        ("31/12/9999", None),
        ("0001-01-01", None),
        ("besok", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_day_month_year_or_iso_and_never_guessed(typed: str, read: date | None) -> None:
    assert forms.read_date(typed) == read


def test_what_cannot_be_seen_is_taken_out_and_what_was_written_stays() -> None:
    assert forms.tidy_line("  Siti\u200b \u202eAminah\n ") == "Siti Aminah"
    assert forms.tidy_text("satu\r\ndua\x00\u202e 👩\u200d🌾 ") == "satu\ndua 👩\u200d🌾"
    assert forms.tidy_digits("7602.0112 3456-٧890") == "7602011234567890"


def test_every_fault_is_told_at_once_and_nothing_typed_is_lost() -> None:
    form = filled(
        "text=" + "x" * 40 + "&phone=bukan&nik=123&born_day=31&born_month=2&born_year=1958&seen=1/1/2027"
    )
    assert set(form.errors) == {"text", "name", "phone", "nik", "born", "seen", "kind", "agreed"}
    with override("id"):
        page = str(form)
        links = tags.error_links(form)
    assert 'value="bukan"' in page
    assert "x" * 40 in page
    assert 'value="1958"' in page
    assert {
        "href": "#id_born_0",
        "text": "Tulis tanggal sebagai hari/bulan/tahun, misalnya 17/8/2026.",
    } in links
    assert {"href": "#id_kind_0", "text": "Jenis: Pilih satu jawaban."} in links
    assert all(f'id="{link["href"][1:]}"' in page for link in links)


def test_a_complete_form_gives_tidy_values() -> None:
    form = filled(
        "text=Air%20mati%0D%0A&name=%20Siti%20%20Aminah&phone=0812-3456 789&nik=7602 0112 3456 7890"
        "&born_day=17&born_month=8&born_year=1958&kind=air&ways=sms&agreed=on"
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["text"] == "Air mati"
    assert form.cleaned_data["name"] == "Siti Aminah"
    assert form.cleaned_data["phone"] == "0812-3456 789"
    assert form.cleaned_data["nik"] == "7602011234567890"
    assert form.cleaned_data["born"] == date(1958, 8, 17)
    assert form.cleaned_data["seen"] is None


def test_a_field_is_drawn_for_people_and_not_for_the_browsers_own_checks() -> None:
    with override("id"):
        page = str(Question())
    assert '<h1 class="govuk-label-wrapper"><label class="govuk-label govuk-label--l" for="id_text">' in page
    assert page.count("<h1") == 1
    assert "(opsional)" in page
    assert " required" not in page
    assert 'maxlength="30"' not in page
    assert 'aria-describedby="id_text_helptext"' in page
    assert 'aria-describedby="id_kind_0_hint"' in page
    assert "style=" not in page
    assert page.count("<fieldset") == 3
    assert '<input type="hidden" name="secret"' in page


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("foto.jpg", b"", "empty"), ("foto.jpg", b"x" * 200, "too_big"), ("virus.exe", b"MZ", "ending")],
)
def test_each_thing_wrong_with_a_file_has_its_own_sentence(name: str, content: bytes, code: str) -> None:
    field = forms.FilesField(max_bytes=100)
    with pytest.raises(django_forms.ValidationError) as refused:
        field.clean([SimpleUploadedFile("baik.pdf", b"%PDF"), SimpleUploadedFile(name, content)])
    assert [fault.code for fault in refused.value.error_list] == [code]


def test_a_place_that_could_be_several_is_asked_and_the_choice_is_taken() -> None:
    known = {"7602031001": "Rimuku", "7602032004": "Rimuku Utara"}

    def find(text: str) -> list[tuple[str, str]]:
        return [(code, name) for code, name in known.items() if text == code or name.startswith(text)]

    class Where(forms.Form):
        place = forms.RegionField(label="Desa", find=find)

    asked = Where({"place": "Rim"})
    assert not asked.is_valid()
    assert 'value="7602032004"' in str(asked)
    chosen = Where(QueryDict("place=Rim&place=7602032004"))
    assert chosen.is_valid()
    assert chosen.cleaned_data["place"] == "7602032004"
    assert Where({"place": "Rimuku"}).is_valid()
    assert Where({"place": "Tidak Ada"}).errors


@pytest.mark.parametrize("colour", ["#0b4f6c", "#c1121f", "#ffd400", "#ffffff", "#00a651", "bukan warna", ""])
def test_no_institution_can_choose_a_colour_that_cannot_be_read(colour: str) -> None:
    read = brand.read_colour(colour)
    assert brand.contrast(brand.readable(read), "#fbf9f3") >= 7
    assert brand.contrast(brand.readable(read), brand.mix(read, "#ffffff", 0.9)) >= 4.5
    assert brand.contrast(read, brand.ink_on(read)) >= 4.5


def test_each_stylesheet_fits_its_budget_and_is_kept_under_its_own_name() -> None:
    for door, budget in (("public", 10_240), ("desk", 12_288)):
        url = brand.stylesheet_url(door, "#0b4f6c")
        digest = url.rpartition("-")[2].removesuffix(".css")
        asked = RequestFactory().get(url, headers={"accept-encoding": "gzip"})
        answer = brand.stylesheet(asked, door, "0b4f6c", digest)
        assert len(answer.content) <= budget
        assert b"--brand:#0b4f6c" in gzip.decompress(answer.content)
        assert "immutable" in answer["Cache-Control"]
        assert answer["Vary"] == "Accept-Encoding"
        again = RequestFactory().get(url, headers={"if-none-match": answer["ETag"]})
        assert brand.stylesheet(again, door, "0b4f6c", digest).status_code == 304
        assert "immutable" not in brand.stylesheet(asked, door, "0b4f6c", "old")["Cache-Control"]


def test_a_number_is_grouped_for_the_eye_and_spelled_for_the_ear() -> None:
    assert tags.number_parts("SPL-2611-00047-K") == ["SPL", "2611", "00047", "K"]
    assert tags.number_parts("4829134477120098") == ["4829", "1344", "7712", "0098"]
    assert tags.spelled("482913") == "4 8 2, 9 1 3"


def test_what_people_wrote_is_escaped_in_charts_codes_and_icons() -> None:
    template = engines["django"].from_string(
        "{% load simpul %}{% bar_chart rows wild %}{% column_chart rows wild %}{% sparkline points wild %}"
        "{% qr wild wild %}{% icon wild wild wild %}"
    )
    page = template.render(
        {"wild": "\"><script>alert('x')</script>", "rows": [("<b>", 3), ("y", None)], "points": [1, None, 3]}
    )
    assert "<script" not in page
    assert "<b>" not in page
    assert "style=" not in page
