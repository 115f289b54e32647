"""Groups of opinion: who thinks alike about the statements of an idea, without a name and without small groups.

The rule, in full:

1. Whoever answered at least three statements (or all, where there are fewer) counts. Fewer than twice ``SMALLEST`` people: no groups.
2. The *distance* of two people is the mean difference of their answers (agree 1, pass 0, disagree -1; so 0 to 2) over the statements both
   answered; with none in common it is 1, the middle.
3. Two groups are grown, then three: the first centre is the person nearest to all others, each next one the person furthest from the
   centres there are; everybody joins the nearest centre; each group takes the member nearest to its others for its centre; until nothing
   moves, at most ten times. Ties go to the smaller key, so the same answers always give the same groups.
4. A division is believed only if people are clearly nearer to their own group than to the next: a mean silhouette of at least
   ``CLEAR``. Of two and three groups the clearer one is taken; of none, everybody is one group.
5. A group with fewer than ``SMALLEST`` people is not shown; when only one is left to show, no groups are shown at all. A share is shown
   only where at least ``SMALLEST`` people of the group answered.
6. *Common ground* are statements with which at least ``COMMON`` of those who answered agree in every shown group.

Sources: practice of opinion maps in participation (secondary); thresholds are this house's choice (unconfirmed).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

SMALLEST = 5
CLEAR = 0.25
COMMON = 0.6
MOST = 300
"""More people than this are not compared pair by pair: every n-th by key is taken, and the others join the nearest centre."""
_ROUNDS = 10
_NEEDED = 3

Answers = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Share:
    """How one group, or everybody, answered one statement. None: too few to be shown."""

    statement: str
    agree: int | None
    disagree: int | None
    passed: int | None
    answered: int


@dataclass(frozen=True, slots=True)
class Group:
    """One shown group of opinion."""

    letter: str
    people: int
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What everybody may see of the opinions about one idea."""

    people: int
    all: tuple[Share, ...]
    groups: tuple[Group, ...]
    common: tuple[str, ...]
    too_few: bool


def distance(one: Answers, two: Answers) -> float:
    """How far apart two people are: 0 for the same answers, 2 for opposite ones, 1 when they answered nothing in common."""
    both = one.keys() & two.keys()
    return sum(abs(one[key] - two[key]) for key in both) / len(both) if both else 1.0


def view(answers: Mapping[str, Answers], statements: Sequence[str]) -> View:
    """Shares of everybody and of the groups, by the rule above.

    Args:
        answers: person's key -> statement's key -> 1, 0 or -1.
        statements: keys in the order they are shown.
    """
    asked = set(statements)
    told = {key: {one: value for one, value in said.items() if one in asked} for key, said in answers.items()}
    told = {key: said for key, said in told.items() if said}
    everybody = tuple(_share(told.values(), one) for one in statements)
    needed = min(_NEEDED, len(statements))
    counted = {key: told[key] for key in sorted(told) if len(told[key]) >= needed}
    if len(counted) < 2 * SMALLEST or not statements:
        return View(len(told), everybody, (), (), too_few=True)
    shown = [group for group in _divide(counted) if len(group) >= SMALLEST]
    if len(shown) < 2:
        shown = [sorted(counted)]
    groups = tuple(
        Group(
            chr(ord("A") + place),
            len(keys),
            tuple(_share([counted[key] for key in keys], one) for one in statements),
        )
        for place, keys in enumerate(shown)
    )
    common = tuple(
        one for index, one in enumerate(statements) if all(_agrees(group.shares[index]) for group in groups)
    )
    return View(len(told), everybody, groups if len(groups) > 1 else (), common, too_few=False)


def _share(said: object, statement: str) -> Share:
    values = [one[statement] for one in said if statement in one]  # type: ignore[attr-defined]
    if len(values) < SMALLEST:
        return Share(statement, None, None, None, 0)
    return Share(statement, values.count(1), values.count(-1), values.count(0), len(values))


def _agrees(share: Share) -> bool:
    return share.agree is not None and share.answered > 0 and share.agree / share.answered >= COMMON


def _divide(counted: Mapping[str, Answers]) -> list[list[str]]:
    """The clearer of two and three groups, or everybody together."""
    keys = sorted(counted)
    step = -(-len(keys) // MOST)
    sample = keys[::step]
    apart = {one: {two: distance(counted[one], counted[two]) for two in sample} for one in sample}
    best, clearest = [keys], CLEAR
    for number in (2, 3):
        groups = _grow(sample, apart, number)
        clear = _silhouette(groups, apart)
        if len(groups) == number and clear >= clearest and (clear > clearest or len(best) == 1):
            best, clearest = _joined(keys, groups, apart, counted), clear
    return sorted(best, key=lambda group: (-len(group), group[0]))


def _grow(sample: Sequence[str], apart: Mapping[str, Mapping[str, float]], number: int) -> list[list[str]]:
    centres = [_middle(sample, apart)]
    while len(centres) < number:
        far = max((min(apart[one][centre] for centre in centres), one) for one in sample)[1]
        if far in centres:
            break
        centres.append(far)
    groups: list[list[str]] = []
    for _round in range(_ROUNDS):
        groups = [[] for _centre in centres]
        for one in sample:
            groups[_nearest([apart[one][centre] for centre in centres])].append(one)
        renewed = [_middle(group, apart) if group else centres[place] for place, group in enumerate(groups)]
        if renewed == centres:
            break
        centres = renewed
    return [group for group in groups if group]


def _middle(group: Sequence[str], apart: Mapping[str, Mapping[str, float]]) -> str:
    """Who is nearest to all others of a group; of several the smaller key."""
    return min((sum(apart[one][two] for two in group), one) for one in group)[1]


def _nearest(distances: Sequence[float]) -> int:
    """The place of the smallest distance; of several the first."""
    return min(range(len(distances)), key=distances.__getitem__)


def _silhouette(groups: Sequence[Sequence[str]], apart: Mapping[str, Mapping[str, float]]) -> float:
    """How much nearer people are to their own group than to the next, from -1 to 1."""
    if len(groups) < 2:
        return -1.0
    total, people = 0.0, 0
    for group in groups:
        for one in group:
            people += 1
            if len(group) == 1:
                continue
            own = sum(apart[one][two] for two in group) / (len(group) - 1)
            other = min(
                sum(apart[one][two] for two in rest) / len(rest) for rest in groups if rest is not group
            )
            total += (other - own) / max(own, other) if max(own, other) else 0.0
    return total / people


def _joined(
    keys: Sequence[str],
    groups: Sequence[Sequence[str]],
    apart: Mapping[str, Mapping[str, float]],
    counted: Mapping[str, Answers],
) -> list[list[str]]:
    """Everybody in the group of the nearest centre, also those who were not in the sample."""
    centres = [_middle(group, apart) for group in groups]
    of: dict[Hashable, int] = {one: place for place, group in enumerate(groups) for one in group}
    found: list[list[str]] = [[] for _group in groups]
    for one in keys:
        place = of.get(one)
        if place is None:
            place = _nearest([distance(counted[one], counted[centre]) for centre in centres])
        found[place].append(one)
    return found
