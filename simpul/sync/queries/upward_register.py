"""Acts on the register, written as events for the server above: out of the line, the register's history and the rows as they are."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from simpul.journal.models import Line
from simpul.people.models import Belonging, Consent, Contact, Family, Flag, House, Household, Person
from simpul.sync.queries.upward_frame import Builder, Built, clean, said_of, told_fields


def _household_open(line: Line) -> Built | None:
    home = Household.objects.filter(id=line.subject_id).select_related("house").first()
    if home is None:
        return None
    own, _seen, said = told_fields(line, "household", home.id)
    house = home.house
    built: dict[str, str] = {}
    if house is not None:
        built, _seen, _said = told_fields(line, "house", house.id)
    data = {
        **clean(
            household_id=home.id,
            house_id=home.house_id,
            region=home.region_code,
            hamlet=home.hamlet_id,
            name=home.name,
            head_id=_head_then(line, home),
            address=house.address if house else "",
            landmark=house.landmark if house else "",
        ),
        **{name: text for name, text in {**own, **built}.items() if text},
        **(said or said_of(line)),
    }
    return Built("household.open/1", f"household:{home.id}", data)


def _head_then(line: Line, home: Household) -> UUID | None:
    """Who was its head when it was opened: whoever came to belong to it in that act."""
    first = Belonging.objects.filter(household=home, recorded_at=line.at, relation="1").first()
    return first.person_id if first is not None else None


def _household_change(line: Line) -> Built | None:
    texts, seen, said = told_fields(line, "household", line.subject_id, only=_named(line))
    if not texts:
        return None
    data = {"household_id": str(line.subject_id), **texts, **said}
    return Built("household.change/1", f"household:{line.subject_id}", data, seen)


def _house_change(line: Line) -> Built | None:
    house = House.objects.filter(id=line.subject_id).first()
    texts, seen, said = told_fields(line, "house", line.subject_id, only=_named(line))
    if house is None or not texts:
        return None
    home = house.households.order_by("id").first()
    data = {**clean(house_id=house.id, household_id=home.id if home else None), **texts, **said}
    return Built("house.change/1", f"house:{house.id}", data, seen)


def _named(line: Line) -> Mapping[str, bool] | None:
    names = line.facts.get("fields")
    return dict.fromkeys(names, True) if isinstance(names, list) else None


def _household_join(line: Line) -> Built | None:
    person = line.facts.get("person_id")
    if not person:
        return None
    data = {
        **clean(household_id=line.subject_id, person_id=person, relation=line.facts.get("relation")),
        **said_of(line),
    }
    return Built("household.join/1", f"household:{line.subject_id}", data)


def _household_leave(line: Line) -> Built | None:
    person = line.facts.get("person_id")
    if not person:
        return None
    data = {**clean(person_id=person, why=line.facts.get("why")), **said_of(line)}
    return Built("household.leave/1", f"household:{line.subject_id}", data)


def _family_open(line: Line) -> Built | None:
    family = Family.objects.filter(id=line.subject_id).first()
    if family is None:
        return None
    texts, _seen, said = told_fields(line, "family", family.id)
    data = {
        **clean(
            family_id=family.id,
            region=family.region_code,
            kk=family.kk,
            household_id=family.household_id,
            head_id=family.head_id,
        ),
        **{name: text for name, text in texts.items() if text and name != "f.kk"},
        **(said or said_of(line)),
    }
    return Built("family.open/1", f"family:{family.id}", data)


def _family_join(line: Line) -> Built | None:
    person = line.facts.get("person_id")
    if not person:
        return None
    data = {
        **clean(family_id=line.subject_id, person_id=person, relation=line.facts.get("relation")),
        **said_of(line),
    }
    return Built("family.join/1", f"family:{line.subject_id}", data)


def _family_change(line: Line) -> Built | None:
    texts, seen, said = told_fields(line, "family", line.subject_id, only=_named(line))
    if not texts:
        return None
    data = {"family_id": str(line.subject_id), **texts, **said}
    return Built("family.change/1", f"family:{line.subject_id}", data, seen)


def _person_register(line: Line) -> Built | None:
    """The values of the act where the line has them, so that a later change follows as a change; the NIK only the row has."""
    person = Person.objects.filter(id=line.subject_id).first()
    if person is None:
        return None
    typed = line.inputs or {}
    data = clean(
        person_id=person.id,
        name=typed.get("full_name") or person.full_name,
        called=typed.get("called"),
        sex=typed.get("sex") or "",
        birth=typed.get("birth_date"),
        nik=person.nik,
        region=typed.get("region_code") or person.region_code or line.region_code,
        hamlet=typed.get("hamlet_id"),
        address=typed.get("address"),
        needs=typed.get("needs"),
    )
    return Built("person.register/1", f"person:{person.id}", data)


def _person_change(line: Line) -> Built | None:
    texts, seen, said = told_fields(line, "person", line.subject_id)
    if not texts:
        return None
    data = {"person_id": str(line.subject_id), **texts, **said}
    return Built("person.change/1", f"person:{line.subject_id}", data, seen)


def _profile_change(line: Line) -> Built | None:
    built = _person_change(line)
    if built is None:
        return None
    return Built("profile.change/1", built.subject, built.data, built.seen)


def _contact_add(line: Line) -> Built | None:
    """The contact that was written by this act: keys are born in order of time, so it is the first one not older than the line's act."""
    typed = (line.inputs or {}).get("as_typed")
    rows = Contact.objects.filter(person_id=line.subject_id, channel=line.facts.get("channel", "phone"))
    found = rows.filter(as_typed=typed).order_by("-id").first() if typed else rows.order_by("-id").first()
    if found is None:
        return None
    data = clean(
        contact_id=found.id,
        person_id=line.subject_id,
        channel=found.channel,
        address=found.as_typed or found.address,
        owner=found.owner,
        owner_name=found.owner_name,
        safe_call=found.safe_to_call,
        safe_write=found.safe_to_write,
        warning=found.warning,
    )
    return Built("contact.add/1", f"person:{line.subject_id}", data)


