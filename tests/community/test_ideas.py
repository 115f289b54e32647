"""Ideas: taken in, moderated, joined, brought on their path with reasons told, supported by one voice each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.cases.actions import intake
from simpul.cases.models import Answer, Case
from simpul.community.access import ideas as access
from simpul.community.actions import (
    _idea_path,
    _voices,
    erasing,
    idea_path,
    idea_talk,
    idea_voices,
    ideas,
    moving,
)
from simpul.community.actions import _ideas as steps
from simpul.community.models import Comment, Idea, IdeaStep, PhoneCode, Voice, Voter
from simpul.community.queries import figures_ideas
from simpul.community.queries import ideas as queries
from simpul.community.rules import ideas as rules
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.messages.models import Message
from simpul.people.models import Contact
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble
from tests.community.ideas_help import given, helped, published, resident, taken, voter


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, and the neighbour."""
    return assemble()


def again(idea: Idea) -> Idea:
    return Idea.objects.get(id=idea.id)


def line(kind: str) -> Line:
    return Line.objects.filter(kind=kind).latest("recorded_at")


# --- taking in ------------------------------------------------------------------------------------------------------------


def test_an_idea_from_the_page_is_a_matter_with_a_receipt_and_waits_to_be_read(cast: Cast) -> None:
    found = taken(cast, hamlet_id=cast.hamlet.id, benefits="petani dusun")
    idea = found.idea
    assert (idea.state, idea.published_at, idea.channel, idea.year) == ("new", None, "web", 2028)
    assert found.opened.number and found.opened.pin
    assert (idea.case.kind_id, idea.author_id) == ("idea", idea.case.reporter_id)
    assert queries.public_idea(idea.code) is None
    assert line("idea.open").facts["channel"] == "web"


def test_the_same_press_gives_the_same_idea_and_receipt(cast: Cast) -> None:
    key = uuid7()
    first, second = taken(cast, case_id=key), taken(cast, case_id=key)
    assert (first.idea.id, first.opened.number) == (second.idea.id, second.opened.number)
    assert Idea.objects.count() == 1


def test_words_of_violence_make_a_protected_matter_and_no_idea(cast: Cast) -> None:
    found = taken(
        cast, words="Suami saya memukul saya setiap malam, saya takut dibunuh dan anak saya diperkosa."
    )
    assert (found.idea, found.opened.case.sensitivity) == (None, "sealed")


