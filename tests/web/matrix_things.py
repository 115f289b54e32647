"""One real thing of Dungkait for every part of an address about people and aid; what the walks through all addresses ask for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from simpul.cases.actions import intake
from simpul.community.actions import bank_correcting, bank_savers, board, directory, ideas
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.mediation.models import Agreement, Dispute, Evidence, Session
from simpul.meetings.models import Meeting
from simpul.outreach import actions as outreach_actions
from simpul.outreach.actions import papering
from simpul.outreach.models import Assignment
from simpul.people import actions as people_actions
from simpul.people.models import (
    Batch,
    Consent,
    Contact,
    ContactDoubt,
    Household,
    HouseholdDoubt,
    Observation,
    Person,
    Suspicion,
)
from simpul.posyandu.actions import (
    _findings,
    dispensations,
    institution_papers,
    institution_people,
    marriage,
    stock,
    training,
)
from simpul.posyandu.actions import days as health_days
from simpul.posyandu.actions import requests as request_actions
from simpul.posyandu.models import Posyandu
from simpul.posyandu.queries import findings as finding_queries
from simpul.programmes.actions import delivering, goods, handovers, listing, plans, rounds
from simpul.programmes.actions import programmes as programme_actions
from simpul.programmes.models import Benefit, Card, Deactivation, Double, Proof, Run
from simpul.sync.models import Device, Task
from simpul.upkeep.models import Breach, RightsRequest
from tests.cast import DUNGKAIT, NOW, Cast
from tests.community.bank_help import furnish
from tests.posyandu import day_help, requests_help


def made(cast: Cast) -> dict[str, Any]:
    """Keys by the name of the part: a household with a person who has everything that can hang on one."""
    by = cast.manager
    said = people_actions.Said(source="visit", said_by="Marwah", observed_date=NOW.date())
    person, other = (
        people_actions.register_person(by=by, at=NOW, full_name=name, region_code=DUNGKAIT).person
        for name in ("Nurbaeti Rahasia", "Kaharuddin Rahasia")
    )
    Person.objects.filter(id__in=[person.id, other.id]).update(resident=True)
    household = people_actions.open_household(
        by=by, at=NOW, region_code=DUNGKAIT, name="Nurbaeti Rahasia", hamlet_id=cast.hamlet.id, said=said
    )
    people_actions.join_household(by=by, at=NOW, household_id=household.id, person_id=person.id, said=said)
    family = people_actions.open_family(by=by, at=NOW, region_code=DUNGKAIT, said=said)
    flag = people_actions.set_flag(by=by, at=NOW, person_id=person.id, category=8, said=said)
    tie = people_actions.add_relation(
        by=by, at=NOW, person_id=person.id, other_id=other.id, kind="carer", said=said
    )
    people_actions.change_household(
        by=by, at=NOW, household_id=household.id, changes={"no_dwelling": True}, said=said
    )
    event = people_actions.record_death(by=by, at=NOW, person_id=other.id, died_date=NOW.date(), said=said)
    plan = plans.open_plan(by=by, at=NOW, category=8, person_id=person.id)
    plans.assess_plan(
        by=by, at=NOW, plan_id=plan.id, findings={"health": {"level": "1", "words": "Sakit lutut"}}
    )
    goal = plans.add_goal(by=by, at=NOW, plan_id=plan.id, words="Berobat teratur")
    programme_actions.load_programmes(by=MACHINE, at=NOW)
    return {
        "household_id": household.id,
        "person_id": person.id,
        "family_id": family.id,
        "flag_id": flag.id,
        "relation_id": tie.id,
        "event_id": event.id,
        "observation_id": Observation.objects.filter(subject_id=household.id)[0].id,
        **_doubts(person, household),
        "kind": "household",
        "subject_id": household.id,
        "field": "no_dwelling",
        "about": "household",
        "plan_id": plan.id,
        "row_id": goal.id,
        **_rows(cast, person, household),
        **_aid(cast, household),
        **_trip(cast, household),
        **_offline(cast, household),
        **_waste(cast),
        **_dispute(cast),
        **_ideas(cast),
        **_field_request(cast),
        **_institution(cast),
        **_follow_up(cast),
        **_health_day(cast),
    }


def _field_request(cast: Cast) -> dict[str, Any]:
    """A request of the six fields with a photo of a paper."""
    row = requests_help.taken(cast, words="Sumur Rahasia kering.").request
    given: dict[str, Any] = {"fieldrequest_id": row.id, "code": "ktp", "mark": "copied"}
    request_actions.mark_fieldrequest(by=cast.cadre, at=NOW, photo=requests_help.photo(), **given)
    return {"fieldrequest_id": row.id, "requestphoto_id": row.photos.get().id}


def _institution(cast: Cast) -> dict[str, Any]:
    """The posyandu with a cadre who was trained, a paper, goods."""
    here: dict[str, Any] = {"at": NOW, "posyandu_id": requests_help.posyandu(cast).id}
    day = NOW.date()
    cadre = institution_people.appoint_cadre(
        **here,
        by=cast.secretary,
        given=institution_people.CadreGiven("Hasniah Rahasia", field="health", since_date=day),
    )
    paper = institution_papers.record_decree(
        **here, by=cast.secretary, given=institution_papers.DecreeGiven("meeting", decree_date=day)
    )
    facts = training.record_training(
        **here, by=cast.midwife, cadre_ids=[cadre.id], skills=["child_plot"], done_date=day
    )
    move = stock.receive_stock(
        **here, by=cast.cadre, item=stock.ItemGiven("chair"), given=stock.MoveGiven(2, day)
    )
    return {
        "posyandu_id": here["posyandu_id"],
        "cadre_id": cadre.id,
        "decree_id": paper.id,
        "skillfact_id": facts[0].id,
        "stockitem_id": move.item_id,
    }


def _follow_up(cast: Cast) -> dict[str, Any]:
    """A finding with its task, and a child who is accompanied."""
    here = Posyandu.objects.get(id=requests_help.posyandu(cast).id)
    child = day_help.person("Anak Rahasia", date(2010, 3, 4))
    seen = _findings.Seen(here, child, None, None, NOW.date(), "matrix")
    kind = finding_queries.book()["out_of_school"]
    finding = _findings.note_fact(cast.cadre, NOW, seen=seen, kind=kind)
    request = dispensations.record_dispensation(
        by=cast.midwife,
        at=NOW,
        posyandu_id=here.id,
        person_id=child.id,
        court="PA Rahasia",
        seen_date=NOW.date(),
    )
    step = marriage.add_marriagestep(
        by=cast.midwife,
        at=NOW,
        risk_id=request.risk_id,
        step=marriage.StepGiven("Bicara Rahasia", "Ibu Kartini", NOW.date()),
    )
    return {
        "finding_id": finding.id if finding else None,
        "cadretask_id": finding.tasks.get().id if finding else None,
        "marriagerisk_id": request.risk_id,
        "marriagestep_id": step.id,
        "dispensation_id": request.id,
    }


def _health_day(cast: Cast) -> dict[str, Any]:
    """A day with somebody in the queue who was measured."""
    here = Posyandu.objects.get(id=requests_help.posyandu(cast).id)
    card = day_help.enrol(cast, here, day_help.person("Bayi Rahasia"))
    day = health_days.open_day(by=cast.cadre, at=NOW, posyandu_id=here.id, day=NOW.date())
    coming = health_days.arrive_participant(by=cast.cadre, at=NOW, day_id=day.id, participant_id=card.id)
    row = day_help.record(cast, card, NOW.date(), weight=8900, day_id=day.id)
    return {
        "participant_id": card.id,
        "day_id": day.id,
        "coming_id": coming.id,
        "examination_id": row.id,
        "at_step": 2,
    }


def _ideas(cast: Cast) -> dict[str, Any]:
    """An idea that waits to be read, a line of the directory, an announcement."""
    given: dict[str, Any] = {"at": NOW, "region_code": DUNGKAIT}
    idea = ideas.open_idea(
        **given,
        by=ANYBODY,
        author=intake.PersonGiven(name="Nurhayati Rahasia"),
        given=ideas.IdeaGiven("Usulan Rahasia", "Usulan Rahasia yang belum dibaca siapa pun.", "development"),
    ).idea
    line = directory.add_listing(
        **given, by=cast.village_officer, given=directory.ListingGiven("business", "Kios Rahasia")
    )
    notice = board.add_bulletin(
        **given,
        by=cast.village_officer,
        given=board.BulletinGiven("notice", "Pengumuman Rahasia", "Belum saatnya.", NOW.date(), NOW.date()),
    )
    return {"idea_id": idea.id if idea else None, "listing_id": line.id, "bulletin_id": notice.id}


def _waste(cast: Cast) -> dict[str, Any]:
    """A waste bank with a pass book, a deposit, and somebody who asks to reverse it."""
    bank = furnish(cast)
    bank_savers.change_saver(
        by=cast.village_officer,
        at=NOW,
        saver_id=bank.saver.id,
        given=bank_savers.SaverGiven("Nurhayati Rahasia"),
    )
    posting = bank.weigh((bank.pet, 1000))
    ask = bank_correcting.ask_reversal(
        by=cast.secretary, at=NOW, posting_id=posting.id, why="Salah timbang Rahasia"
    )
    return {
        "saver_id": bank.saver.id,
        "waste_id": bank.pet.id,
        "collector_id": bank.collector.id,
        "posting_id": posting.id,
        "account_id": bank.saver.account.id,
        "ask_id": ask.id,
        "size": "58",
    }


def _offline(cast: Cast, household: Any) -> dict[str, Any]:
    """A phone, a question about it, and a sheet of paper."""
    seat = cast.seats["village_officer"]
    device = Device.objects.create(
        kind="phone", seat=seat, desk=seat.desk, label="HP kantor desa", sign_algorithm="ed25519",
        sign_public=bytes(32), seal_public=bytes(65), enrolled_at=NOW, enrolled_by="uji", lease_until=NOW,
    )  # fmt: skip
    task = Task.objects.create(
        kind="fork", device=device, region_code=DUNGKAIT, subject=f"household:{household.id}", opened_at=NOW
    )
    sheet = papering.print_sheet(
        by=cast.manager,
        at=NOW,
        region_code=DUNGKAIT,
        wanted=papering.Wanted(kind="visits", title="Lembar Rahasia", household_ids=[household.id]),
    )
    return {"device_id": device.id, "task_id": task.id, "sheet_id": sheet.id}


def _dispute(cast: Cast) -> dict[str, Any]:
    """A dispute with a session, a file and a draft."""
    case = cast.case(
        by=cast.village_officer, channel="desk", kind_code="dispute", title="Batas Rahasia", consent="spoken",
        answers={"subject": "land", "parties": "Keluarga Rahasia"},
    )  # fmt: skip
    own: dict[str, Any] = {"recorded_at": NOW}
    row = Dispute.objects.create(
        case=case, region_code=DUNGKAIT, year=2026, sequence=1, subject="land", about="Batas Rahasia",
        opened_date=NOW.date(), meet_until_date=NOW.date(), **own,
    )  # fmt: skip
    session = Session.objects.create(dispute=row, ordinal=1, planned_at=NOW, place="Balai Rahasia", **own)
    file = Evidence.objects.create(
        dispute=row, title="Foto Rahasia", source="uji", kind="photo", mime="image/jpeg", size=1, sha256="0" * 64,
        brought_digest="0" * 64, **own,
    )  # fmt: skip
    draft = Agreement.objects.create(dispute=row, token="u" * 22, **own)
    return {
        "dispute_id": row.id,
        "session_id": session.id,
        "evidence_id": file.id,
        "agreement_id": draft.id,
    }


def _trip(cast: Cast, household: Any) -> dict[str, Any]:
    """A trip with everything on it."""
    given: dict[str, Any] = {"at": NOW, "by": cast.manager}
    day = NOW.date()
    plan = outreach_actions.TripPlan("Perjalanan Rahasia", "wet", day, day)
    trip = outreach_actions.plan_trip(**given, region_code="760213", plan=plan)
    stop = outreach_actions.add_stop(
        **given, trip_id=trip.id, stop=outreach_actions.StopPlan(DUNGKAIT, place="Balai Rahasia")
    )
    member = outreach_actions.add_member(
        **given, trip_id=trip.id, member=outreach_actions.Member(name="Bidan Rahasia")
    )
    carry = outreach_actions.add_carry(
        **given, trip_id=trip.id, carry=outreach_actions.CarryPlan("form", "Formulir Rahasia")
    )
    promise = outreach_actions.record_promise(
        **given, trip_id=trip.id, words="Janji Rahasia", promised_at=NOW, stop_id=stop.id
    )
    leg = outreach_actions.set_leg(
        **given, region_code="760213", from_place="office", to_place=DUNGKAIT, mode="road", season="wet",
        minutes=40,
    )  # fmt: skip
    waits = outreach_actions.open_accompaniment(**given, what="kis", household_id=household.id)
    return {
        "trip_id": trip.id,
        "stop_id": stop.id,
        "member_id": member.id,
        "carry_id": carry.id,
        "promise_id": promise.id,
        "leg_id": leg.id,
        "accompaniment_id": waits.id,
    }


def _aid(cast: Cast, household: Any) -> dict[str, Any]:
    """A round of aid with goods, a name, two deliveries that may be one too many, a proof and minutes."""
    by = cast.manager
    day = NOW.date()
    row = rounds.open_round(
        by=by,
        at=NOW,
        given=rounds.RoundGiven(
            "pkh", "Putaran Rahasia", DUNGKAIT, day, day, authority="Dinas", document="1/2026"
        ),
    )
    rice = rounds.add_goods(
        by=by, at=NOW, round_id=row.id, what="Beras", unit="kg", per_household=Decimal(10)
    )
    came = goods.receive_goods(
        by=by, at=NOW, item_id=rice.id, quantity=Decimal(50), source="Bulog", received_date=day
    )
    listed = listing.list_entries(
        by=by, at=NOW, round_id=row.id, entries=[listing.EntryGiven(household_id=household.id)]
    ).made[0]
    given = delivering.DeliveryGiven(
        "delivered", NOW, household_id=household.id, lines={rice.id: Decimal(10)}, receiver="self"
    )
    first, _second = (
        delivering.record_delivery(by=by, at=NOW, round_id=row.id, given=given) for _time in range(2)
    )
    proof = Proof.objects.create(
        delivery=first, kind="paper", sha256="0" * 64, mime="image/jpeg", size=1, added_at=NOW
    )
    minutes = handovers.make_handover(
        by=by,
        at=NOW,
        round_id=row.id,
        given=handovers.HandoverGiven(DUNGKAIT, day, [("Kepala desa", "Rusli"), ("Petugas", "Marwah")]),
    )
    return {
        "round_id": row.id,
        "entry_id": listed.id,
        "movement_id": came.id,
        "delivery_id": first.id,
        "proof_id": proof.id,
        "double_id": Double.objects.get(round=row).id,
        "handover_id": minutes.id,
    }


def _doubts(person: Person, household: Any) -> dict[str, Any]:
    """A question about a telephone number, and one about two households."""
    first, second = (
        Contact.objects.create(person=person, channel="phone", as_typed=typed, address=typed)
        for typed in ("+6281200000001", "+6281200000002")
    )
    twin = Household.objects.create(
        region_code=DUNGKAIT, name="Nurbaeti Kembar", registered_at=NOW, changed_at=NOW
    )
    doubt = ContactDoubt.objects.create(person=person, first=first, second=second, opened_at=NOW)
    pair = HouseholdDoubt.objects.create(
        first=household, second=twin, person=person, reason="nik", opened_at=NOW
    )
    return {"doubt_id": doubt.id, "pair_id": pair.id}


def _rows(cast: Cast, person: Person, household: Any) -> dict[str, Any]:
    """Rows whose own acts need more of a story than a walk through addresses does."""
    now = timezone.now()
    batch = Batch.objects.create(
        kind="residents",
        region_code=DUNGKAIT,
        file_name="warga.csv",
        sha256="0" * 64,
        size=1,
        started_by="Marwah",
        started_at=now,
    )
    listed = Deactivation.objects.create(
        name="Daftar uji",
        source="Kemensos",
        off_date=NOW.date(),
        region_code=DUNGKAIT,
        loaded_at=now,
        loaded_by="Marwah",
    )
    card = Card.objects.create(
        deactivation=listed, row_key="x", name="Nurbaeti Rahasia", name_key="nurbaeti", region_code=DUNGKAIT,
        off_date=NOW.date(), person=person, listed_at=now, changed_at=now, match="doubtful",
    )  # fmt: skip
    consent = Consent.objects.create(
        person=person,
        purpose="referral_share",
        mode="tick",
        given_by="Nurbaeti Rahasia",
        given_at=now,
        taken_by="Marwah",
    )
    area = {"region_code": DUNGKAIT}
    suspicion = Suspicion.objects.create(
        first=person, second=Person.objects.exclude(id=person.id)[0], score=0.8, found_at=now, **area
    )
    benefit = Benefit.objects.create(
        programme_id="pkh", household=household, state="receives", source="uji", recorded_at=now, **area
    )
    run = Run.objects.create(on_date=NOW.date(), started_at=now, started_by="Marwah", **area)
    door = Assignment.objects.create(
        household=household, seat=cast.seats["manager"], assigned_at=now, assigned_by="Marwah", **area
    )
    meeting = Meeting.objects.create(
        kind="beneficiaries",
        title="Musyawarah Rahasia",
        planned_at=now,
        recorded_at=now,
        desk=cast.desk("village"),
        **area,
    )
    wish = RightsRequest.objects.create(
        person=person,
        kind="access",
        asked_by="Nurbaeti Rahasia",
        proof="KTP",
        received_at=now,
        due_at=now,
        opened_by="Marwah",
        **area,
    )
    breach = Breach.objects.create(
        title="Daftar hilang", what="Rahasia", noticed_at=now, due_at=now, noted_by="Marwah", **area
    )
    return {
        "suspicion_id": suspicion.id,
        "benefit_id": benefit.id,
        "run_id": run.id,
        "assignment_id": door.id,
        "meeting_id": meeting.id,
        "wish_id": wish.id,
        "breach_id": breach.id,
        "batch_id": batch.id,
        "list_id": listed.id,
        "card_id": card.id,
        "consent_id": consent.id,
    }
