"""Tables of the room, by topic."""

from simpul.posyandu.models.education import Medium, Showing, Telling, Told
from simpul.posyandu.models.exchange import Comparison, Connection, Shipment
from simpul.posyandu.models.follow_up import Finding, HomeVisit, Task
from simpul.posyandu.models.institution import NORM, Cadre, Posyandu
from simpul.posyandu.models.marriage import Dispensation, MarriageRisk, MarriageStep
from simpul.posyandu.models.paper_lines import PaperLine
from simpul.posyandu.models.papers import Decree, SkillFact
from simpul.posyandu.models.participants import Coming, Day, Examination, Participant
from simpul.posyandu.models.recaps import MonthCount, Recap
from simpul.posyandu.models.requests import FieldRequest, RequestPaper, RequestPhoto, RequestVisit
from simpul.posyandu.models.rulebook import Rejudgement, Rerun, RuleChoice
from simpul.posyandu.models.stock import StockItem, StockMove

__all__ = [
    "NORM",
    "Cadre",
    "Coming",
    "Comparison",
    "Connection",
    "Day",
    "Decree",
    "Dispensation",
    "Examination",
    "FieldRequest",
    "Finding",
    "HomeVisit",
    "MarriageRisk",
    "MarriageStep",
    "Medium",
    "MonthCount",
    "PaperLine",
    "Participant",
    "Posyandu",
    "Recap",
    "Rejudgement",
    "RequestPaper",
    "RequestPhoto",
    "RequestVisit",
    "Rerun",
    "RuleChoice",
    "Shipment",
    "Showing",
    "SkillFact",
    "StockItem",
    "StockMove",
    "Task",
    "Telling",
    "Told",
]
