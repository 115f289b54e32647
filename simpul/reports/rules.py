"""What each figure means, and the periods that public tables are made for.

The definitions stand here once and are shown beside every number, on every page and in every file. Sources: the measures of
SP4N-LAPOR (share followed up; *laju*, the mean days to follow-up from first disposition), PermenPANRB 62/2018; the choice to count
silence (open and overdue matters, and a share of all received) is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: its name, what it means, and how it is written (count, share, days, rating)."""

    name: str
    meaning: str
    form: str = "count"


MEASURES: Mapping[str, Measure] = {
    "received": Measure(
        _("matters received"), _("By every road in this period. Sealed matters are left out.")
    ),
    "share_followed": Measure(
        _("followed up"),
        _(
            "Share of ALL matters received in this period that got a first written answer. Those nobody touched stay counted; "
            "a merged one counts as the one it was merged into."
        ),
        "share",
    ),
    "median_days": Measure(
        _("days in the middle"),
        _("Half of the first written answers took this long or less, from the first disposition."),
        "days",
    ),
    "p90_days": Measure(
        _("days for nine in ten"),
        _("Nine of ten first written answers took this long or less, from the first disposition."),
        "days",
    ),
    "mean_days": Measure(
        _("days on average (laju)"),
        _("The official measure: mean days from the first disposition to the first written answer."),
        "days",
    ),
    "median_days_received": Measure(
        _("days in the middle, for the resident"),
        _("Half waited this long or less for the first written answer, from the day they told us."),
        "days",
    ),
    "p90_days_received": Measure(
        _("days for nine in ten, for the resident"),
        _("Nine of ten waited this long or less, from the day they told us."),
        "days",
    ),
    "open": Measure(_("still open"), _("Received in this period and not answered or ended yet.")),
    "overdue": Measure(
        _("open and overdue"),
        _("Still open although the promised time has passed. Silence is counted here."),
    ),
    "mean_rating": Measure(
        _("rating of 5"), _("Mean of the ratings that residents gave after their answer."), "rating"
    ),
    "share_satisfied": Measure(
        _("satisfied"), _("Share of the ratings that are 4 or 5. Nobody has to rate."), "share"
    ),
    "share_told": Measure(
        _("told"),
        _(
            "Share of the answered matters with a known resident in which they demonstrably got the answer: delivered, told in "
            "person, or rated by them."
        ),
        "share",
    ),
    "outside_hours": Measure(
        _("outside service hours"),
        _("Came in while the first desk was closed, and were taken in all the same."),
    ),
}
"""Figures in the order in which they are shown."""

REACH: Mapping[str, Measure] = {
    "households": Measure(_("households"), _("Of the register, in which somebody lives.")),
    "need": Measure(
        _("in need by the rule"), _("The programme's rule says yes today. It advises; a person decides.")
    ),
    "need_unknown": Measure(
        _("not known"), _("Facts are missing, so the rule says neither yes nor no. This is no “no”.")
    ),
    "reached": Measure(
        _("reached"),
        _(
            "Somebody met or heard one of them within a year: a matter, a door where they were found, a visit."
        ),
    ),
    "never": Measure(_("never reached"), _("No matter, no visit, no aid: those who did not come to ask.")),
    "need_unreached": Measure(
        _("in need and not reached"), _("The rule says yes, and nobody was there within a year.")
    ),
    "decided": Measure(_("decided"), _("A person decided: accepted, refused, or the aid is listed.")),
    "refused": Measure(_("refused"), _("Decided with no. The reasons stand below.")),
    "listed": Measure(_("listed or proposed"), _("On a list. “Listed” does not mean that anything arrives.")),
    "receives": Measure(_("receives"), _("The aid arrives.")),
    "left_out": Measure(_("in need without aid"), _("The rule says yes, and nothing arrives.")),
    "without_need": Measure(
        _("aid although the rule says no"),
        _("The aid arrives, and the rule says no today. Look before you judge."),
    ),
}
"""Figures about households and one programme, from need to result."""

