"""Every write of the room, by topic."""

from simpul.exchange.actions.dispatches import (
    DispatchOnItsWay,
    gather_dispatches,
    retry_dispatch,
    send_dispatch,
    test_subscription,
)
from simpul.exchange.actions.replies import Claim, claim_reply, drop_reply, forget_exchanges, keep_reply
from simpul.exchange.actions.subscriptions import (
    AddedSubscription,
    EventsUnknown,
    SubscriptionDeskUnusable,
    TargetUnusable,
    add_subscription,
    change_subscription,
    withdraw_subscription,
)
from simpul.exchange.actions.tokens import (
    IssuedToken,
    TokenAreasUnknown,
    TokenDaysInvalid,
    TokenDeskUnusable,
    TokenGone,
    TokenLimitInvalid,
    TokenNameless,
    TokenScopesUnknown,
    issue_token,
    use_token,
    withdraw_token,
)

__all__ = [
    "AddedSubscription",
    "Claim",
    "DispatchOnItsWay",
    "EventsUnknown",
    "IssuedToken",
    "SubscriptionDeskUnusable",
    "TargetUnusable",
    "TokenAreasUnknown",
    "TokenDaysInvalid",
    "TokenDeskUnusable",
    "TokenGone",
    "TokenLimitInvalid",
    "TokenNameless",
    "TokenScopesUnknown",
    "add_subscription",
    "change_subscription",
    "claim_reply",
    "drop_reply",
    "forget_exchanges",
    "gather_dispatches",
    "issue_token",
    "keep_reply",
    "retry_dispatch",
    "send_dispatch",
    "test_subscription",
    "use_token",
    "withdraw_subscription",
    "withdraw_token",
]
