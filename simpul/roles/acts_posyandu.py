"""Acts of the posyandu: institution, requests, days, cards, visits, findings, recaps; the fourth part of ``acts``."""

from __future__ import annotations

from collections.abc import Mapping


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


POSYANDU_ACTS: Mapping[str, str] = {
    # what seeing needs: no acts (roles.SEEING)
    "posyandu.read": _("looked at a posyandu"),
    "examination.read": _("looked at what was measured"),
    "participants.move": _("moved what a posyandu holds of a person to another row of the person"),
    "participants.blank": _("emptied what a posyandu holds of a person"),
    # 1 institution, cadres, training, kits
    "posyandu.set_up": _("set up a posyandu"),
    "posyandu.change": _("changed a posyandu"),
    "posyandu.number": _("wrote down the registration number of a posyandu"),
    "posyandu.close": _("closed a posyandu, or opened it again"),
    "pilot.mark": _("named a posyandu the pilot of its kecamatan"),
    "pilot.end": _("ended a pilot"),
    "decree.record": _("wrote down a paper of the registration"),
    "decree.withdraw": _("took a paper of the registration back"),
    "cadre.appoint": _("appointed somebody at a posyandu"),
    "cadre.change": _("changed the place of somebody at a posyandu"),
    "cadre.end": _("ended somebody's term at a posyandu"),
    "training.record": _("wrote down a training of cadres"),
    "assessment.record": _("wrote down an assessment of cadres"),
    "skillfact.withdraw": _("took a training or assessment back"),
    "stock.receive": _("took goods of a posyandu in"),
    "stock.issue": _("handed goods of a posyandu out"),
    "stock.return": _("took goods of a posyandu back"),
    "stock.count": _("counted goods of a posyandu"),
    "stock.break": _("wrote down broken goods of a posyandu"),
    "stock.mend": _("wrote down mended goods of a posyandu"),
    "stock.write_off": _("wrote goods of a posyandu off"),
    # 2 requests of the six fields
    "fieldrequest.take": _("took a request for a service in"),
    "fieldrequest.join": _("made a request for a service of a matter"),
    "fieldrequest.mark": _("marked a paper of a request"),
    "fieldrequest.check": _("verified a request as a cadre"),
    "fieldrequest.inspect": _("visited the place of a request"),
    "fieldrequest.release": _("released a request about public order"),
    "fieldrequest.verify": _("verified a request for the village"),
    "fieldrequest.hand_over": _("handed a request over to the village"),
    "fieldrequest.forward": _("forwarded a request to an agency"),
    "fieldrequest.finish": _("gave the result of a request back"),
    "fieldrequest.set_aside": _("set an anonymous request aside"),
    "case.confine": _("kept the matter to named people"),
    "case.free": _("let the desks of the matter see it"),
    # 3 cards and days
    "participant.enrol": _("put a person on the list of a posyandu"),
    "details.change": _("changed the head of a card"),
    "participant.move": _("took a card over to another posyandu"),
    "participant.advance": _("put a person on the form of the age"),
    "participant.close": _("closed a card"),
    "participant.reopen": _("opened a card again"),
    "examination.record": _("wrote down what was measured"),
    "examination.amend": _("added to what was measured"),
    "examination.choose": _("chose which of two entries counts"),
    "examination.withdraw": _("took an entry back"),
    "day.open": _("opened a posyandu day"),
    "day.remove": _("took back a posyandu day to which nobody came"),
    "day.change": _("changed a posyandu day"),
    "day.close": _("closed a posyandu day"),
    "day.reopen": _("opened a posyandu day again"),
    "participant.arrive": _("gave a number of the queue"),
    "step.finish": _("finished a step of the posyandu day"),
    "participant.leave": _("wrote down that somebody went home"),
    # 4 forms and visits at home
    "paperline.enter": _("typed a line of a paper sheet in"),
    "paperline.drop": _("threw a line of a paper sheet away that was kept with questions"),
    "homevisit.record": _("wrote a visit at home down"),
    "homevisit.withdraw": _("took a visit at home back"),
    "homevisits.report": _("wrote down that visits were told to the health worker"),
    # 5 growth
    # 6 rules
    "rulechoice.set": _("chose which version of a health rule is followed"),
    "rulechoice.end": _("ended the choice of a version of a health rule"),
    "rerun.apply": _("had entries judged again by the rules in force"),
    # 7 findings, tasks, early marriage
    "findings.sweep": _("looked through the register for houses, water, toilets and school"),
    "finding.take_up": _("made a matter of a finding"),
    "finding.close": _("ended a finding"),
    "danger.end": _("ended a danger as the health worker"),
    "finding.reopen": _("opened a finding again"),
    "tasks.propose": _("put routine visits on the list"),
    "task.add": _("put somebody on the list of whom to visit"),
    "task.assign": _("gave a task to a cadre"),
    "task.finish": _("did a task"),
    "task.drop": _("took a task off the list"),
    "task.resume": _("put a task back on the list"),
    "marriages.look": _("opened the list of children to be accompanied"),
    "marriages.sweep": _("looked through what is held for children to be accompanied"),
    "marriage.plan": _("planned the support of a child"),
    "marriagestep.add": _("added a step to the support of a child"),
    "marriagestep.finish": _("did a step of the support of a child"),
    "marriagestep.withdraw": _("took a step of the support of a child back"),
    "marriage.end": _("wrote down what became of the support of a child"),
    "marriage.withdraw": _("took a child off the list as a false alarm"),
    "marriage.resume": _("put a child back on the list"),
    "dispensation.record": _("wrote down a request to marry below 19"),
    "dispensation.decide": _("wrote down what the court decided"),
    "dispensation.withdraw": _("took a request to marry below 19 back"),
    # 8 recaps
    "recap.close": _("closed the month of a posyandu"),
    "recap.reopen": _("opened a closed month of a posyandu again"),
    "months.count": _("counted months of posyandu"),
    # 9 exchange
    "connection.set": _("set the connection to another health system"),
    "connection.try": _("tried the connection to another health system"),
    "shipments.prepare": _("prepared what goes to another health system"),
    "shipment.send": _("sent something to another health system"),
    "shipment.retry": _("had something sent to another health system again"),
    "shipment.drop": _("took something out of the queue to another health system"),
    # 10 education and messages
    "medium.add": _("added an education medium"),
    "medium.end": _("took an education medium out of use"),
    "showing.record": _("wrote down what was shown to whom"),
    "showing.withdraw": _("took back what was shown"),
    "telling.set": _("changed when families are told of a posyandu day"),
    "family.tell": _("told a family of a posyandu day"),
}
