"""Writes of the room: areas and hamlets, holidays and suspensions."""

from simpul.regions.actions.areas import (
    AlreadyThere,
    EmptyName,
    NoSource,
    NotThatChange,
    UnknownRegion,
    WrongHamlet,
    add_hamlet,
    change_region,
    load_regions,
)
from simpul.regions.actions.calendar import (
    HolidayAlreadyThere,
    SuspensionOver,
    WrongDates,
    WrongHoliday,
    add_holiday,
    add_suspension,
    end_suspension,
    load_holidays,
    withdraw_holiday,
)
from simpul.regions.actions.emergencies import (
    EmergencyDates,
    EmergencyOver,
    EmergencyThere,
    declare_emergency,
    end_emergency,
)
from simpul.regions.actions.positions import NoPosition, place_region

__all__ = [
    "AlreadyThere",
    "EmergencyDates",
    "EmergencyOver",
    "EmergencyThere",
    "EmptyName",
    "HolidayAlreadyThere",
    "NoPosition",
    "NoSource",
    "NotThatChange",
    "SuspensionOver",
    "UnknownRegion",
    "WrongDates",
    "WrongHamlet",
    "WrongHoliday",
    "add_hamlet",
    "add_holiday",
    "add_suspension",
    "change_region",
    "declare_emergency",
    "end_emergency",
    "end_suspension",
    "load_holidays",
    "load_regions",
    "place_region",
    "withdraw_holiday",
]