TOUCHES: Mapping[str, str] = {
    "visit": _("a visit"),
    "delivery": _("aid handed over"),
    "kis_door": _("asked about a KIS card"),
    "verification": _("data verified at home"),
    "matter": _("a matter taken in"),
    "guest": _("came to the open door"),
    "meeting": _("came to a meeting"),
    "plan": _("a visit of a rehabilitation plan"),
    "accompaniment": _("accompanied"),
}
"""What counts as having met somebody."""

TOUCHED: Mapping[str, Measure] = {
    "households": Measure(_("households"), _("Households of the register that live here.")),
    "reached": Measure(
        _("households met"),
        _("At least one meeting was written down in the period. Each household counts once, however often."),
    ),
    "people": Measure(
        _("people met"),
        _(
            "Each person counts once. A household that was met without saying which of its people counts as one; a name in the guest"
            " book that nobody knows counts once for the same name from the same place."
        ),
    ),
    "first": Measure(
        _("met for the first time"), _("Their first meeting ever that was written down lies in the period.")
    ),
    "listed": Measure(_("on a list of aid"), _("On the list of a round of aid that ran in the period.")),
    "delivered": Measure(_("got it"), _("The aid of such a round was handed over.")),
    "refused": Measure(_("did not want it"), _("The aid was refused at the door.")),
    "not_met": Measure(
        _("not met at the door"), _("Somebody went there with the aid: absent, moved, died, or not found.")
    ),
    "waiting": Measure(_("still waiting for it"), _("On the list, and neither handed over nor refused.")),
    "untouched": Measure(
        _("nobody came for months"),
        _("No meeting in the months before the period's end, whatever happened earlier."),
    ),
    "never": Measure(_("never met"), _("No meeting was ever written down.")),
}
"""Whom the services met in a period: each figure opens to the rows it is made of."""

TABLE_PARTS: Mapping[str, str] = {
    "followed": _("First written answer given"),
    "overdue": _("Open and overdue"),
}
"""The parts of a group that public tables show beside all that was received."""

DIMENSIONS: Mapping[str, str] = {
    "kind": _("Kind"),
    "place": _("Village"),
    "hamlet": _("Hamlet"),
    "channel": _("Road"),
    "desk": _("Desk"),
}
"""What figures can be split by."""

QUARTERS_BACK = 8


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year. Public tables are made for whole quarters alone: they do not overlap, so that no group can be
    worked out by subtracting one period from another."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """As it stands in an address: ``2026-3``."""
        return f"{self.year}-{self.number}"

    @property
    def first_date(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end_date(self) -> date:
        """The day after its last."""
        return self.next().first_date

    def next(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)


def quarter_of(day: date) -> Quarter:
    """The quarter that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def finished_quarters(today: date, count: int = QUARTERS_BACK) -> list[Quarter]:
    """The quarters that are over, the newest first."""
    found = [quarter_of(today).before()]
    while len(found) < count:
        found.append(found[-1].before())
    return found


def read_quarter(code: str, among: Sequence[Quarter]) -> Quarter:
    """The quarter of an address; the newest for anything else."""
    return next((quarter for quarter in among if quarter.code == code), among[0])


def share(part: int | None, whole: int | None) -> float | None:
    """A part in percent of its whole; None when either is hidden or the whole is nought."""
    return None if part is None or not whole else 100 * part / whole


# --- the village post -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VillageFigure:
    """One figure of the post: what it counts, in which unit (people, things, percent, minutes, hours, days, hok, rupiah, grams)."""

    section: str
    name: str
    meaning: str
    unit: str = "things"


