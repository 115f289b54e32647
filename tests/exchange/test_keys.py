"""Keys of other programs: who issues them, what they hold, when they end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simpul.exchange import access, actions, queries, rules
from simpul.exchange.models import Reply, Token
from simpul.journal import queries as journal_queries
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound, Refused
from tests.cast import NOW, Cast

GIVEN: dict[str, Any] = {"name": "Sistem Atap", "scopes": ["cases.read", "feed.read"]}


def issue(cast: Cast, **changes: Any) -> actions.IssuedToken:
    given = {**GIVEN, "desk_id": cast.desk("partner").id, **changes}
    return actions.issue_token(by=given.pop("by", cast.administrator), at=NOW, **given)


def test_a_key_is_shown_once_and_stored_nowhere(cast: Cast) -> None:
    made = issue(cast)
    row = Token.objects.values().get()
    assert rules.is_secret(made.secret) and made.secret not in str(row)
    assert made.secret.startswith(row["prefix"]) and len(row["prefix"]) == 10
    found = queries.find_token(made.secret, NOW)
    assert found is not None and found.id == made.token.id
    line = Line.objects.get(kind="token.issue")
    assert journal_queries.is_plain(line), "an administrator reads whose key it was"
    assert line.facts["desk"] == "Yayasan Atap Bersama" and made.secret not in str(line.facts) + str(
        line.inputs
    )


def test_a_key_ends_by_time_by_withdrawal_and_with_its_desk(cast: Cast) -> None:
    made = issue(cast, days=1)
    assert queries.find_token(made.secret, NOW + timedelta(days=1)) is None
    desk = cast.desk("partner")
    type(desk).objects.filter(id=desk.id).update(closed_at=NOW)
    assert queries.find_token(made.secret, NOW) is None
    type(desk).objects.filter(id=desk.id).update(closed_at=None)
    actions.withdraw_token(by=cast.administrator, at=NOW, token_id=made.token.id)
    assert queries.find_token(made.secret, NOW) is None
    assert [one.state for one in queries.tokens_listed(cast.administrator, NOW)] == ["withdrawn"]
    with pytest.raises(actions.TokenGone):
        actions.withdraw_token(by=cast.administrator, at=NOW, token_id=made.token.id)
    assert Line.objects.filter(kind="token.withdraw").count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "  "}, actions.TokenNameless),
        ({"scopes": []}, actions.TokenScopesUnknown),
        ({"scopes": ["everything"]}, actions.TokenScopesUnknown),
        ({"desk_id": None}, actions.TokenDeskUnusable),
        ({"days": 0}, actions.TokenDaysInvalid),
        ({"days": 10_000}, actions.TokenDaysInvalid),
        ({"per_minute": 0}, actions.TokenLimitInvalid),
        ({"jurisdictions": ["99"]}, actions.TokenAreasUnknown),
    ],
)
def test_what_a_key_cannot_be(cast: Cast, changes: dict[str, Any], refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        issue(cast, **changes)
    assert not Token.objects.exists()


def test_a_key_never_speaks_for_a_desk_of_the_house(cast: Cast) -> None:
    for desk in ("centre", "protected", "outside"):
        with pytest.raises(actions.TokenDeskUnusable):
            issue(cast, desk_id=cast.desk(desk).id)
    alone = issue(cast, scopes=["requests.write"], desk_id=None, jurisdictions=["76.02.13"])
    assert alone.token.jurisdictions == ["760213"]
    assert (
        access.actor_of(alone.token).is_public
        and access.actor_of(alone.token).device == f"token {alone.token.prefix}"
    )


def test_only_the_administrator_issues_and_withdraws(cast: Cast) -> None:
    made = issue(cast)
    for name in ("admin", "manager", "partner", "protection_officer", "neighbour_manager"):
        by = getattr(cast, name)
        with pytest.raises(NotAllowed):
            issue(cast, by=by)
        with pytest.raises(NotAllowed):
            actions.withdraw_token(by=by, at=NOW, token_id=made.token.id)
        assert queries.tokens_listed(by, NOW) == []
    with pytest.raises(NotFound):
        actions.withdraw_token(by=cast.administrator, at=NOW, token_id=cast.desk("partner").id)


def test_use_is_noted_once_a_minute_without_a_line(cast: Cast) -> None:
    made, lines = issue(cast), Line.objects.count()
    for seconds in (0, 30, 90):
        actions.use_token(by=MACHINE, at=NOW + timedelta(seconds=seconds), token_id=made.token.id)
    assert Token.objects.get().last_used_at == NOW + timedelta(seconds=90)
    actions.use_token(by=MACHINE, at=NOW + timedelta(seconds=100), token_id=made.token.id)
    assert Token.objects.get().last_used_at == NOW + timedelta(seconds=90) and Line.objects.count() == lines
    with pytest.raises(NotAllowed):
        actions.use_token(by=cast.partner, at=NOW, token_id=made.token.id)


# --- requests that are repeated ---------------------------------------------------------------------------------------


def claim(token: Token, at: Any = NOW, digest: str = "a") -> actions.Claim:
    return actions.claim_reply(by=MACHINE, at=at, token_id=token.id, key="kunci-123", digest=digest)


def test_a_claim_is_new_busy_done_and_at_last_forgotten(cast: Cast) -> None:
    token = issue(cast).token
    first = claim(token)
    assert (first.state, claim(token).state, claim(token, digest="b").state) == ("new", "busy", "other")
    actions.keep_reply(by=MACHINE, at=NOW, reply_id=first.reply_id, status=201, body='{"rahasia": 1}')
    done = claim(token)
    assert (done.state, done.status, done.body) == ("done", 201, '{"rahasia": 1}')
    raw = Reply.objects.raw("SELECT id, body AS raw_body FROM exchange_reply")[0]
    assert b"rahasia" not in bytes(raw.raw_body)
    after = NOW + rules.REPLY_LASTS
    fresh = claim(token, at=after, digest="b")
    assert fresh.state == "new" and fresh.reply_id != first.reply_id
    assert actions.forget_exchanges(by=MACHINE, at=after + rules.REPLY_LASTS) == 1
    assert not Reply.objects.exists()


def test_a_claim_that_was_left_is_taken_over_with_the_same_row(cast: Cast) -> None:
    token = issue(cast).token
    first = claim(token)
    again = claim(token, at=NOW + rules.WORK_LASTS + timedelta(seconds=1))
    assert (again.state, again.reply_id) == ("new", first.reply_id)
    actions.drop_reply(by=MACHINE, at=NOW, reply_id=first.reply_id)
    assert claim(token, digest="b").state == "new"


def test_only_the_machine_keeps_replies(cast: Cast) -> None:
    token = issue(cast).token
    for by in (cast.administrator, cast.partner):
        with pytest.raises(NotAllowed):
            actions.claim_reply(by=by, at=NOW, token_id=token.id, key="kunci-123", digest="a")
        with pytest.raises(NotAllowed):
            actions.keep_reply(by=by, at=NOW, reply_id=token.id, status=200, body="")
        with pytest.raises(NotAllowed):
            actions.drop_reply(by=by, at=NOW, reply_id=token.id)
        with pytest.raises(NotAllowed):
            actions.forget_exchanges(by=by, at=NOW)
