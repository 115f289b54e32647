"""Look-ups of the room: areas, names typed with errors, holidays and office calendars.

Areas and holidays are public reference data: everybody may read all of it, so there is no ``access`` beside this.
"""

from simpul.regions.queries._memory import forget
from simpul.regions.queries.areas import (
    changes_of,
    children,
    find_region,
    get_region,
    hamlets,
    path_names,
    paths,
    regions_by_code,
    resolve,
    wide_areas,
    zone_of,
)
from simpul.regions.queries.calendars import (
    ClockTooLong,
    calendar_for,
    due_by_library,
    due_with_reasons,
    estimated_holidays,
    get_holiday,
    get_suspension,
    holidays_in,
    suspensions,
    years_without_joint_leave,
)
from simpul.regions.queries.emergencies import (
    emergencies,
    emergencies_touching,
    emergency_at,
    get_emergency,
)
from simpul.regions.queries.search import Found, search_villages

__all__ = [
    "ClockTooLong",
    "Found",
    "calendar_for",
    "changes_of",
    "children",
    "due_by_library",
    "due_with_reasons",
    "emergencies",
    "emergencies_touching",
    "emergency_at",
    "estimated_holidays",
    "find_region",
    "forget",
    "get_emergency",
    "get_holiday",
    "get_region",
    "get_suspension",
    "hamlets",
    "holidays_in",
    "path_names",
    "paths",
    "regions_by_code",
    "resolve",
    "search_villages",
    "suspensions",
    "wide_areas",
    "years_without_joint_leave",
    "zone_of",
]
