"""Who sits where, which desk a matter can go to, when a desk is open, and the Actor that every door asks for."""

from __future__ import annotations

import time as clock
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from simpul import roles
from simpul.desks import access, rules
from simpul.desks.models import (
    Delegation,
    Desk,
    DeskSet,
    Institution,
    PersonalLink,
    Seat,
    Service,
    ServiceHours,
)
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.lib.files import FileStore
from simpul.regions import queries as region_queries
from simpul.regions import rules as region_rules

HOME_ZONE = "Asia/Makassar"
_FRESH_SECONDS = 30.0

# --- the institution ------------------------------------------------------------------------------------------------

_kept: dict[int, tuple[float, Institution]] = {}


def institution() -> Institution:
    """Who runs this installation; a nameless one before it is set up.

    Kept in each process for half a minute, so that pages pay no query and other processes soon see a change. The tests
    always read, because their tables are emptied behind the process's back.
    """
    read_at, kept = _kept.get(1, (0.0, None))
    if kept is not None and clock.monotonic() - read_at < _FRESH_SECONDS and not settings.TESTING:
        return kept
    found = Institution.objects.first() or Institution(name="Simpul", short_name="Simpul", region_code="")
    _kept[1] = (clock.monotonic(), found)
    return found


def forget_institution() -> None:
    """Read the institution anew with the next page: called when it was changed."""
    _kept.clear()


def emblem() -> tuple[bytes, str] | None:
    """The picture of the institution's emblem and its media type; None when there is none."""
    home = institution()
    if not home.emblem_sha256:
        return None
    return FileStore(settings.SIMPUL_FILES).read(home.emblem_sha256), home.emblem_mime


def zone_of(region_code: str) -> ZoneInfo:
    """The time zone of an area; the institution's own for "everywhere"."""
    name = region_rules.zone(region_code) or region_rules.zone(institution().region_code)
    return ZoneInfo(name or HOME_ZONE)


def today_at(desk: Desk, at: datetime) -> date:
    """The date at a desk."""
    return at.astimezone(zone_of(desk.region_code)).date()


# --- seats and the actor --------------------------------------------------------------------------------------------


def seats_of(user: Any, at: datetime) -> list[Seat]:
    """The seats a person may sit in at a moment, with their desks: one query."""
    found = Seat.objects.current(at).filter(user_id=user.id).select_related("desk")
    return sorted(found, key=lambda seat: (rules.level_rank(seat.desk.level), seat.desk.name, seat.role))


def actor_for(
    user: Any, seat_id: UUID | str | None, *, strong: bool, at: datetime, device: str = ""
) -> Actor | None:
    """The person in one of their seats: the seat asked for, else the one they sat in last, else their only one.

    None when that seat was withdrawn or has ended, or when there are several and none was chosen. The desks delegated to
    the seat today are among ``desk_ids``. A role that demands a second factor, without one, gives an actor that may do
    nothing: see ``demands_second_factor``. Two queries.
    """
    if not user.is_active:
        return None
    seat = _choose(seats_of(user, at), seat_id, user.last_seat_id)
    if seat is None:
        return None
    lent = list(
        Delegation.objects.on(today_at(seat.desk, at))
        .filter(
            Q(seat__until_at=None) | Q(seat__until_at__gt=at), to_seat_id=seat.id, seat__withdrawn_at=None
        )
        .order_by("from_date", "id")
        .values_list("seat__desk_id", "seat_id")
    )
    return Actor(
        role=seat.role,
        name=user.full_name,
        user_id=user.id,
        seat_id=seat.id,
        desk_id=seat.desk_id,
        desk_ids=frozenset({seat.desk_id, *(desk_id for desk_id, _seat in lent)}),
        region_code=seat.desk.region_code,
        areas=tuple(seat.areas),
        device=device,
        strong=strong,
        delegated_from=lent[0][1] if lent else None,
    )


def _choose(seats: list[Seat], wanted: UUID | str | None, last: UUID | None) -> Seat | None:
    by_id = {str(seat.id): seat for seat in seats}
    if wanted is not None:
        return by_id.get(str(wanted))
    if last is not None and str(last) in by_id:
        return by_id[str(last)]
    return seats[0] if len(seats) == 1 else None


def demands_second_factor(by: Actor) -> bool:
    """True when this actor's role needs a second factor that the session has not passed: nothing may be done before."""
    role = roles.ROLES.get(by.role)
    return role is not None and role.strong and not by.strong


def holds_strong_seat(user: Any, at: datetime) -> bool:
    """True when one of the person's seats demands a second factor."""
    return any(roles.ROLES[seat.role].strong for seat in seats_of(user, at) if seat.role in roles.ROLES)