def _birth(line: Line) -> Built | None:
    child = Person.objects.filter(id=line.subject_id).first()
    if child is None:
        return None
    data = {
        **clean(
            person_id=child.id,
            household_id=line.facts.get("household_id"),
            name=child.full_name,
            birth=child.birth_date,
            birth_place=child.birth_place,
            sex=child.sex,
            nik=child.nik,
            relation=child.household_relation,
            family_id=child.family_id,
        ),
        **said_of(line),
    }
    return Built("birth.record/1", f"person:{child.id}", data)


def _death(line: Line) -> Built | None:
    typed = line.inputs or {}
    data = {
        **clean(person_id=line.subject_id, died=typed.get("died_date"), words=typed.get("words")),
        **said_of(line),
    }
    return Built("death.record/1", f"person:{line.subject_id}", data)


def _move(line: Line) -> Built | None:
    typed = line.inputs or {}
    data = {
        **clean(
            person_ids=line.facts.get("persons"),
            on=typed.get("on_date"),
            to=line.facts.get("to_region"),
            back=True if line.facts.get("back") else None,
            words=typed.get("words"),
        ),
        **said_of(line),
    }
    return Built("move.record/1", f"person:{line.subject_id}", data)


def _consent(line: Line) -> Built | None:
    found = Consent.objects.filter(id=line.facts.get("consent")).first()
    if found is None:
        return None
    data = clean(
        consent_id=found.id,
        person_id=found.person_id,
        purpose=found.purpose,
        how=found.mode,
        given_by=found.given_by,
        relation=found.relation,
        scope=found.scope,
        proof=[found.evidence_sha256] if found.evidence_sha256 else None,
    )
    return Built("consent.give/1", f"person:{found.person_id}", data)


def _flag(line: Line) -> Built | None:
    found = Flag.objects.filter(person_id=line.subject_id, set_at=line.at).order_by("id").first()
    if found is None:
        return None
    data = clean(
        person_id=found.person_id,
        category=found.category,
        since=found.since_date,
        note=found.note,
        source=found.source,
    )
    return Built("flag.set/1", f"person:{found.person_id}", data)


BUILDERS: Mapping[str, Builder] = {
    "household.open": _household_open,
    "household.change": _household_change,
    "house.change": _house_change,
    "household.join": _household_join,
    "household.leave": _household_leave,
    "family.open": _family_open,
    "family.join": _family_join,
    "family.change": _family_change,
    "person.register": _person_register,
    "person.change": _person_change,
    "profile.change": _profile_change,
    "contact.add": _contact_add,
    "birth.record": _birth,
    "death.record": _death,
    "move.record": _move,
    "consent.give": _consent,
    "flag.set": _flag,
}
