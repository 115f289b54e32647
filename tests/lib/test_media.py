"""Photos, recordings and papers are made anew; everything else is refused with its own sentence."""

from __future__ import annotations

import contextlib
import io
import math
import struct
import wave
import zlib
from collections.abc import Callable

import av
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from simpul.lib import media

SECRET = b"SEGEL-RAHASIA"


def photo(width: int, height: int, shape: str = "JPEG", **options: object) -> bytes:
    """A two-coloured photo (left red, right blue), lying on its side, with a place and a comment inside."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    notes = picture.getexif()
    notes[0x0112] = 6
    notes[0x010F] = SECRET.decode()
    notes.get_ifd(0x8825).update({1: "S", 2: (2.0, 40.0, 43.0)})
    target = io.BytesIO()
    extra = {"comment": SECRET} if shape == "JPEG" else {}
    picture.save(target, shape, exif=notes, **extra, **options)
    return target.getvalue()


def sound(seconds: float, rate: int = 16_000) -> bytes:
    """A steady tone as WAV."""
    target = io.BytesIO()
    with wave.open(target, "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(rate)
        tone.writeframes(
            b"".join(
                struct.pack("<h", int(9_000 * math.sin(step / 9))) for step in range(int(rate * seconds))
            )
        )
    return target.getvalue()


def encoded(shape: str, codec: str, rate: int, seconds: float = 2) -> bytes:
    """The tone in another format, with a secret title."""
    target = io.BytesIO()
    with av.open(io.BytesIO(sound(seconds))) as source, av.open(target, "w", format=shape) as sink:
        sink.metadata["title"] = SECRET.decode()
        voice = sink.add_stream(codec, rate=rate, layout="mono")
        resampler = av.AudioResampler(format=voice.codec_context.format, layout="mono", rate=rate)
        for frame in [*source.decode(audio=0), None]:
            for piece in resampler.resample(frame):
                piece.pts = None
                sink.mux(voice.encode(piece))
        sink.mux(voice.encode(None))
    return target.getvalue()


def paper(pages: int = 1, build: Callable[[pikepdf.Pdf], None] = lambda pdf: None, **saving: object) -> bytes:
    """A PDF whose pages say their number."""
    with pikepdf.new() as pdf:
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(200, 200))
            page.obj.Contents = pikepdf.Stream(pdf, b"% page " + str(number).encode())
        build(pdf)
        target = io.BytesIO()
        pdf.save(target, **saving)
    return target.getvalue()


# --- photos ---


@pytest.mark.parametrize("shape", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_its_place_and_notes_stands_upright_and_is_small(shape: str) -> None:
    clean = media.inspect_and_clean(photo(1600, 800, shape), f"foto.{shape.lower()}")
    assert (clean.kind, clean.mime, clean.width, clean.height) == ("photo", "image/jpeg", 640, 1280)
    assert SECRET not in clean.data
    assert b"Exif" not in clean.data
    with Image.open(io.BytesIO(clean.data)) as kept:
        assert dict(kept.getexif()) == {}
        top, bottom = kept.getpixel((320, 100)), kept.getpixel((320, 1180))
    assert top[0] > 200
    assert top[2] < 60
    assert bottom[2] > 200
    assert bottom[0] < 60


def test_a_small_photo_is_not_blown_up() -> None:
    clean = media.inspect_and_clean(photo(60, 40), "a.jpg")
    assert (clean.width, clean.height) == (40, 60)


def test_a_fifty_megapixel_jpeg_is_made_small_while_it_is_read() -> None:
    clean = media.inspect_and_clean(photo(8000, 6250), "kamera.jpg")
    assert max(clean.width, clean.height) == 1280


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 10_000))


@pytest.mark.parametrize(("width", "height"), [(8000, 6250), (15_000, 12_000), (60_000, 60_000)])
def test_other_large_pictures_are_refused_before_they_are_decoded(width: int, height: int) -> None:
    with pytest.raises(media.PhotoTooLarge, match="megapixels"):
        media.inspect_and_clean(bomb(width, height), "a.png")


def test_a_large_progressive_jpeg_is_refused_because_it_is_held_whole() -> None:
    with pytest.raises(media.PhotoTooLarge, match="megapixels"):
        media.inspect_and_clean(photo(7000, 5000, progressive=True), "a.jpg")


def test_transparent_parts_become_white_and_the_first_frame_of_a_gif_is_kept() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(target, "PNG")
    with Image.open(io.BytesIO(media.inspect_and_clean(target.getvalue(), "a.png").data)) as kept:
        assert kept.getpixel((5, 5)) == (255, 255, 255)
    target = io.BytesIO()
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    assert media.inspect_and_clean(target.getvalue(), "a.gif").warnings == ("first_frame",)


def test_black_boxes_leave_nothing_below_them() -> None:
    clean = media.inspect_and_clean(photo(200, 200), "a.jpg").data
    with Image.open(io.BytesIO(media.black_out(clean, [(0.5, 0.5, 0.1, 0.1), (2, 2, 0.9, 0.9)]))) as covered:
        assert max(covered.getpixel((60, 60))) < 20
        assert max(covered.getpixel((195, 195))) < 20
        assert max(covered.getpixel((150, 60))) > 200


def test_a_box_must_have_numbers_and_a_photo_must_be_one() -> None:
    with pytest.raises(ValueError, match="finite"):
        media.black_out(photo(20, 20), [(float("nan"), 0, 1, 1)])
    with pytest.raises(media.FileDamaged):
        media.black_out(b"no photo", [])


# --- recordings ---


@pytest.mark.parametrize(
    ("shape", "codec", "rate", "name"),
    [
        ("ogg", "libopus", 48_000, "PTT-20261122.opus"),
        ("ipod", "aac", 44_100, "Rekaman 1.m4a"),
        ("mp3", "libmp3lame", 44_100, "a.MP3"),
        ("webm", "libopus", 48_000, "blob.webm"),
        ("amr", "libopencore_amrnb", 8_000, "a.amr"),
        ("3gp", "libopencore_amrnb", 8_000, "a.3gp"),
        ("adts", "aac", 44_100, "a.aac"),
    ],
)
def test_recordings_of_every_phone_become_opus_without_notes(
    shape: str, codec: str, rate: int, name: str
) -> None:
    clean = media.inspect_and_clean(encoded(shape, codec, rate), name)
    assert (clean.kind, clean.mime, clean.warnings) == ("audio", "audio/ogg", ())
    assert 1.9 < clean.duration < 2.2
    assert SECRET not in clean.data
    with av.open(io.BytesIO(clean.data)) as kept:
        stream = kept.streams.audio[0]
        assert (stream.codec_context.name, stream.layout.name) == ("opus", "mono")
        assert sum(frame.samples for frame in kept.decode(stream)) > 1.9 * 48_000
    assert len(clean.data) < 24_000 / 8 * 2 * 2


def test_a_wav_recording_is_kept_small() -> None:
    clean = media.inspect_and_clean(sound(2), "a.wav")
    assert clean.duration == pytest.approx(2, abs=0.1)
    assert len(clean.data) < len(sound(2)) / 4


def test_a_recording_that_plays_too_long_is_refused_not_cut() -> None:
    with pytest.raises(media.RecordingTooLong, match=r"0\.05 minutes"):
        media.inspect_and_clean(sound(4), "a.wav", max_seconds=3)


def test_a_recording_with_an_impossible_rate_is_refused_before_it_grows() -> None:
    with pytest.raises(media.FileDamaged):
        media.inspect_and_clean(
            sound(2, rate=16_000).replace(struct.pack("<I", 16_000), struct.pack("<I", 1), 1), "a.wav"
        )


def test_a_recording_whose_end_is_missing_is_kept_with_a_warning() -> None:
    whole = encoded("mp3", "libmp3lame", 44_100, seconds=4)
    clean = media.inspect_and_clean(whole[: len(whole) // 2], "a.mp3")
    assert 1 < clean.duration < 3


def test_moving_pictures_are_refused() -> None:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as film:
        stream = film.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 32
        for _ in range(5):
            film.mux(stream.encode(av.VideoFrame(32, 32, "yuv420p")))
        film.mux(stream.encode(None))
    with pytest.raises(media.VideoRefused):
        media.inspect_and_clean(target.getvalue(), "a.mp4")


# --- papers ---


def poisoned(pdf: pikepdf.Pdf) -> None:
    """Everything that does not belong on paper."""
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=SECRET.decode())
    pdf.Root.OpenAction = script
    pdf.Root.AA = pikepdf.Dictionary(WC=script)
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", script])))
    pdf.docinfo["/Author"] = SECRET.decode()
    pdf.attachments["virus.exe"] = SECRET
    with pdf.open_metadata() as notes:
        notes["dc:title"] = SECRET.decode()
    page = pdf.pages[0]
    page.obj.AA = pikepdf.Dictionary(O=script)
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=script)
    page.obj.Annots = pikepdf.Array([pdf.make_indirect(link)])
    picture = pikepdf.Stream(pdf, photo(50, 50))
    picture.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=50, Height=50, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    page.obj.Contents = pikepdf.Stream(pdf, b"q 50 0 0 50 0 0 cm /Im0 Do Q")


def test_a_paper_keeps_its_pages_and_pictures_and_nothing_hidden() -> None:
    clean = media.inspect_and_clean(paper(2, poisoned), "surat.pdf")
    assert (clean.kind, clean.mime, clean.pages) == ("pdf", "application/pdf", 2)
    with pikepdf.open(io.BytesIO(clean.data)) as kept:
        assert set(kept.Root.keys()) == {"/Type", "/Pages"}
        assert list(kept.docinfo.keys()) == []
        assert list(kept.attachments) == []
        target = io.BytesIO()
        kept.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                  object_stream_mode=pikepdf.ObjectStreamMode.disable)  # fmt: skip
        for hidden in (SECRET, b"JavaScript", b"/AA", b"/Annots", b"Exif"):
            assert hidden not in target.getvalue()
        inside = pikepdf.PdfImage(kept.pages[0].Resources.XObject.Im0).as_pil_image()
        assert inside.size == (50, 50)


def test_what_was_filled_into_a_form_stays_on_the_page() -> None:
    def form(pdf: pikepdf.Pdf) -> None:
        field = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="nama", V="Basri",
                               Rect=[10, 10, 150, 40], DA="/Helv 12 Tf 0 g", F=4)
        )  # fmt: skip
        pdf.pages[0].obj.Annots = pikepdf.Array([field])
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.Root.AcroForm = pikepdf.Dictionary(
            Fields=pikepdf.Array([field]),
            DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=font)),
            DA="/Helv 12 Tf 0 g",
        )

    with pikepdf.open(io.BytesIO(media.inspect_and_clean(paper(1, form), "a.pdf").data)) as kept:
        drawn = b"".join(stream.read_bytes() for stream in kept.objects if isinstance(stream, pikepdf.Stream))
    assert b"Basri" in drawn


def test_a_locked_paper_is_refused_even_when_it_opens_without_a_password() -> None:
    for user in ("", "rahasia"):
        locked = paper(1, encryption=pikepdf.Encryption(user=user, owner="pemilik"))
        with pytest.raises(media.PdfLocked):
            media.inspect_and_clean(locked, "a.pdf")


def test_a_paper_with_too_many_pages_says_how_many() -> None:
    with pytest.raises(media.PdfTooLong, match="4 pages; at most 3"):
        media.inspect_and_clean(paper(4), "a.pdf", max_pages=3)


# --- refusals ---

PROGRAM = b"MZ\x90\x00" + b"\x00" * 200


@pytest.mark.parametrize(
    ("data", "name", "refusal"),
    [
        (b"", "a.jpg", media.FileEmpty),
        (PROGRAM, "foto.jpg", media.FileTypeDiffers),
        (PROGRAM, "surat.pdf", media.FileTypeDiffers),
        (PROGRAM, "setup.exe", media.FileTypeUnknown),
        (PROGRAM, "tanpa nama", media.FileTypeUnknown),
        (b"<svg onload=alert(1)>", "a.svg", media.FileTypeUnknown),
        (b"<html>", "a.png", media.FileTypeDiffers),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 99, "IMG_1.HEIC", media.FileTypeUnknown),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 99, "IMG_1.jpg", media.FileTypeUnknown),
        (b"BM" + b"\x00" * 99, "a.bmp", media.FileTypeUnknown),
        (photo(20, 20), "a.pdf", media.FileTypeDiffers),
        (photo(20, 20), "a.exe", media.FileTypeDiffers),
        (photo(20, 20), "a.mp3", media.FileTypeDiffers),
        (photo(400, 400)[:900], "a.jpg", media.FileDamaged),
        (photo(40, 40, "PNG")[:60], "a.png", media.FileDamaged),
        (b"%PDF-1.7 broken", "a.pdf", media.FileDamaged),
        (b"OggS" + b"\x00" * 300, "a.ogg", media.FileDamaged),
        (b"ID3\x04" + b"\x00" * 300, "a.mp3", media.FileDamaged),
        (b"#EXTM3U\nfile:///etc/passwd", "a.mp3", media.FileTypeDiffers),
    ],
)
def test_each_refusal_has_its_own_sentence(data: bytes, name: str, refusal: type[media.FileRefused]) -> None:
    with pytest.raises(media.FileRefused) as refused:
        media.inspect_and_clean(data, name)
    assert type(refused.value) is refusal
    assert str(refused.value).endswith(".")


def test_a_file_over_the_limit_says_both_sizes() -> None:
    with pytest.raises(media.FileTooLarge, match=r"2 MB; at most 1 MB"):
        media.inspect_and_clean(b"\xff\xd8\xff" + b"\x00" * 2 * 1024 * 1024, "a.jpg", max_bytes=1024 * 1024)


def test_the_name_of_a_photo_may_be_anything_a_phone_makes_up() -> None:
    for name in ("foto.jpeg", "IMG-20261122-WA0001.webp", "gambar", "Foto 12.11", "", "a.PNG ", "😀.jpg"):
        assert media.inspect_and_clean(photo(20, 20), name).kind == "photo"


STARTS = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x00\x00\x00\x00WEBP", b"RIFF\x00\x00\x00\x00WAVEfmt ", b"OggS",
          b"\x1aE\xdf\xa3", b"ID3", b"#!AMR\n", b"%PDF-1.4", b"\x00\x00\x00\x20ftypM4A ", b"\xff\xfb", b"\xff\xf1", b""]  # fmt: skip


@settings(max_examples=150)
@given(st.sampled_from(STARTS), st.binary(max_size=500))
def test_no_bytes_at_all_are_a_fault(start: bytes, rest: bytes) -> None:
    with contextlib.suppress(media.FileRefused):
        media.inspect_and_clean(start + rest, "")


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow's remarks on spoilt camera notes
@settings(max_examples=25)
@given(st.sampled_from([photo(60, 60), photo(60, 60, "WEBP"), sound(0.2), paper(2, poisoned)]), st.data())
def test_a_file_spoilt_on_the_way_is_cleaned_or_refused(whole: bytes, data: st.DataObject) -> None:
    spoilt = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(media.FileRefused):
        media.inspect_and_clean(bytes(spoilt), "")
