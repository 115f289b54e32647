"""Recordings: any usual voice format in, Opus in Ogg (mono, 24 kbit/s) without notes out."""

from __future__ import annotations

import io
from typing import Any

import av

from simpul.lib.media import kinds

AUDIO_SECONDS = 300
AUDIO_BITS = 24_000
LOWEST_RATE, HIGHEST_RATE = 4_000, 192_000
"""Samples a second that real recordings have."""
_RATE = 48_000


def clean_audio(data: bytes, reader: str, max_seconds: int) -> kinds.CleanFile:
    """Decode packet by packet and encode again; at no time more than one packet is held decoded.

    Raises ``VideoRefused``, ``RecordingTooLong`` or ``FileDamaged``.
    The demuxer is named, so that a playlist dressed as sound cannot make the reader open other files or addresses.
    """
    target = io.BytesIO()
    try:
        with av.open(io.BytesIO(data), format=reader, metadata_errors="replace") as source:
            _refuse_video(source)
            with av.open(target, "w", format="ogg", options={"fflags": "+bitexact"}) as sink:
                seconds, whole = _transcode(source, sink, max_seconds)
    except (av.FFmpegError, ValueError, IndexError, EOFError) as fault:
        raise kinds.FileDamaged from fault
    if seconds <= 0:
        raise kinds.FileDamaged
    warnings = () if whole else ("cut_short",)
    return kinds.CleanFile(
        "audio", "audio/ogg", target.getvalue(), duration=round(seconds, 1), warnings=warnings
    )


def _refuse_video(source: Any) -> None:
    moving = [
        stream
        for stream in source.streams.video
        if not stream.disposition & av.stream.Disposition.attached_pic
    ]
    if moving:
        raise kinds.VideoRefused
    if not source.streams.audio:
        raise kinds.FileDamaged


def _refuse_odd_rate(frame: Any) -> None:
    """A head that claims one sample a second would blow one packet up to gigabytes."""
    if frame is not None and not (
        LOWEST_RATE <= frame.sample_rate <= HIGHEST_RATE and frame.layout.nb_channels <= 8
    ):
        raise kinds.FileDamaged


def _transcode(source: Any, sink: Any, max_seconds: int) -> tuple[float, bool]:
    """Move the sound over; the seconds moved, and whether the end was reached undamaged."""
    voice = sink.add_stream("libopus", rate=_RATE, layout="mono", options={"application": "voip"})
    voice.bit_rate = AUDIO_BITS
    resampler = av.AudioResampler(format="s16", layout="mono", rate=_RATE)
    samples, whole = 0, True
    frames = source.decode(source.streams.audio[0])
    while True:
        try:
            frame = next(frames, None)
        except av.FFmpegError:
            frame, whole = None, False
        _refuse_odd_rate(frame)
        for piece in resampler.resample(frame):
            samples += piece.samples
            if samples > max_seconds * _RATE:
                raise kinds.RecordingTooLong(limit=f"{max_seconds / 60:g}")
            piece.pts = None
            sink.mux(voice.encode(piece))
        if frame is None:
            break
    if samples:
        sink.mux(voice.encode(None))
    return samples / _RATE, whole
