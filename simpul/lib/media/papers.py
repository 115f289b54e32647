"""PDF papers: the drawn pages alone, without scripts, actions, embedded files, annotations and metadata."""

from __future__ import annotations

import io
from typing import Any

import pikepdf

from simpul.lib.media import kinds

PDF_PAGES = 50

_PDF_FAULTS = (
    pikepdf.PdfError,
    pikepdf.DataDecodingError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
    RecursionError,
)
_PAGE_KEYS = frozenset(
    {"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/UserUnit", "/Group"}
)
_HIDDEN_KEYS = (
    "/Metadata",
    "/PieceInfo",
    "/AA",
    "/A",
    "/AF",
    "/EF",
    "/JS",
    "/OpenAction",
    "/LastModified",
    "/StructParents",
)


def clean_pdf(data: bytes, max_pages: int) -> kinds.CleanFile:
    """A PDF of what its pages show. Raises ``PdfLocked``, ``PdfTooLong`` or ``FileDamaged``."""
    try:
        with pikepdf.open(io.BytesIO(data)) as source:
            if source.is_encrypted:
                raise kinds.PdfLocked
            pages = len(source.pages)
            if pages > max_pages:
                raise kinds.PdfTooLong(pages=pages, limit=max_pages)
            if pages == 0:
                raise kinds.FileDamaged
            return kinds.CleanFile("pdf", "application/pdf", _pages_alone(source), pages=pages)
    except pikepdf.PasswordError:
        raise kinds.PdfLocked from None
    except _PDF_FAULTS as fault:
        raise kinds.FileDamaged from fault


def _pages_alone(source: pikepdf.Pdf) -> bytes:
    """Only what is drawn: filled-in forms are drawn first, then pages move into a new file without anything else."""
    _draw_form(source)
    source.flatten_annotations("all")
    with pikepdf.new() as plain:
        for page in source.pages:
            for key in list(page.obj.keys()):
                if key not in _PAGE_KEYS:
                    del page.obj[key]
        plain.pages.extend(source.pages)
        plain.remove_unreferenced_resources()
        for thing in plain.objects:
            _strip(thing)
        target = io.BytesIO()
        plain.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return target.getvalue()


def _draw_form(source: pikepdf.Pdf) -> None:
    """Draw what was filled in, where the program that filled it in left that to the reader."""
    if "/AcroForm" not in source.Root:
        return
    widgets = [
        note
        for page in source.pages
        for note in page.obj.get("/Annots", ())
        if note.get("/Subtype") == "/Widget"
    ]
    if any("/AP" not in widget for widget in widgets):
        source.Root.AcroForm.NeedAppearances = True
    source.generate_appearance_streams()


def _strip(thing: Any) -> None:
    """Remove hidden keys of one object, and the camera's notes inside an embedded JPEG."""
    if isinstance(thing, pikepdf.Stream):
        for key in _HIDDEN_KEYS:
            if key in thing:
                del thing[key]
        if thing.get("/Filter") in (pikepdf.Name.DCTDecode, pikepdf.Array([pikepdf.Name.DCTDecode])):
            thing.write(without_camera_notes(thing.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
    elif isinstance(thing, pikepdf.Dictionary):
        for key in _HIDDEN_KEYS:
            if key in thing:
                del thing[key]


_NOTE_SEGMENTS = frozenset({0xE1, 0xED, 0xFE})  # EXIF and XMP, Photoshop, comment


def without_camera_notes(jpeg: bytes) -> bytes:
    """A JPEG without its EXIF, XMP, IPTC and comment segments, pixels untouched."""
    kept, place = bytearray(jpeg[:2]), 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF and jpeg[place + 1] not in (0xDA, 0xD9):
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if jpeg[place + 1] not in _NOTE_SEGMENTS:
            kept += jpeg[place:end]
        place = end
    return bytes(kept) + jpeg[place:]
