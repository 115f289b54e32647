"""The village post: what each part of it grants, one row a part. ``table`` adds these to the grants of ``parts``."""

from __future__ import annotations

from simpul.roles.scopes import Scope

Row = tuple[tuple[str, ...], Scope, tuple[str, ...]]

# letters: types and texts
# letters: from request to release
_LETTERS = (
    "letter.request",
    "letter.draft",
    "letter.confirm",
    "requirement.mark",
    "requirement.photograph",
    "letter.check",
    "letter.approve",
    "letter.return",
    "letter.release",
    "letter.refuse",
    "letter.withdraw",
    "letter.resume",
    "letter.hand_over",
    "case.settle",
)
"""Who of them decides, and in whose name, ``letters.rules.mandates`` says: a mandate or the head's own office."""
_LETTER_OFFICE = (
    "letter.cancel",
    "numbers.reserve",
    "block.return",
    "number.void",
    "mandate.give",
    "mandate.end",
    "office.set",
)
# letters: keys, proof, registers
_LETTER_TAKING_BACK = (
    "letter.revoke",
    "letter.reinstate",
    "letter.supersede",
    "letter.separate",
    "letter.certify",
    "incoming.void",
)
_LETTER_BOOKS = (
    "incoming.record",
    "incoming.correct",
    "incoming.dispose",
    "expedition.record",
    "expedition.receive",
    "expedition.withdraw",
)
# village post: duty, counter, guests
_AT_THE_POST = (
    "duty.offer",
    "duty.take",
    "duty.decline",
    "offer.withdraw",
    "duty.begin",
    "duty.finish",
    "relay.write",
    "relay.accept",
    "relay.withdraw",
    "ticket.give",
    "ticket.call",
    "ticket.serve",
    "ticket.skip",
    "visitor.enter",
    "visitor.change",
    "visitor.leave",
    "visitor.rate",
    "visitor.withdraw",
    "visitor.restore",
)
_PLANNING_DUTY = (
    "post.set",
    "kiosk.open",
    "kiosk.close",
    "pattern.make",
    "pattern.end",
    "shifts.make",
    "shift.plan",
    "shift.cancel",
    "shift.restore",
    "duty.assign",
    "duty.release",
    "visitor.blank",
)
# village post: night watch
_WATCHING = (
    "watchpost.open",
    "watchpost.change",
    "watchpost.close",
    "watchpoint.add",
    "watchpoint.remove",
    "watcher.add",
    "watcher.change",
    "watcher.end",
    "exemption.grant",
    "exemption.end",
    "watchroster.make",
    "watchroster.publish",
    "watchroster.withdraw",
    "watchduty.replace",
    "watchswap.ask",
    "watchswap.agree",
    "watchswap.refuse",
    "watchnight.open",
    "watchnight.close",
    "watchnight.reopen",
    "presence.record",
    "presence.end",
    "patrol.record",
    "gear.add",
    "gear.remove",
    "gear.hand",
    "nightnote.write",
    "nightentry.strike",
    "stay.report",
    "stay.end",
    "watchincident.report",
    "watchincident.protect",
    "watchincident.tell",
    "watchincident.change",
    "watchincident.close",
    "watchincident.reopen",
    "watchincident.raise",
)
# village post: reading corner
_READING = (
    "corner.open",
    "corner.change",
    "corner.close",
    "title.add",
    "title.change",
    "copies.add",
    "copy.withdraw",
    "copy.lose",
    "copy.find",
    "reader.add",
    "reader.change",
    "reader.end",
    "copy.lend",
    "copy.return",
    "loan.renew",
    "loan.strike",
    "loan.reopen",
    "donation.record",
    "readers.count",
    "readingactivity.record",
    "readingactivity.change",
    "cornerentry.strike",
    "stocktake.begin",
    "stocktake.scan",
    "stocktake.close",
)
# village post: election box
_BOX = (
    "keeper.enrol",
    "keeper.retire",
    "stage.open",
    "stage.extend",
    "stage.close",
    "report.file",
    "report.receive",
    "report.register",
    "statements.ask",
    "report.decide",
    "report.forward",
)
# mediation
# community: ideas
_VOICING = ("voice.give", "comment.write", "statement.offer", "opinion.give")
_TAKING_IDEAS = (
    *_VOICING,
    "assistance.begin",
    "assistance.end",
    "idea.open",
    "idea.adopt",
    "voter.verify",
    "voice.withdraw",
    "step.tell",
)
_MODERATING_IDEAS = (
    "idea.change",
    "idea.publish",
    "idea.hide",
    "idea.merge",
    "idea.part",
    "comment.judge",
    "statement.judge",
)
_PLANNING_IDEAS = (
    "idea.advance",
    "idea.defer",
    "idea.reject",
    "idea.reopen",
    "idea.carry",
    "ideas.carry",
    "idea.withdraw",
    "ranking.record",
    "ranking.withdraw",
    "calendar.set",
    "planrow.add",
    "planrow.change",
    "planrow.decide",
    "planlist.set",
    "planlist.send",
    "case.settle",
)
"""Bringing ideas into the village plan, and saying why not."""
# community: works, land, directory
_WORKS = (
    "work.plan",
    "work.change",
    "work.start",
    "work.finish",
    "work.reopen",
    "work.hand_over",
    "labour.record",
    "labour.withdraw",
    "material.record",
    "material.withdraw",
    "money.record",
    "money.withdraw",
    "tool.lend",
    "tool.return",
    "picture.add",
    "picture.remove",
)
_LAND = (
    "land.offer",
    "land.change",
    "land.agree",
    "land.withdraw",
    "use.begin",
    "use.end",
    "input.record",
    "input.withdraw",
    "harvest.record",
    "harvest.withdraw",
)
_OVER_WORKS = ("work.call_off", "work.publish", "work.hide", "rate.set", "land.remove")
"""Who leads the village decides what is shown, what things are worth, and what is called off."""
# community: waste bank
# community: notice board
_DIRECTORY = (
    "listing.add",
    "listing.change",
    "listing.end",
    "listing.restore",
    "agreement.give",
    "agreement.withdraw",
)
_BOARD = ("bulletin.add", "bulletin.change", "bulletin.end", "bulletin.restore", "digest.share")

