"""Finding a village or district by its name as people type it: with errors, without spaces, half of it, with its regency.

Each process builds, when first asked, a sorted list of the distinct names (some 66,000, a few megabytes). A search is then a
look-up, a binary search for beginnings, a scan for parts, and one pass that counts typing errors; only what is shown is
read from the table.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from heapq import nlargest

from django.utils import timezone
from rapidfuzz import process
from rapidfuzz.distance import OSA

from simpul.regions import rules
from simpul.regions.models import Region, RegionChange
from simpul.regions.queries._memory import Memory
from simpul.regions.queries.areas import path_of

MOST_WORDS = 12
MOST_LETTERS = 80
_NAMED_PLACE = 25.0
"""What a match gains by lying in a place that was typed with it ("Massamaturu Takalar")."""

_UNFINISHED = 8.0
"""What a match loses because only its beginning was compared."""

_GOOD = 91.0
"""A misspelt name as good as this makes it needless to look for unfinished ones."""

_SEPARATORS = frozenset({"kec", "kecamatan", "distrik", "kab", "kabupaten", "prov", "provinsi"})


@dataclass(frozen=True, slots=True)
class Found:
    """A village or district that may be meant. ``formerly`` is the name it was found by, when that has changed."""

    code: str
    name: str
    level: int
    kind: str
    path: str
    score: float
    formerly: str = ""


@dataclass(frozen=True, slots=True)
class _Index:
    """Names and where they are: ``codes[starts[i]:starts[i + 1]]`` bear the name ``keys[i]``.

    The other way round, ``names[i]`` is the position of the name of the i-th code of ``sorted_codes``, in which a
    district's code is filled up with zeros so that it stands before its villages.
    """

    keys: list[str]
    starts: array[int]
    codes: array[int]
    sorted_codes: array[int]
    names: array[int]
    places: dict[str, tuple[str, ...]]

    def codes_of(self, position: int) -> Iterator[str]:
        return (str(code) for code in self.codes[self.starts[position] : self.starts[position + 1]])

    def names_in(self, places: tuple[str, ...]) -> list[int]:
        """The positions of the names that occur in some places, in the order of the names."""
        found: set[int] = set()
        for place in places:
            first = bisect_left(self.sorted_codes, int(place.ljust(10, "0")))
            last = bisect_right(self.sorted_codes, int(place.ljust(10, "9")))
            found.update(self.names[first:last])
        return sorted(found)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read what was typed: a name, and the places it was said to lie in (``only_there``: nowhere else)."""

    key: str
    places: tuple[str, ...] = ()
    only_there: bool = False

    def gain(self, code: str) -> float | None:
        """What a match gains by where it lies; None when this reading excludes it."""
        if self.places and code.startswith(self.places):
            return _NAMED_PLACE
        return None if self.only_there else 0.0


_indexes: Memory[_Index] = Memory(seconds=600, size=1)


def search_villages(
    words: str,
    inside: str = "",
    limit: int = 20,
    *,
    within: str = "",
    districts: bool = True,
    on: date | None = None,
) -> list[Found]:
    """The villages (and districts) that ``words`` may mean, best first.

    ``inside`` is the place that asks: its own villages come before namesakes elsewhere, and a village with a typing
    error before a right one far away. ``within`` leaves out everything else. An area that has ended by ``on`` (today)
    is answered with what it became.
    """
    index = _indexes.get("all", _build)
    scores: dict[str, float] = {}
    for reading in _readings(words[:MOST_LETTERS], index):
        certain = any(score >= rules.PREFIX + _NAMED_PLACE for score in scores.values())
        scope = (within,) if within else reading.places if reading.only_there else ()
        for position, score in _matches(reading.key, index, scope, forgiving=not certain):
            for code in index.codes_of(position):
                gain = reading.gain(code)
                if gain is not None and code.startswith(within) and (districts or len(code) == 10):
                    total = score + gain + rules.nearness(code, inside)
                    scores[code] = max(total, scores.get(code, 0.0))
    best = nlargest(limit, scores.items(), key=lambda item: (item[1], len(item[0]), -int(item[0])))
    return _shown(best, limit, on or timezone.localdate())


def _build() -> _Index:
    """Read every name once. Former names are found too: they lead to the area under its present code."""
    by_key: dict[str, list[int]] = defaultdict(list)
    places: dict[str, list[str]] = defaultdict(list)
    for code, level, key in Region.objects.values_list("code", "level", "search_key").iterator(
        chunk_size=5000
    ):
        if level >= rules.DISTRICT:
            by_key[key].append(int(code))
        if level <= rules.DISTRICT:
            places[key].append(code)
    for code, name in RegionChange.objects.filter(kind="renamed").values_list("old_code", "old_name"):
        if len(code) >= 6:
            by_key[rules.search_key(name)].append(int(code))
    keys = sorted(by_key)
    starts, codes = array("I", [0]), array("Q")
    for key in keys:
        codes.extend(sorted(by_key[key]))
        starts.append(len(codes))
    placed = sorted((_filled(code), position) for position, key in enumerate(keys) for code in by_key[key])
    return _Index(
        keys=keys,
        starts=starts,
        codes=codes,
        sorted_codes=array("Q", [code for code, _position in placed]),
        names=array("I", [position for _code, position in placed]),
        places={key: tuple(found) for key, found in places.items()},
    )