SECTIONS: Mapping[str, str] = {
    "post": _("The post"),
    "letters": _("Letters"),
    "disputes": _("Disputes"),
    "ideas": _("Ideas"),
    "works": _("Works"),
    "waste": _("Waste bank"),
    "watch": _("Night watch"),
    "reading": _("Reading corner"),
}
VILLAGE: Mapping[str, VillageFigure] = {
    "served": VillageFigure(
        "post", _("people who came"), _("People in the guest book, groups counted by heads."), "people"
    ),
    "served_outside": VillageFigure(
        "post",
        _("of them outside office hours"),
        _("Who came while the village office was closed, in percent of all who came."),
        "percent",
    ),
    "queue": VillageFigure(
        "post", _("wait in the queue"), _("The middle wait from the number to the call."), "minutes"
    ),
    "content": VillageFigure(
        "post",
        _("content"),
        _("Percent of those who chose a face on leaving who chose one of the two friendly ones."),
        "percent",
    ),
    "asked": VillageFigure("letters", _("letters asked for"), _("Requests that came in the period.")),
    "released": VillageFigure(
        "letters", _("of them released"), _("Requests of the period that were released since.")
    ),
    "letter_wait": VillageFigure(
        "letters", _("wait for a letter"), _("The middle time from the request to the release."), "hours"
    ),
    "letters_outside": VillageFigure(
        "letters",
        _("asked for outside office hours"),
        _("Percent of the requests that came while the office was closed."),
        "percent",
    ),
    "disputes": VillageFigure(
        "disputes",
        _("disputes taken in"),
        _("Entered in the register in the period; what went the protected way is in no figure."),
    ),
    "agreed": VillageFigure("disputes", _("of them settled"), _("At least one agreement was signed.")),
    "kept": VillageFigure(
        "disputes",
        _("of them kept"),
        _("Everything that was agreed is done, or was waived by the other side."),
    ),
    "dispute_days": VillageFigure(
        "disputes",
        _("days to the agreement"),
        _("The middle number of days from taking in to signing."),
        "days",
    ),
    "ideas": VillageFigure("ideas", _("ideas proposed"), _("Ideas whose author brought them in the period.")),
    "told": VillageFigure(
        "ideas",
        _("steps that authors heard of"),
        _("Percent of the steps of the period of which the author was to hear, and did."),
        "percent",
    ),
    "voices": VillageFigure("ideas", _("voices of support"), _("One person, one voice."), "people"),
    "finished": VillageFigure("works", _("works finished"), _("Self-help works finished in the period.")),
    "hok": VillageFigure(
        "works", _("days of work (HOK)"), _("Half days of all helpers, two make one."), "hok"
    ),
    "swadaya": VillageFigure(
        "works",
        _("given by residents and others"),
        _("Materials by the price list and cash, without state funds; hours are counted beside it."),
        "rupiah",
    ),
    "state": VillageFigure(
        "works",
        _("from the state, apart"),
        _("Materials and cash from APBN, APBD or the village fund."),
        "rupiah",
    ),
    "weighed": VillageFigure(
        "waste", _("waste weighed in"), _("Deposits and donations, not reversed."), "grams"
    ),
    "savers": VillageFigure(
        "waste", _("savers"), _("Different pass books with a deposit in the period."), "people"
    ),
    "fund_in": VillageFigure(
        "waste", _("into the development fund"), _("The fund's share of deposits and sales."), "rupiah"
    ),
    "fund_out": VillageFigure(
        "waste", _("paid for works"), _("What the fund paid for works of the village."), "rupiah"
    ),
    "nights": VillageFigure("watch", _("nights watched"), _("Nights whose book was opened.")),
    "watchers": VillageFigure(
        "watch", _("people on watch"), _("People written down as present, each night anew."), "people"
    ),
    "incidents": VillageFigure(
        "watch", _("incidents"), _("Without protected kinds: those are counted where they are handled.")
    ),
    "loans": VillageFigure("reading", _("books lent"), _("Loans begun in the period.")),
    "readers": VillageFigure(
        "reading", _("visits to the reading corner"), _("Readers counted by group."), "people"
    ),
}
"""Every figure of the post, each defined once."""
GROUPS_OF_PEOPLE = frozenset(
    {
        "served",
        "asked",
        "disputes",
        "agreed",
        "kept",
        "savers",
        "voices",
        "incidents",
        "released",
        "ideas",
        "readers",
        "watchers",
    }
)
"""Figures that count people or what single people brought: from one to four they are hidden from who keeps no book here."""
PARTS_OF: Mapping[str, tuple[str, ...]] = {"asked": ("released",), "disputes": ("agreed", "kept")}
"""Figures that are parts of another one: they are hidden with it, and when what is left over is small."""
SHARES_OF: Mapping[str, str] = {
    "served_outside": "served",
    "content": "served",
    "queue": "served",
    "letters_outside": "asked",
    "letter_wait": "asked",
    "dispute_days": "agreed",
    "told": "ideas",
}
"""Shares and waits tell of their group, and are hidden with it."""
