"""What asking for a letter looks up: what is to be shown, what the head is called, where files are kept."""

from __future__ import annotations

from django.conf import settings

from simpul.letters.models import TypeVersion
from simpul.letters.queries import catalogue
from simpul.letters.rules import types as type_rules
from simpul.lib.files import FileStore
from simpul.regions import queries as region_queries


def requirement_codes(version: TypeVersion) -> tuple[str, ...]:
    """The codes of what the applicant shows, in the order of the type."""
    return tuple(one.code for one in type_rules.read_wanted(version.requirements))


def requirement_names(version: TypeVersion | None, language: str) -> dict[str, str]:
    """What each requirement of a version is called."""
    common = catalogue.requirements()
    wanted = type_rules.read_wanted(version.requirements) if version is not None else ()
    return {
        one.code: one.name or (common[one.code].label(language) if one.code in common else one.code)
        for one in wanted
    }


def head_title(region_code: str) -> str:
    """What the head of a village is called on paper, where the village has not said it otherwise."""
    region = region_queries.regions_by_code([region_code]).get(region_code)
    return f"Kepala {region.short_name}" if region is not None else "Kepala Desa"


def store() -> FileStore:
    """Where photos and PDFs of letters are kept, by their content."""
    return FileStore(settings.SIMPUL_FILES)