def seat_label(seat: Seat) -> str:
    """ "Manager, Puskesos Massamaturu" in the reader's language; the seat's own title when it has one."""
    return rules.title(_(roles.called(seat.role, seat.desk.kind)), seat.desk.name, seat.title)


def seat(seat_id: UUID) -> Seat | None:
    """One seat with its user and desk."""
    return Seat.objects.select_related("user", "desk").filter(id=seat_id).first()


def users_seated(at: datetime) -> list[Any]:
    """Everybody who holds a seat now, by user name."""
    seats = Seat.objects.current(at).select_related("user").order_by("user__username")
    return list({seat.user_id: seat.user for seat in seats if seat.user.is_active}.values())


def seats_at(by: Actor, desk_id: UUID, at: datetime) -> list[Seat]:
    """Who sits at a desk now, as far as ``by`` may see."""
    return list(
        access.seats_visible(by).current(at).filter(desk_id=desk_id).order_by("user__full_name", "id")
    )


def seats_visible(by: Actor, at: datetime) -> list[Seat]:
    """All current seats ``by`` may see, by desk and name."""
    return list(access.seats_visible(by).current(at).order_by("desk__name", "user__full_name", "id"))


def delegations(by: Actor) -> list[Delegation]:
    """Delegations from or to seats that ``by`` may see, newest first, with their seats, users and desks."""
    seats = access.seats_visible(by).values("id")
    found = Delegation.objects.filter(seat_id__in=seats) | Delegation.objects.filter(to_seat_id__in=seats)
    wide = found.distinct().select_related("seat__user", "seat__desk", "to_seat__user", "to_seat__desk")
    return list(wide.order_by("-from_date", "-id"))


# --- desks ----------------------------------------------------------------------------------------------------------


def desk(desk_id: UUID) -> Desk | None:
    """The desk with this key, open or closed."""
    return Desk.objects.filter(id=desk_id).first()


def by_code(code: str) -> Desk | None:
    """The desk with this code, open or closed."""
    return Desk.objects.filter(code=code).first()


def by_codes(codes: Iterable[str]) -> dict[str, Desk]:
    """Desks by their codes, in one query."""
    return {found.code: found for found in Desk.objects.filter(code__in=list(codes))}


