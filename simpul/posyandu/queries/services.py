"""Services of the six fields as they ship: papers to show, visits, indicators; read once per process."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from simpul.cases.queries import kinds as kind_queries
from simpul.lib import areas
from simpul.posyandu.models import Posyandu
from simpul.posyandu.queries import institution

KIND = "spm_request"
_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "services.toml"


@dataclass(frozen=True, slots=True)
class Named:
    """A row of a list, with its name in each language."""

    code: str
    name: str
    name_en: str

    def label(self, language: str) -> str:
        """Its name in this language."""
        return (language == "en" and self.name_en) or self.name


@dataclass(frozen=True, slots=True)
class Indicator(Named):
    """What a field is measured by, where that is written, and how the house counts it; ``lacks`` says why it cannot."""

    unit: str = ""
    source: str = ""
    confidence: str = ""
    count: str = ""
    ages: tuple[int, int] = (0, 0)
    lacks: str = ""
    lacks_en: str = ""

    def missing(self, language: str) -> str:
        """Why there is no figure, in this language."""
        return (language == "en" and self.lacks_en) or self.lacks


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its code ("works/water"), what is shown for it, and whether the place is looked at."""

    code: str
    field: str
    papers: tuple[str, ...]
    optional: tuple[str, ...]
    visit: bool
    photos: int

    @property
    def asked(self) -> tuple[str, ...]:
        """Every paper of the checklist: required first."""
        return (*self.papers, *self.optional)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole file."""

    papers: Mapping[str, Named]
    services: Mapping[str, Service]
    indicators: Mapping[str, tuple[Indicator, ...]]


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue that ships."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    papers = {row["code"]: Named(row["code"], row["name"], row["name_en"]) for row in read["papers"]}
    services = [_service(field, row) for field in read["fields"] for row in field["services"]]
    indicators = {
        field["code"]: tuple(
            Indicator(**{**row, "ages": tuple(row.get("ages", (0, 0)))})
            for row in field.get("indicators", ())
        )
        for field in read["fields"]
    }
    return Catalogue(
        MappingProxyType(papers),
        MappingProxyType({one.code: one for one in services}),
        MappingProxyType(indicators),
    )


def _service(field: Mapping[str, Any], row: Mapping[str, Any]) -> Service:
    return Service(
        f"{field['code']}/{row['code']}",
        field["code"],
        tuple(row.get("papers", field["papers"])),
        tuple(row.get("optional", field.get("optional", ()))),
        bool(row.get("visit", field.get("visit", False))),
        int(row.get("photos", 0)),
    )


def service(code: str) -> Service | None:
    """One service; None for an unknown code."""
    return catalogue().services.get(code)


def paper_name(code: str, language: str) -> str:
    """What a paper is called."""
    found = catalogue().papers.get(code)
    return found.label(language) if found else code


def kind_options(key: str) -> dict[str, tuple[str, str]]:
    """The options of a question of the kind, as it is here: value -> its words in Indonesian and English."""
    kind = kind_queries.get_kind(KIND)
    fields = kind.fields if kind is not None else ()
    options = next((one.get("options", ()) for one in fields if one["key"] == key), ())
    return {
        str(one["value"]): (str(one["label"]), str(one.get("label_en") or one["label"])) for one in options
    }


def words_of(options: Mapping[str, tuple[str, str]], value: str, language: str) -> str:
    """An option's words in this language."""
    own, english = options.get(value, (value, value))
    return english if language == "en" else own


def fields_of(posyandu: Posyandu) -> tuple[str, ...]:
    """The fields in which this posyandu takes requests: its own among those that have services; the six while it names none."""
    return _known(posyandu.fields or institution.default_fields())


def in_force(area_codes: Iterable[str]) -> tuple[str, ...]:
    """The fields of these areas: the six, and those that a posyandu there serves besides (eight, as in Bulukumba)."""
    rows = Posyandu.objects.filter(areas.inside_any(area_codes), closed_date=None).values_list(
        "fields", flat=True
    )
    return _known({*institution.default_fields(), *(code for fields in rows for code in fields)})


def _known(codes: Collection[str]) -> tuple[str, ...]:
    """Those that have services here and options in the kind, in the order of the catalogue."""
    options = kind_options("field")
    return tuple(code for code in catalogue().indicators if code in codes and code in options)


def questions(fields: Sequence[Mapping[str, Any]], area_codes: Iterable[str]) -> list[Mapping[str, Any]]:
    """The kind's own questions with the options that are in force in these areas."""
    here = in_force(area_codes)
    return [
        {
            **one,
            "options": [
                option for option in one["options"] if str(option["value"]).partition("/")[0] in here
            ],
        }
        if one["key"] in ("field", "service")
        else one
        for one in fields
    ]