BY_PART: tuple[Row, ...] = (
    (("public",), Scope.ALL, ("idea.open", *_VOICING, "voice.withdraw", "code.send", "code.confirm")),
    (("post_officer", "secretary", "head", "cadre"), Scope.AREA, (*_TAKING_IDEAS, *_DIRECTORY)),
    (("post_officer", "secretary", "head"), Scope.AREA, (*_MODERATING_IDEAS, *_BOARD)),
    (("secretary", "head"), Scope.AREA, _PLANNING_IDEAS),
    (("supervisor",), Scope.AREA, ("planrow.decide",)),
    (("system",), Scope.ALL, ("codes.sweep",)),
    (("post_officer", "secretary", "head", "cadre"), Scope.AREA, _WORKS),
    (("post_officer", "secretary", "head"), Scope.AREA, _LAND),
    (("secretary", "head"), Scope.AREA, _OVER_WORKS),
    (("post_officer", "secretary", "head"), Scope.AREA, (*_AT_THE_POST, "report.file")),
    (("secretary", "head"), Scope.AREA, _PLANNING_DUTY),
    (("public",), Scope.ALL, ("visitor.enter", "visitor.leave", "visitor.rate", "report.file")),
    (("election_supervisor",), Scope.AREA, _BOX),
    (("administrator",), Scope.AREA, ("stage.open", "stage.extend", "stage.close")),
    (("system",), Scope.ALL, ("visitors.sweep", "reports.destroy")),
    (("public",), Scope.ALL, ("letter.request",)),
    (("post_officer", "secretary", "head"), Scope.AREA, _LETTERS),
    (("secretary", "head"), Scope.AREA, _LETTER_OFFICE),
    (("post_officer", "secretary", "head"), Scope.AREA, _LETTER_BOOKS),
    (("secretary", "head"), Scope.AREA, _LETTER_TAKING_BACK),
    (("head", "administrator"), Scope.AREA, ("letter_key.make", "letter_key.rotate")),
    (("system",), Scope.ALL, ("letter_key.make", "expiry.remind", "photos.drop")),
    (("post_officer", "secretary", "head"), Scope.AREA, _WATCHING),
    (("post_officer", "secretary", "head", "cadre"), Scope.AREA, _READING),
)
"""Roles, how widely, which acts: one row for each part of the post."""
