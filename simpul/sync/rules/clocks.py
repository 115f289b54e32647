"""When something happened, by a clock that may be wrong: nothing is refused for it. Source: domain rules of offline work, 8.

All moments are aware datetimes in UTC; device times and offsets are whole milliseconds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
"""No device of this service was set up before: a time before it is a clock that lost its battery."""
AHEAD = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


def moment(at_ms: int, offset_ms: int | None, received_at: datetime) -> datetime:
    """The device's time, put right by the measured offset, and never after it was received.

    A time before 2020 becomes the moment of receipt: the device did not know the time, and a made-up date would be wrong in every list.
    """
    said = _said(at_ms, offset_ms)
    if said < EARLIEST:
        return received_at
    return min(said, received_at)


def is_wild(at_ms: int, offset_ms: int | None, received_at: datetime) -> bool:
    """True for a time that cannot be right even after correction: before 2020, or more than a day after it was received."""
    said = _said(at_ms, offset_ms)
    return said < EARLIEST or said > received_at + AHEAD


def _said(at_ms: int, offset_ms: int | None) -> datetime:
    millis = at_ms - (offset_ms or 0)
    try:
        return min(_EPOCH + timedelta(milliseconds=millis), _LATEST)
    except OverflowError:
        return _LATEST if millis > 0 else _EPOCH
