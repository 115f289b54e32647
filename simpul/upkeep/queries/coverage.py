"""What an erasure does with every table that holds personal data: which act empties it, or why it is kept. A test walks all tables."""

from __future__ import annotations

from django.apps import apps
from django.db import models

EMPTIED: dict[str, str] = {
    "people": "person.blank",
    "cases": "matters.blank",
    "simpul_messages": "messages.blank",
    "programmes": "benefits.blank",
    "meetings": "attendances.blank",
    "letters": "letters.blank",
    "mediation": "disputes.blank",
    "village_post": "postrecords.blank",
    "community": "community.blank",
    "posyandu": "participants.blank",
    "outreach": "checks.blank",
    "journal": "lines.redact",
    "upkeep": "person.erase",
    "sync": "erasures.order",
}
"""Room -> the act that empties what it holds of one person, unless the table stands in ``KEPT``."""

KEPT: dict[str, str] = {
    "accounts.User": "officers, not residents: an account goes by itself (user.disable)",
    "desks.Seat": "officers, not residents",
    "desks.PersonalLink": "the focal point of a partner, not a resident",
    "cases.Stack": "who brought a stack of papers is its carrier, not the person in it",
    "cases.Exclusion": "an officer who is kept away",
    "cases.Reader": "an officer who is named to a protected matter",
    "programmes.RuleVersion": "an officer who added a rule",
    "programmes.Run": "an officer who started a screening",
    "programmes.Deactivation": "an officer who loaded a list",
    "programmes.CardRule": "an officer who added a rule",
    "programmes.Benefit": "aid from public money stays without a name; its notes go",
    "programmes.Round": "officers who opened and closed a round",
    "programmes.Movement": "officers who handed goods to each other",
    "programmes.Handover": "signed minutes are the proof of public money (UU 17/2003, UU 43/2009)",
    "people.Batch": "a file's name, and who took it in",
    "people.Layout": "headings of a sheet",
    "meetings.Meeting": "chair and minute taker, in office",
    "meetings.Count": "an officer who counted",
    "meetings.Minutes": "signed minutes are the archive of a public decision (UU 43/2009)",
    "meetings.Package": "an officer who handed a list over",
    "letters.Mandate": "an officer who may sign, in office",
    "letters.NumberBlock": "an officer who set numbers aside",
    "letters.TypeVersion": "an officer who wrote a text",
    "letters.IncomingLetter": "the agenda book of a public office (UU 43/2009; Permendagri 47/2016 A7)",
    "letters.Expedition": "the expedition book of a public office (UU 43/2009; Permendagri 47/2016 A8)",
    "village_post.Duty": "officers on duty, in office",
    "village_post.Offer": "officers who ask each other to take a duty over",
    "village_post.Relay": "officers who stand for cash and keys of a shift (UU 17/2003)",
    "village_post.Visitor": "a line of the guest book points at nobody; its name goes after its days, or at once (visitor.blank)",
    "village_post.Ticket": "an officer who called a number",
    "village_post.Keeper": "a supervisor of elections, in office",
    "village_post.Stage": "who opened a stage, in office",
    "village_post.Report": "sealed to a supervisor: nobody here can read whom it names; destroyed years after its stage (reports.destroy)",
    "village_post.Step": "officers who worked on a report",
    "mediation.Screening": "answers to the questions of safety belong to the matter, which is emptied or protected by itself",
    "mediation.Agreement": "a signed settlement is the proof of what the other side is owed (KUHPerdata art. 1338)",
    "outreach.Sample": "an officer who drew a sample",
    "outreach.Trip": "the team's own contact for safety, and an officer who planned",
    "outreach.TripMember": "officers and partners of a team",
    "outreach.Carry": "an officer who counted",
    "outreach.TripCheck": "an officer who answered",
    "outreach.CheckRule": "an officer who set a question",
    "outreach.Stop": "the village official who was there, in office",
    "outreach.Socialisation": "an officer who counted",
    "outreach.StopMatter": "an officer who tied a matter to a stop",
    "outreach.Sheet": "a list of many: its photo goes with the sheet, rows lose the household",
    "outreach.SheetRow": "an officer who entered",
    "outreach.TravelLeg": "an officer who wrote down how long a way takes",
    "sync.Device": "officers, not residents: whose phone it is",
    "sync.Invitation": "officers, not residents",
    "sync.Envelope": "sealed, and emptied as soon as its events are stored",
    "sync.Carried": "sealed to another server: nobody here can read it, and it goes when it has arrived",
    "sync.Letter": "sealed to a device, and gone after 90 days",
    "exchange.Token": "an officer who issued a key",
    "exchange.Reply": "encrypted, gone after 48 hours",
    "feedback.FrameVersion": "an officer who changed the frame",
    "feedback.Rumour": "an officer who answered",
    "feedback.Coding": "an officer who coded",
    "feedback.Change": "officers who decided",
    "feedback.Record": "nobody's name is kept; names somebody wrote are blacked out (feedback.blank)",
    "community.Bank": "an officer who opened a waste bank",
    "community.Terms": "an officer who set its rules",
    "community.Sharing": "officers who wrote a decision down",
    "community.WastePrice": "an officer who set a price",
    "community.Collector": "who buys waste, a business",
    "community.Posting": "the accounts of public money: append-only, they name a pass book and not a person",
    "community.ReversalAsk": "officers who asked and decided",
    "posyandu.Medium": "an officer who added a medium",
    "posyandu.Connection": "an officer who set a connection",
    "posyandu.Shipment": "what another system answered: it goes with the weighing",
    "posyandu.Decree": "the village's own decrees, kept as its archive (UU 43/2009)",
    "posyandu.StockMove": "an officer who moved public goods; append-only",
    "posyandu.Recap": "officers who closed or opened a month",
    "posyandu.Day": "officers who opened and closed a day",
    "posyandu.RuleChoice": "an officer who chose a version of a rule",
    "posyandu.Rerun": "an officer who had entries judged again",
    "upkeep.LegalHold": "why something must stay whole",
    "upkeep.Breach": "the register of failures names nobody",
}
"""Table -> why an erasure leaves it, or leaves it partly."""


def said_about(model: type[models.Model]) -> str:
    """Which act empties a table, or why it is kept; "" when nobody has said."""
    return KEPT.get(model._meta.label) or EMPTIED.get(model._meta.app_label, "")


def stale() -> list[str]:
    """Names in ``KEPT`` for which there is no table."""
    known = {model._meta.label for model in apps.get_models()}
    return sorted(set(KEPT) - known)
