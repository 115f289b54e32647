"""What asking for a letter looks up: the type and its text here, what is to be shown, where files are kept."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from simpul.letters.models import LetterType, TypeVersion
from simpul.lib.files import FileStore


def type_for(type_code: str, region_code: str) -> tuple[LetterType, TypeVersion] | None:
    """A type that may be asked for in a village and the text that holds there: the village's own before the shipped one."""
    kinds = LetterType.objects.filter(code=type_code, region_code__in=["", region_code], ended_at=None)
    kind = kinds.order_by("-region_code").first()
    if kind is None:
        return None
    texts = TypeVersion.objects.filter(Q(region_code="") | Q(region_code=region_code), type=kind)
    version = texts.order_by("-region_code", "-version").first()
    return (kind, version) if version is not None else None


def requirement_codes(version: TypeVersion) -> tuple[str, ...]:
    """The codes of what the applicant shows, in the order of the type."""
    return tuple(str(one["code"] if isinstance(one, dict) else one) for one in version.requirements)


def store() -> FileStore:
    """Where photos and PDFs of letters are kept, by their content."""
    return FileStore(settings.SIMPUL_FILES)