def names(desk_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of desks by key, in one query."""
    return dict(Desk.objects.filter(id__in=set(desk_ids)).values_list("id", "name"))


def kinds(desk_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Kinds of desks by key, in one query."""
    return dict(Desk.objects.filter(id__in=set(desk_ids)).values_list("id", "kind"))


def desks_visible(by: Actor) -> DeskSet:
    """The desks ``by`` may see."""
    return access.visible(by)


def desk_for(by: Actor, desk_id: UUID) -> Desk:
    """One desk, if ``by`` may see it; raises ``NotFound`` otherwise."""
    return access.desk_for(by, desk_id)


def desks_for_referral(by: Actor, region_code: str) -> list[Desk]:
    """The open desks that a matter from this region can be handed to: those whose area covers it, lowest level first.

    The actor's own desks are left out; outside bodies and partners are in.
    """
    found = (
        access.visible(by)
        .open()
        .filter(region_code__in=rules.region_chain(region_code))
        .exclude(id__in=by.desk_ids)
    )
    return sorted(found, key=lambda one: (rules.level_rank(one.level), one.name))


def nearest(kind: str, region_code: str) -> Desk | None:
    """The open desk of a kind whose area covers the region most closely; the oldest when several do."""
    found = Desk.objects.open().filter(kind=kind, region_code__in=rules.region_chain(region_code))
    return min(found, key=lambda one: (-len(one.region_code), one.opened_at, str(one.id)), default=None)


# --- service hours --------------------------------------------------------------------------------------------------


def _openings(rows: Iterable[ServiceHours]) -> list[rules.Opening]:
    return [rules.Opening(row.weekday, row.opens, row.closes) for row in rows]


def openings_of(desk: Desk) -> list[rules.Opening]:
    """The desk's opening times (one query, none when they were prefetched)."""
    return sorted(_openings(desk.hours.all()))


def _is_holiday(desk: Desk, day: date) -> Any:
    holidays = region_queries.calendar_for(desk.region_code, desk.week, around=day).holidays
    return lambda asked: asked in holidays


def is_open_now(desk: Desk, at: datetime) -> bool:
    """True when the desk receives people at this moment, by its own clock and the holidays of its region."""
    local = at.astimezone(zone_of(desk.region_code))
    return not desk.is_closed and rules.is_open(openings_of(desk), local, _is_holiday(desk, local.date()))


def opens_next(desk: Desk, at: datetime) -> datetime | None:
    """When the desk opens next, as a local time; None when no opening times say so."""
    local = at.astimezone(zone_of(desk.region_code))
    return rules.next_opening(openings_of(desk), local, _is_holiday(desk, local.date()))


def hours_text(desk: Desk) -> list[str]:
    """The opening times as lines to read: "Monday to Friday 08:00-16:00"; empty when none are set."""
    return [_line(line) for line in rules.hours_lines(openings_of(desk))]


def _line(line: rules.HoursLine) -> str:
    if line.first == rules.HOLIDAYS:
        days = _("Holidays")
    elif line.first == line.last:
        days = str(WEEKDAYS[line.first - 1])
    else:
        days = _("%(first)s to %(last)s") % {
            "first": WEEKDAYS[line.first - 1],
            "last": WEEKDAYS[line.last - 1],
        }
    times = [
        _("all day") if opens == closes else f"{opens:%H.%M}–{closes:%H.%M}"
        for opens, closes in line.openings
    ]
    return f"{days} {', '.join(times)}"


# --- personal links -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LinkState:
    """A personal link as the administrator's list shows it; its secret is nowhere."""

    link: PersonalLink
    state: str  # open, locked, expired, withdrawn


def partner_actor(link_id: UUID, *, at: datetime) -> Actor | None:
    """The partner behind a personal link that was opened in this session; None once it is withdrawn or has expired."""
    link = PersonalLink.objects.select_related("desk").filter(id=link_id).first()
    return actor_of_link(link) if link is not None and is_live(link, at) else None


def actor_of_link(link: PersonalLink) -> Actor:
    """The actor of an opened link. Link and PIN are the two factors, so the session is a strong one."""
    return Actor(
        role="partner",
        name=f"{link.holder_name}, {link.desk.name}"[:150],
        desk_id=link.desk_id,
        desk_ids=frozenset({link.desk_id}),
        region_code=link.desk.region_code,
        device=f"link {link.id}",
        strong=True,
    )


def is_live(link: PersonalLink, at: datetime) -> bool:
    """True when the link has been neither withdrawn nor reached its end."""
    return link.withdrawn_at is None and at < link.expires_at


def links(by: Actor, at: datetime, desk_id: UUID | None = None) -> list[LinkState]:
    """The personal links, newest first, for those who issue them; of one desk or of all.

    Raises:
        NotFound: the actor issues no links.
    """
    if not roles.may_somewhere(by, "link.issue"):
        raise NotFound
    found = PersonalLink.objects.select_related("desk").order_by("-issued_at", "-id")
    if desk_id is not None:
        found = found.filter(desk_id=desk_id)
    return [LinkState(link, _state(link, at)) for link in found]


def _state(link: PersonalLink, at: datetime) -> str:
    if link.withdrawn_at is not None:
        return "withdrawn"
    if at >= link.expires_at:
        return "expired"
    return "locked" if link.locked_until is not None and at < link.locked_until else "open"


# --- the directory of services --------------------------------------------------------------------------------------

_SERVICES = Path(__file__).parent / "catalogue" / "services.toml"


@lru_cache(maxsize=1)
def service_catalogue() -> list[dict[str, Any]]:
    """The services that ship with the program, to be adopted desk by desk; read once per process."""
    return rules.read_services(tomllib.loads(_SERVICES.read_text(encoding="utf-8")))


def services(
    *,
    desk_id: UUID | None = None,
    sector: str = "",
    region_code: str = "",
    words: str = "",
    ended: bool = False,
) -> list[Service]:
    """The directory: services of open desks, by sector and name. ``region_code``: those that a village may turn to.

    A row without an area of its own is given in the area of its desk.
    """
    rows = Service.objects.select_related("desk").filter(desk__closed_at=None)
    if not ended:
        rows = rows.filter(ended_at=None)
    if desk_id is not None:
        rows = rows.filter(desk_id=desk_id)
    if sector in rules.SECTORS:
        rows = rows.filter(sector=sector)
    if region_code:
        chain = rules.region_chain(region_code)
        own, desks_own = Q(region_code__in=[code for code in chain if code]), Q(region_code="")
        rows = rows.filter(own | (desks_own & Q(desk__region_code__in=chain)))
    for word in words.split()[:6]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(name_en__icontains=word)
            | Q(who__icontains=word)
            | Q(desk__name__icontains=word)
        )
    order = list(rules.SECTORS)
    return sorted(rows, key=lambda one: (order.index(one.sector), one.name.casefold(), one.desk.name))


def service(service_id: UUID) -> Service | None:
    """One service with its desk, ended or not."""
    return Service.objects.select_related("desk").filter(id=service_id).first()


def gives_service(desk: Desk, service_id: UUID) -> bool:
    """True when this desk gives the service now."""
    return Service.objects.filter(id=service_id, desk=desk, ended_at=None).exists()