def test_without_name_and_phone_an_idea_has_no_author(cast: Cast) -> None:
    idea = taken(cast, author=None).idea
    assert (idea.author_id, idea.case.mode) == (None, "anonymous")
    ideas.publish_idea(by=cast.village_officer, at=NOW, idea_id=idea.id)
    assert not IdeaStep.objects.get(idea=idea).owes


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"title": "a"}, steps.IdeaWordsMissing),
        ({"words": "pendek"}, steps.IdeaWordsMissing),
        ({"field": "roads"}, steps.IdeaChoiceUnknown),
        ({"hamlet_id": uuid4()}, steps.IdeaChoiceUnknown),
    ],
)
def test_what_is_missing_is_asked_for(cast: Cast, wrong: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        taken(cast, **wrong)


def test_an_idea_is_for_a_village(cast: Cast) -> None:
    with pytest.raises(ideas.IdeaPlaceUnknown):
        ideas.open_idea(by=ANYBODY, at=NOW, region_code="760213", given=given())


def test_an_officer_writes_for_somebody_within_half_an_hour_and_it_is_traced(cast: Cast) -> None:
    open_now = helped(cast)
    said: dict[str, Any] = {
        "by": cast.village_officer,
        "region_code": DUNGKAIT,
        "given": given(),
        "channel": "desk",
    }
    with pytest.raises(steps.AssistanceMissing):
        ideas.open_idea(**said, at=NOW)
    made = ideas.open_idea(**said, at=NOW + timedelta(minutes=29), assistance_id=open_now.id)
    assert made.idea is not None and made.idea.assistance_id == open_now.id
    assert made.opened.case.reporter.full_name == "Daeng Bau"
    with pytest.raises(steps.AssistanceOver):
        ideas.open_idea(**said, at=NOW + timedelta(minutes=30), assistance_id=open_now.id)
    trace = queries.assistances(cast.village_officer)[0]
    assert (trace.reason, trace.n_ideas) == ("tidak membaca", 1)
    assert line("assistance.begin").inputs["reason"] == "tidak membaca"


def test_assistance_ends_early_and_is_nobody_elses(cast: Cast) -> None:
    open_now = helped(cast)
    assert helped(cast, assistance_id=open_now.id).id == open_now.id
    with pytest.raises(NotFound):
        ideas.end_assistance(by=cast.secretary, at=NOW, assistance_id=open_now.id)
    later = NOW + timedelta(minutes=5)
    ideas.end_assistance(by=cast.village_officer, at=later, assistance_id=open_now.id)
    assert queries.assistance_now(cast.village_officer, later) is None
    with pytest.raises(steps.IdeaReasonMissing):
        helped(cast, reason="")


def test_a_matter_becomes_an_idea_once_and_keeps_its_receipt(cast: Cast) -> None:
    matter = cast.case(kind_code="aspiration", desk_id=cast.desk("village").id)
    assert [one.id for one in queries.matters(cast.village_officer)] == [matter.id]
    made = ideas.adopt_idea(by=cast.village_officer, at=NOW, case_id=matter.id, given=given())
    same = ideas.adopt_idea(
        by=cast.village_officer, at=NOW, case_id=matter.id, given=given(title="Lain lagi")
    )
    assert (made.id, made.author_id, made.said) == (same.id, matter.reporter_id, matter.text)
    assert queries.matters(cast.village_officer) == []
    assert queries.idea_of_case(matter.id) == made


# --- moderation -----------------------------------------------------------------------------------------------------------


def test_after_it_was_read_everybody_reads_it_and_its_author_is_told(cast: Cast) -> None:
    idea = published(cast)
    assert queries.public_idea(idea.code) == idea
    assert queries.public_name(idea) == ""
    step = IdeaStep.objects.get(idea=idea)
    message = Message.objects.get(id=step.message_id)
    assert message.asked_key == "idea_step" and "halaman" in message.body
    ideas.publish_idea(by=cast.village_officer, at=NOW, idea_id=idea.id)
    assert IdeaStep.objects.filter(idea=idea).count() == 1


def test_public_words_are_changed_and_the_authors_own_stay(cast: Cast) -> None:
    idea = taken(cast, show_author=True).idea
    ideas.change_idea(
        by=cast.village_officer,
        at=NOW,
        idea_id=idea.id,
        given=given(title="Jalan tani Taludu", words="Jalan tani berlumpur saat hujan.", show_author=True),
    )
    changed = again(idea)
    assert (changed.title, changed.said) == ("Jalan tani Taludu", idea.case.text)
    assert queries.public_name(changed) == "Nurhayati"


def test_a_hidden_idea_is_off_the_page_until_it_is_shown_again(cast: Cast) -> None:
    idea = published(cast)
    with pytest.raises(steps.IdeaReasonMissing):
        ideas.hide_idea(by=cast.village_officer, at=NOW, idea_id=idea.id, why="")
    ideas.hide_idea(by=cast.village_officer, at=NOW, idea_id=idea.id, why="menyebut nama orang")
    assert queries.public_idea(idea.code) is None
    ideas.publish_idea(by=cast.village_officer, at=NOW, idea_id=idea.id)
    assert queries.public_idea(idea.code) is not None


def test_doubles_are_joined_both_authors_told_and_parted_again(cast: Cast) -> None:
    first = published(cast)
    other = published(
        cast, title="Jalan ke kebun", author=intake.PersonGiven(name="Rusli", phone="0813-1111-2222")
    )
    assert [one.id for one, _near in queries.alike(cast.village_officer, first)] == [other.id]
    both = voter(cast)
    for idea in (first, other):
        idea_voices.give_voice(by=ANYBODY, at=NOW, idea_id=idea.id, voter_id=both.id)
    idea_voices.give_voice(by=ANYBODY, at=NOW, idea_id=other.id, voter_id=voter(cast, "Sitti").id)
    ideas.merge_idea(by=cast.village_officer, at=NOW, idea_id=other.id, into_id=first.id)
    assert again(other).state == "merged"
    assert queries.voices_of([first.id])[first.id] == 2
    assert {one.kind for one in IdeaStep.objects.filter(idea=first)} == {"open", "joined"}
    idea_path.defer_idea(by=cast.secretary, at=NOW, idea_id=first.id, reason="dana tahun ini habis")
    echo = IdeaStep.objects.get(idea=other, kind="echo")
    assert "dana tahun ini habis" in Message.objects.get(id=echo.message_id).body
    ideas.part_idea(by=cast.village_officer, at=NOW, idea_id=other.id)
    assert again(other).state == "open"
    assert queries.voices_of([first.id])[first.id] == 1


def test_joining_what_cannot_be_joined_is_refused(cast: Cast) -> None:
    first, second, third = published(cast), published(cast), published(cast)
    by = cast.village_officer
    with pytest.raises(ideas.WholeOfItself):
        ideas.merge_idea(by=by, at=NOW, idea_id=first.id, into_id=first.id)
    ideas.merge_idea(by=by, at=NOW, idea_id=second.id, into_id=first.id)
    with pytest.raises(ideas.HoldsOthers):
        ideas.merge_idea(by=by, at=NOW, idea_id=first.id, into_id=third.id)
    with pytest.raises(steps.IdeaMoveRefused):
        ideas.merge_idea(by=by, at=NOW, idea_id=third.id, into_id=second.id)


# --- the path -------------------------------------------------------------------------------------------------------------


def test_each_step_is_told_and_a_decision_answers_the_matter(cast: Cast) -> None:
    idea = published(cast)
    key = uuid7()
    for _press in range(2):
        idea_path.defer_idea(
            by=cast.secretary, at=NOW, idea_id=idea.id, reason="dana tahun ini habis", step_id=key
        )
    answer = Answer.objects.get(case=idea.case)
    assert (answer.decision, "dana tahun ini habis" in answer.text) == ("deferred", True)
    assert queries.heard_of(queries.steps_of(again(idea)))[key] == "heard"
    carried = idea_path.carry_idea(by=cast.secretary, at=NOW, idea_id=idea.id)
    assert (carried.state, carried.year, carried.carried) == ("open", idea.year + 1, 1)
    assert [one.kind for one in queries.steps_of(carried)] == ["open", "deferred", "carried"]


def test_several_are_carried_over_at_once(cast: Cast) -> None:
    two = [published(cast), published(cast)]
    for one in two:
        idea_path.defer_idea(by=cast.secretary, at=NOW, idea_id=one.id, reason="tahun depan")
    keys = [one.id for one in two]
    assert idea_path.carry_ideas(by=cast.secretary, at=NOW, region_code=DUNGKAIT, idea_ids=keys) == 2
    assert idea_path.carry_ideas(by=cast.secretary, at=NOW, region_code=DUNGKAIT, idea_ids=keys) == 0


def test_work_and_result_follow_and_the_path_shows_them(cast: Cast) -> None:
    idea = published(cast)
    for state in ("talked", "works", "done"):
        idea_path.advance_idea(
            by=cast.secretary, at=NOW, idea_id=idea.id, state=state, reason="gotong royong"
        )
    shown = [(one.state, one.standing) for one in queries.path_of(again(idea))]
    assert shown[0] == ("new", "done") and shown[-1] == ("done", "done")
    assert ("talked", "done") in shown and all(state != "proposed" for state, _standing in shown)


def test_a_step_that_does_not_follow_or_lies_ahead_is_refused(cast: Cast) -> None:
    idea = published(cast)
    move: Callable[..., Any] = idea_path.advance_idea
    with pytest.raises(steps.IdeaMoveRefused):
        move(by=cast.secretary, at=NOW, idea_id=idea.id, state="done")
    with pytest.raises(steps.IdeaChoiceUnknown):
        move(by=cast.secretary, at=NOW, idea_id=idea.id, state="rejected")
    with pytest.raises(_idea_path.NotYet):
        move(by=cast.secretary, at=NOW, idea_id=idea.id, state="talked", happened_at=NOW + timedelta(days=1))
    with pytest.raises(steps.IdeaReasonMissing):
        idea_path.reject_idea(by=cast.secretary, at=NOW, idea_id=idea.id, reason="")
    with pytest.raises(steps.IdeaMoveRefused):
        idea_path.carry_idea(by=cast.secretary, at=NOW, idea_id=idea.id)


def test_what_a_moderator_took_off_the_page_stays_off_it_when_it_is_taken_up_again(cast: Cast) -> None:
    idea = published(cast)
    ideas.hide_idea(by=cast.village_officer, at=NOW, idea_id=idea.id, why="menyebut nama orang")
    idea_path.withdraw_idea(by=cast.secretary, at=NOW, idea_id=idea.id)
    idea_path.reopen_idea(by=cast.secretary, at=NOW, idea_id=idea.id)
    assert not Idea.objects.public().filter(id=idea.id).exists()


def test_the_key_of_another_matter_makes_no_idea_and_gives_no_receipt(cast: Cast) -> None:
    other = intake.open_case(
        by=ANYBODY,
        at=NOW,
        kind_code="complaint",
        text_given="Lampu jalan di depan masjid padam sejak pekan lalu.",
        region_code=DUNGKAIT,
        channel="web",
        mode="anonymous",
    )
    with pytest.raises(NotFound):
        taken(cast, case_id=other.case.id)
    assert not Idea.objects.exists()


def test_what_was_ended_is_taken_up_again_where_it_stood(cast: Cast) -> None:
    idea = published(cast)
    idea_path.advance_idea(by=cast.secretary, at=NOW, idea_id=idea.id, state="talked")
    idea_path.reject_idea(by=cast.secretary, at=NOW, idea_id=idea.id, reason="bukan wewenang desa")
    idea_path.reopen_idea(by=cast.secretary, at=NOW, idea_id=idea.id)
    assert again(idea).state == "talked"
    idea_path.withdraw_idea(by=cast.secretary, at=NOW, idea_id=idea.id)
    assert queries.public_idea(idea.code) is None
    idea_path.reopen_idea(by=cast.secretary, at=NOW, idea_id=idea.id)
    assert queries.public_idea(idea.code) is not None


def test_who_could_not_be_written_to_is_told_in_person_and_counted(cast: Cast) -> None:
    idea = published(cast)
    IdeaStep.objects.filter(idea=idea).update(message_id=None)
    step = queries.untold(cast.village_officer)[0]
    assert figures_ideas.figures(DUNGKAIT, NOW, NOW + timedelta(days=1)).told_share == 0
    idea_path.tell_step(by=cast.village_officer, at=NOW, step_id=step.id)
    idea_path.tell_step(by=cast.village_officer, at=NOW, step_id=step.id)
    assert Line.objects.filter(kind="step.tell").count() == 1
    found = figures_ideas.figures(DUNGKAIT, NOW, NOW + timedelta(days=1))
    assert (found.told_share, found.by_state, found.proposed) == (100, {"open": 1}, 1)


# --- voices ---------------------------------------------------------------------------------------------------------------


def test_one_person_has_one_voice_and_may_take_it_back(cast: Cast) -> None:
    idea, who = published(cast), voter(cast)
    for _press in range(2):
        idea_voices.give_voice(by=ANYBODY, at=NOW, idea_id=idea.id, voter_id=who.id)
    assert queries.voices_of([idea.id]) == {idea.id: 1}
    idea_voices.withdraw_voice(by=ANYBODY, at=NOW, idea_id=idea.id, voter_id=who.id)
    assert (queries.voices_of([idea.id]), Voice.objects.count()) == ({idea.id: 0}, 1)


def test_at_the_counter_a_voice_is_a_residents_of_the_register(cast: Cast) -> None:
    person = resident()
    said: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "region_code": DUNGKAIT}
    assert idea_voices.verify_voter(**said, person_id=person.id) == idea_voices.verify_voter(
        **said, person_id=person.id
    )
    with pytest.raises(NotFound):
        idea_voices.verify_voter(**said, person_id=resident("Orang jauh", BONTO_JAI).id)
    person.resident = False
    person.save()
    with pytest.raises(idea_voices.NotAResident):
        idea_voices.verify_voter(**said, person_id=person.id)