def _filled(code: int) -> int:
    return code if code >= 10**9 else code * 10**4


def _readings(words: str, index: _Index) -> list[_Reading]:
    """The whole text as a name; and its first part as a name in the place that the rest names."""
    parts = _parts(words)
    if not parts:
        return []
    if len(parts) > 1:
        named = tuple(code for part in parts[1:] for code in _places(part, index))
        return [_Reading("".join(parts[0]), named)]
    tokens = parts[0]
    for cut in range(len(tokens) - 1, 0, -1):
        named = index.places.get("".join(tokens[cut:]), ())
        if named:
            return [_Reading("".join(tokens[:cut]), named, only_there=True), _Reading("".join(tokens))]
    return [_Reading("".join(tokens))]


def _parts(words: str) -> list[list[str]]:
    """The text cut at commas and at words such as "kec." and "kab."; leading words such as "desa" are dropped."""
    parts: list[list[str]] = []
    for piece in words.split(","):
        here: list[str] = []
        for word in rules.name_words(piece)[:MOST_WORDS]:
            if word in _SEPARATORS and here:
                parts.append(here)
                here = []
            elif word not in _SEPARATORS:
                here.append(word)
        if here:
            parts.append(here)
    return parts


def _places(tokens: list[str], index: _Index) -> Iterable[str]:
    """The codes of a province, regency or district named with the village, also with a typing error."""
    key = "".join(tokens)
    if key in index.places:
        return index.places[key]
    close = process.extract(
        key, index.places.keys(), scorer=OSA.distance, score_cutoff=rules.allowed_errors(key), limit=3
    )
    return [code for name, _errors, _position in close for code in index.places[name]]


def _matches(
    key: str, index: _Index, scope: tuple[str, ...], *, forgiving: bool
) -> Iterator[tuple[int, float]]:
    """Positions of names that may be meant, with how well they fit; a name may come more than once."""
    if len(key) < 2:
        return
    positions = index.names_in(scope) if scope else range(len(index.keys))
    keys = [index.keys[position] for position in positions] if scope else index.keys
    literal = list(_literal(key, keys))
    misspelt = list(_misspelt(key, keys)) if forgiving and len(key) >= 4 else []
    if forgiving and not literal and 5 <= len(key) <= 12 and all(score < _GOOD for _found, score in misspelt):
        misspelt += _misspelt_beginning(key, keys)
    for found, score in (*literal, *misspelt):
        yield positions[found], score


def _literal(key: str, keys: list[str]) -> Iterator[tuple[int, float]]:
    """Names that are, begin with, or (from four letters) contain what was typed."""
    position = bisect_left(keys, key)
    while position < len(keys) and keys[position].startswith(key):
        whole = keys[position] == key
        yield position, rules.EXACT if whole else rules.PREFIX + 6.0 * len(key) / len(keys[position])
        position += 1
    if len(key) >= 4:
        for found, name in enumerate(keys):
            if key in name:
                yield found, rules.PART + 8.0 * len(key) / len(name)


def _misspelt(key: str, keys: list[str]) -> Iterator[tuple[int, float]]:
    """Whole names with a few letters wrong, missing, too many or swapped."""
    errors = rules.allowed_errors(key)
    for name, distance, found in process.extract(
        key, keys, scorer=OSA.distance, score_cutoff=errors, limit=60
    ):
        yield found, rules.similarity(int(distance), max(len(key), len(name)))


def _misspelt_beginning(key: str, keys: list[str]) -> Iterator[tuple[int, float]]:
    """Longer names whose beginning has one or two letters wrong: somebody is still typing."""
    length = len(key) + 1
    heads = [name[:length] for name in keys]
    for head, distance, found in process.extract(key, heads, scorer=OSA.distance, score_cutoff=2, limit=40):
        if len(keys[found]) > length:
            yield found, rules.similarity(int(distance), len(head)) - _UNFINISHED


def _shown(best: list[tuple[str, float]], limit: int, day: date) -> list[Found]:
    """The rows to show, with their paths; an area that has ended is replaced by what it became."""
    wanted = {part for code, _score in best for part in rules.lineage(code)}
    regions = {region.code: region for region in Region.objects.filter(code__in=wanted)}
    ended = [code for code, _score in best if code in regions and not regions[code].exists_on(day)]
    became = _became(ended, day, regions) if ended else {}
    names = {code: region.short_name for code, region in regions.items()}
    shown: dict[str, Found] = {}
    for code, score in best:
        for current in became.get(code, [code]):
            region = regions.get(current)
            if region is not None and current not in shown:
                formerly = regions[code].name if current != code and regions[code].name != region.name else ""
                path = path_of(current, names)
                shown[current] = Found(current, region.name, region.level, region.kind, path, score, formerly)
    return list(shown.values())[:limit]


def _became(ended: list[str], day: date, regions: dict[str, Region]) -> dict[str, list[str]]:
    """What ended areas became; adds the new areas and those above them to ``regions``."""
    rows = RegionChange.objects.filter(on_date__lte=day)
    steps = [rules.Step(row.old_code, row.new_code, row.on_date) for row in rows]
    became = {code: rules.successors(code, steps, day) for code in ended}
    missing = {part for codes in became.values() for code in codes for part in rules.lineage(code)} - set(
        regions
    )
    regions.update({region.code: region for region in Region.objects.filter(code__in=missing)})
    return became
