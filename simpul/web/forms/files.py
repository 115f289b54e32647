"""Several files in one field, every fault with its own sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from simpul.web.forms.text import tidy_line

READABLE = ("jpg", "jpeg", "png", "webp", "heic", "pdf", "mp3", "m4a", "ogg", "opus", "wav")
"""Name endings taken unless a form says otherwise: photos, documents, recordings."""


class _ManyFiles(forms.FileInput):
    """A file box that takes several; the content is checked by the act that stores it."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        """Every file sent under this name."""
        return (
            list(files.getlist(name)) if hasattr(files, "getlist") else [files[name]] if name in files else []
        )

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Files may always be left out."""
        return name not in files


class FilesField(forms.Field):
    """Several files. Each fault has its own sentence; one bad file does not cost the others their place on screen.

    ``max_bytes`` is per file. ``endings`` are allowed name endings without a dot; what a file really is, is decided
    from its content by the act that stores it.
    """

    widget = _ManyFiles
    default_error_messages = {
        "required": _("Choose a file."),
        "empty": _("The file “%(name)s” is empty. Choose another one."),
        "too_big": _("The file “%(name)s” is larger than %(limit)d MB. Choose a smaller one."),
        "ending": _("The file “%(name)s” cannot be read here. Send one of these: %(endings)s."),
        "too_many": _("Choose at most %(limit)d files."),
    }

    def __init__(
        self,
        *,
        max_files: int = 5,
        max_bytes: int = 10 * 1024 * 1024,
        endings: Sequence[str] = READABLE,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.max_files, self.max_bytes, self.endings = max_files, max_bytes, tuple(endings)
        self.widget.attrs["accept"] = ",".join(f".{ending}" for ending in self.endings)

    def clean(self, value: Any) -> list[UploadedFile]:
        """The files, none of them empty, too large or of an unreadable kind."""
        files: list[UploadedFile] = list(value or [])
        if self.required and not files:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(files) > self.max_files:
            raise ValidationError(
                self.error_messages["too_many"], code="too_many", params={"limit": self.max_files}
            )
        faults = [fault for file in files if (fault := self._fault(file))]
        if faults:
            raise ValidationError(faults)
        return files

    def _fault(self, file: UploadedFile) -> ValidationError | None:
        name = tidy_line(file.name or "")[:80]
        size = file.size or 0
        if size == 0:
            return ValidationError(self.error_messages["empty"], code="empty", params={"name": name})
        if size > self.max_bytes:
            values = {"name": name, "limit": self.max_bytes // (1024 * 1024)}
            return ValidationError(self.error_messages["too_big"], code="too_big", params=values)
        if name.rpartition(".")[2].lower() not in self.endings:
            endings = ", ".join(self.endings)
            return ValidationError(
                self.error_messages["ending"], code="ending", params={"name": name, "endings": endings}
            )
        return None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Sending any file is a change."""
        return bool(data)