def _code(monkeypatch: pytest.MonkeyPatch, number: str = "0812-7777-8888", pin: str = "730518") -> PhoneCode:
    monkeypatch.setattr(idea_voices.ids, "new_pin", lambda: pin)
    sent: list[Any] = []

    def queue(**given: Any) -> Any:
        sent.append(given)
        return type("Sent", (), {"road": "sms", "id": uuid7()})()

    monkeypatch.setattr(idea_voices.message_actions, "queue_message", queue)
    made = idea_voices.send_code(by=ANYBODY, at=NOW, region_code=DUNGKAIT, number=number)
    assert sent[0]["values"] == {"code": pin}
    return made


def test_a_code_to_a_phone_shows_a_voice_and_a_resident_counted_already_is_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = resident()
    Contact.objects.create(person=person, channel="phone", as_typed="0812", address="+6281277778888")
    counted = idea_voices.verify_voter(
        by=cast.village_officer, at=NOW, region_code=DUNGKAIT, person_id=person.id
    )
    made = _code(monkeypatch)
    assert idea_voices.confirm_code(by=ANYBODY, at=NOW, code_id=made.id, code="730 518") == counted
    with pytest.raises(idea_voices.CodeWrong):
        idea_voices.confirm_code(by=ANYBODY, at=NOW, code_id=made.id, code="730518")


