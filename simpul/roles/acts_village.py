"""Acts of the village post: letters, disputes, ideas, works, the waste bank, duty, night watch; the third part of ``acts``."""

from __future__ import annotations

from collections.abc import Mapping


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


VILLAGE_ACTS: Mapping[str, str] = {
    # letters: types and texts
    # letters: from request to release
    "letter.request": _("asked for a letter"),
    "letter.draft": _("drafted the letter"),
    "letter.confirm": _("wrote down what the RT or RW says"),
    "requirement.mark": _("marked a requirement"),
    "requirement.photograph": _("photographed a requirement"),
    "letter.check": _("checked the letter"),
    "letter.approve": _("approved the letter"),
    "letter.return": _("sent the letter back for correction"),
    "letter.release": _("released the letter"),
    "letter.refuse": _("refused the letter"),
    "letter.withdraw": _("withdrew the request for a letter"),
    "letter.resume": _("took the request for a letter up again"),
    "letter.cancel": _("cancelled the letter"),
    "letter.hand_over": _("handed the letter over"),
    "numbers.reserve": _("set numbers of letters aside"),
    "block.return": _("gave numbers of letters back"),
    "number.void": _("made a number of letters void"),
    "mandate.give": _("gave a mandate for letters"),
    "mandate.end": _("ended a mandate for letters"),
    "office.set": _("changed how the village writes letters"),
    "letters.move": _("moved a person's letters"),
    "letters.blank": _("emptied a person's letters"),
    # letters: keys, proof, registers
    # village post: duty, counter, guests
    "post.set": _("set what the post has"),
    "kiosk.open": _("switched the tablet at the door on"),
    "kiosk.close": _("switched the tablet at the door off"),
    "pattern.make": _("made a pattern of turns"),
    "pattern.end": _("ended a pattern of turns"),
    "shifts.make": _("made the roster for some weeks"),
    "shift.plan": _("planned a shift"),
    "shift.cancel": _("cancelled a shift"),
    "shift.restore": _("put a cancelled shift back"),
    "duty.assign": _("put an officer on a shift"),
    "duty.release": _("took an officer off a shift"),
    "duty.offer": _("asked a colleague to take a duty over"),
    "duty.take": _("took a colleague's duty over"),
    "duty.decline": _("declined to take a duty over"),
    "offer.withdraw": _("withdrew the question about a duty"),
    "duty.begin": _("came on duty"),
    "duty.finish": _("went off duty"),
    "relay.write": _("wrote the hand-over of a shift"),
    "relay.accept": _("accepted the hand-over of a shift"),
    "relay.withdraw": _("took a hand-over back"),
    "ticket.give": _("gave out a queue number"),
    "ticket.call": _("called a queue number"),
    "ticket.serve": _("finished a queue number"),
    "ticket.skip": _("noted that nobody came to a queue number"),
    "visitor.enter": _("wrote somebody into the post's guest book"),
    "visitor.change": _("corrected a line of the post's guest book"),
    "visitor.leave": _("wrote down that a visitor left"),
    "visitor.rate": _("wrote down how content a visitor was"),
    "visitor.withdraw": _("took back a line of the post's guest book"),
    "visitor.restore": _("put a line of the post's guest book back"),
    "visitor.blank": _("removed a name from the post's guest book"),
    "visitors.sweep": _("removed old names from guest books"),
    # village post: night watch
    # village post: reading corner
    # village post: election box
    "keeper.enrol": _("made the key of the election box"),
    "keeper.retire": _("retired a key of the election box"),
    "stage.open": _("opened the election box for a stage"),
    "stage.extend": _("changed the days of an election stage"),
    "stage.close": _("closed a stage of the election box"),
    "report.file": _("took a report into the election box"),
    "report.receive": _("received a report of the election box"),
    "report.register": _("registered a report of the election box"),
    "statements.ask": _("asked for further statements on an election report"),
    "report.decide": _("decided on an election report"),
    "report.forward": _("forwarded an election report"),
    "reports.destroy": _("destroyed the content of old election reports"),
    # mediation
    # community: ideas
    # community: works, land, directory
    # community: waste bank
    # community: notice board
}