def test_a_code_asked_for_before_the_number_was_known_gives_no_second_voice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    _code(monkeypatch)  # asked for, never typed in: only the number is known
    person = resident()
    Contact.objects.create(person=person, channel="phone", as_typed="0812", address="+6281277778888")
    counted = idea_voices.verify_voter(
        by=cast.village_officer, at=NOW, region_code=DUNGKAIT, person_id=person.id
    )
    made = _code(monkeypatch)
    assert idea_voices.confirm_code(by=ANYBODY, at=NOW, code_id=made.id, code="730518") == counted
    assert Voter.objects.count() == 1


def test_a_phone_shown_first_is_the_same_voice_at_the_counter(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = resident()
    Contact.objects.create(person=person, channel="phone", as_typed="0812", address="+6281277778888")
    made = _code(monkeypatch)
    by_phone = idea_voices.confirm_code(by=ANYBODY, at=NOW, code_id=made.id, code="730518")
    at_counter = idea_voices.verify_voter(
        by=cast.village_officer, at=NOW, region_code=DUNGKAIT, person_id=person.id
    )
    assert (at_counter, Voter.objects.count()) == (by_phone, 1)


def test_wrong_codes_close_it_and_many_codes_are_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _code(monkeypatch)
    for _try in range(rules.CODE_TRIES):
        with pytest.raises(idea_voices.CodeWrong):
            idea_voices.confirm_code(by=ANYBODY, at=NOW, code_id=made.id, code="111111")
    with pytest.raises(idea_voices.CodeWrong):
        idea_voices.confirm_code(by=ANYBODY, at=NOW, code_id=made.id, code="730518")
    _code(monkeypatch), _code(monkeypatch)
    with pytest.raises(idea_voices.TooManyCodes):
        _code(monkeypatch)
    late = _code(monkeypatch, "0813-1234-5678")
    with pytest.raises(idea_voices.CodeWrong):
        idea_voices.confirm_code(by=ANYBODY, at=NOW + rules.CODE_LASTS, code_id=late.id, code="730518")
    assert idea_voices.sweep_codes(by=MACHINE, at=NOW + timedelta(days=2)) == 4
    with pytest.raises(idea_voices.PhoneUnusable):
        idea_voices.send_code(by=ANYBODY, at=NOW, region_code=DUNGKAIT, number="112")


def test_an_idea_that_ended_or_is_hidden_takes_no_voice(cast: Cast) -> None:
    idea, who = published(cast), voter(cast)
    with pytest.raises(_voices.VoiceUnproved):
        idea_voices.give_voice(by=ANYBODY, at=NOW, idea_id=idea.id, voter_id=uuid4())
    idea_path.reject_idea(by=cast.secretary, at=NOW, idea_id=idea.id, reason="bukan wewenang desa")
    with pytest.raises(_voices.NoVoiceNow):
        idea_voices.give_voice(by=ANYBODY, at=NOW, idea_id=idea.id, voter_id=who.id)


# --- talk -----------------------------------------------------------------------------------------------------------------


def test_a_comment_is_read_before_it_is_shown(cast: Cast) -> None:
    idea = published(cast)
    said = idea_talk.write_comment(
        by=ANYBODY, at=NOW, idea_id=idea.id, words="Setuju, kami ikut kerja bakti."
    )
    assert (said.state, queries.comments_of(idea)) == ("waiting", [])
    assert queries.waiting(cast.village_officer).comments == 1
    idea_talk.judge_comment(by=cast.village_officer, at=NOW, comment_id=said.id, show=True)
    assert queries.comments_of(idea) == [said]
    with pytest.raises(steps.IdeaReasonMissing):
        idea_talk.judge_comment(by=cast.village_officer, at=NOW, comment_id=said.id, show=False)
    idea_talk.judge_comment(
        by=cast.village_officer, at=NOW, comment_id=said.id, show=False, why="menghina orang"
    )
    assert queries.comments_of(idea) == []
    idea_voices.sweep_codes(by=MACHINE, at=NOW + timedelta(days=91))
    assert Comment.objects.get().words == ""


def test_the_village_speaks_for_itself_at_once(cast: Cast) -> None:
    idea = published(cast)
    said = idea_talk.write_comment(
        by=cast.secretary, at=NOW, idea_id=idea.id, words="Kami ukur jalan minggu depan.", official=True
    )
    assert (said.state, said.official) == ("shown", True)


def test_nobody_speaks_for_the_village_who_may_not_judge_what_is_said(cast: Cast) -> None:
    idea = published(cast)
    cadre = replace(cast.village_officer, role="cadre")
    with pytest.raises(steps.AssistanceMissing):
        idea_talk.write_comment(by=cadre, at=NOW, idea_id=idea.id, words="Desa sudah setuju.", official=True)


def test_who_writes_for_one_person_gives_no_other_persons_voice(cast: Cast) -> None:
    idea, sits_here = published(cast), resident("Daeng Bau")
    open_now = helped(cast, person_id=sits_here.id)
    own: dict[str, Any] = {"by": cast.village_officer, "at": NOW}
    asked: dict[str, Any] = {**own, "idea_id": idea.id, "assistance_id": open_now.id}
    with pytest.raises(_voices.VoiceOfAnother, match="Daeng Bau"):
        idea_voices.give_voice(**asked, voter_id=voter(cast).id)
    theirs = idea_voices.verify_voter(**own, region_code=DUNGKAIT, person_id=sits_here.id)
    idea_voices.give_voice(**asked, voter_id=theirs.id)
    assert queries.voices_of([idea.id]) == {idea.id: 1}


def test_opinions_are_grouped_and_small_groups_stay_hidden(cast: Cast) -> None:
    idea = published(cast)
    sentences = [
        idea_talk.offer_statement(
            by=cast.village_officer, at=NOW, idea_id=idea.id, words=f"Kalimat nomor {n}"
        )
        for n in range(3)
    ]
    people = [voter(cast, f"Warga {n}") for n in range(11)]
    for place, who in enumerate(people):
        side = 1 if place < 6 else -1
        for number, one in enumerate(sentences):
            idea_talk.give_opinion(
                by=ANYBODY, at=NOW, statement_id=one.id, voter_id=who.id, value=1 if number == 2 else side
            )
    view, _told = queries.opinions_view(idea)
    assert [group.people for group in view.groups] == [6, 5]
    assert view.common == (str(sentences[2].id),)
    with pytest.raises(steps.IdeaChoiceUnknown):
        idea_talk.give_opinion(
            by=ANYBODY, at=NOW, statement_id=sentences[0].id, voter_id=people[0].id, value=7
        )


def test_a_residents_sentence_waits_and_is_judged(cast: Cast) -> None:
    idea = published(cast)
    with pytest.raises(_voices.VoiceUnproved):
        idea_talk.offer_statement(by=ANYBODY, at=NOW, idea_id=idea.id, words="Jalan dulu, baru lampu")
    made = idea_talk.offer_statement(
        by=ANYBODY, at=NOW, idea_id=idea.id, words="Jalan dulu, baru lampu", voter_id=voter(cast).id
    )
    assert queries.statements_of(idea) == []
    idea_talk.judge_statement(by=cast.village_officer, at=NOW, statement_id=made.id, show=True)
    assert queries.statements_of(idea) == [made]


# --- who may not ----------------------------------------------------------------------------------------------------------


def test_the_neighbour_sees_and_does_nothing(cast: Cast) -> None:
    idea = published(cast)
    by: Actor = cast.neighbour_officer
    assert list(access.visible(by)) == []
    with pytest.raises(NotFound):
        ideas.hide_idea(by=by, at=NOW, idea_id=idea.id, why="tidak suka")
    with pytest.raises(NotFound):
        idea_path.reject_idea(by=cast.neighbour_head, at=NOW, idea_id=idea.id, reason="tidak suka")
    with pytest.raises(NotAllowed):
        ideas.begin_assistance(by=by, at=NOW, region_code=DUNGKAIT, reason="apa saja", name="Ani")


def test_the_post_officer_moderates_and_the_secretary_decides(cast: Cast) -> None:
    idea = published(cast)
    with pytest.raises(NotAllowed):
        idea_path.reject_idea(by=cast.village_officer, at=NOW, idea_id=idea.id, reason="tidak suka")
    with pytest.raises(NotFound):
        ideas.publish_idea(by=ANYBODY, at=NOW, idea_id=taken(cast).idea.id)
    assert Case.objects.filter(idea__isnull=False).count() == 2


# --- the author's own rights ----------------------------------------------------------------------------------------------


def test_an_erased_author_leaves_the_idea_and_a_nameless_voice(cast: Cast) -> None:
    idea, who = published(cast, show_author=True), voter(cast)
    idea_voices.give_voice(by=ANYBODY, at=NOW, idea_id=idea.id, voter_id=who.id)
    for person_id in (idea.author_id, who.person_id):
        erasing.blank_community(by=MACHINE, at=NOW, person_id=person_id, words=["Nurhayati"])
    left = again(idea)
    assert (left.author_id, left.said, left.words) == (None, "", idea.words)
    assert queries.public_name(left) == ""
    assert queries.voices_of([idea.id]) == {idea.id: 1}
    assert Voter.objects.get().key.startswith("erased:")


def test_two_rows_of_one_person_have_one_voice(cast: Cast) -> None:
    idea, first, second = published(cast), voter(cast), voter(cast, "Baso Lurang kembar")
    for one in (first, second):
        idea_voices.give_voice(by=ANYBODY, at=NOW, idea_id=idea.id, voter_id=one.id)
    moving.move_community(
        by=MACHINE, at=NOW, origin_id=second.person_id, target_id=first.person_id, region_code=DUNGKAIT
    )
    assert queries.voices_of([idea.id]) == {idea.id: 1}
