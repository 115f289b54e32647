"""Finding the same persons in a whole list: Splink on DuckDB inside this process, or on Spark by one setting.

The rows are cleaned by ``people.rules``, Splink brings them together by our keys and weighs our levels with our weights; then
common names are corrected for, the guards speak, and links become clusters without chains.
"""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from simpul.lib.errors import Refused
from simpul.people.rules import match_levels, match_record, match_sql

if TYPE_CHECKING:
    from polars import DataFrame

FIELDS = ("nik", "kk", "name", "sex", "birth_date", "birth_place", "address", "region")
THRESHOLD = match_levels.SURE
"""From this score on, two rows are called one person."""
KEYS = (
    "nik", "tail", "head", "kk_name", "kk_born", "name_year", "sound_born", "initials_born", "name_region",
    "born_region", "born_place", "word_region", "sound_born_2", "word_region_2",
)  # fmt: skip
_MEETING = (
    *((rule, rule) for rule in KEYS),
    *(pair for rule in ("sound_born", "word_region") for pair in ((rule, f"{rule}_2"), (f"{rule}_2", rule))),
)
"""Which keys meet: the first word's also the last word's, since names are turned round and words left out."""
_BLOCK = 150
"""Keys that more rows share than this say nothing; they are left out."""
_CHUNK = 50_000
_SEEN_NAMES = 5_000
_TEXTS = ("full", "flat", "compact", "nik", "plain", "kk", "sex", "born", "place", "address", "region")


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue."""
    return sentence


class BackendMissing(Refused):
    """The setting asks for a back end that is not installed."""

    code = "match.backend_missing"
    sentence = _(
        "SIMPUL_MATCH_BACKEND asks for Spark, but pyspark is not installed. Install it, or use “duckdb”."
    )


@dataclass(slots=True)
class Links:
    """What was found: pairs that are one person, pairs to look at, and each row's cluster."""

    cluster: list[int]
    score: list[float]
    pairs: list[tuple[int, int, float]] = field(default_factory=list)
    compared: int = 0


class Rows:
    """Typed rows, cleaned into the columns that are compared. A row with two names is two views of one row."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.count = 0
        self.bad_dates = 0
        self._typed: list[tuple[str, ...]] = []
        self._part: dict[str, list[Any]] = _columns()
        self._parts: list[DataFrame] = []

    def add(self, typed: Sequence[str]) -> None:
        """One row: the texts of ``FIELDS``, in that order."""
        born = match_record.date_of(typed[4], self.today) if typed[4] else None
        self.bad_dates += bool(typed[4].strip()) and born is None
        self._typed.append(tuple(typed))
        self._put(self._record(typed, born))
        self.count += 1
        if self.count % _CHUNK == 0:
            self._flush()

    def record(self, row: int) -> match_record.Record:
        """A row, cleaned."""
        typed = self._typed[row]
        return self._record(typed, match_record.date_of(typed[4], self.today) if typed[4] else None)

    def _record(self, typed: Sequence[str], born: date | None) -> match_record.Record:
        nik, kk, name, sex, _born, place, address, region = typed
        return match_record.record(
            name=name,
            nik=nik,
            kk=kk,
            sex=sex,
            birth_date=born,
            birth_place=place,
            address=address,
            region=region,
            today=self.today,
        )

    def _put(self, row: match_record.Record) -> None:
        part = self._part
        plain = match_record.without_forty(row.nik)
        common = (row.nik, plain, row.kk, row.sex, row.born, row.birth_place, row.address, row.region)
        weak = row.weak_day
        for name in row.names or (None,):
            part["row"].append(self.count)
            for column, value in zip(_TEXTS[3:], common, strict=True):
                part[column].append(value or None)
            part["weak"].append(weak)
            part["fits"].append(row.fits)
            part["inside"].append(row.inside)
            part["full"].append(name.full if name else None)
            part["joined"].append(name.joined if name else None)
            part["flat"].append(name.flat if name else None)
            part["compact"].append(name.compact if name else None)
            part["core"].append(list(name.core) if name else None)
            part["words"].append(list(name.words) if name else None)
            found = dict.fromkeys(KEYS)
            for rule, parts in match_record.key_parts(row, name):
                rule = rule if found[rule] is None else f"{rule}_2"  # noqa: PLW2901 - the last word's beside the first's
                if found[rule] is None:
                    found[rule] = hash((rule.removesuffix("_2"), parts)) & 0x7FFF_FFFF_FFFF_FFFF
            for rule, number in found.items():
                part[f"k_{rule}"].append(number)

    def _flush(self) -> None:
        if self._part["row"]:
            pl = _polars()
            self._parts.append(pl.DataFrame(self._part, schema=_schema(pl)))
            self._part = _columns()

    def frame(self, weights: match_levels.Weights) -> DataFrame:
        """All views with their number, each name's share, and without keys that are too common or alone."""
        self._flush()
        pl = _polars()
        frame = pl.concat(self._parts) if self._parts else pl.DataFrame(schema=_schema(pl))
        self._parts = [frame]
        shares = frame.group_by("joined").agg(pl.len().alias("n"), pl.col("core").first()).drop_nulls()
        total = frame.height + _SEEN_NAMES
        model = [
            match_levels.share_of(weights, core) for core in shares["core"].to_list()
        ]  # how common the name is by its words, before this list was read
        shares = shares.with_columns(
            ((pl.col("n") + pl.Series(model, dtype=pl.Float64) * _SEEN_NAMES) / total)
            .clip(weights.rarest, weights.commonest)
            .alias("share")
        ).select("joined", "share")
        whole: DataFrame = (
            frame.with_row_index("unique_id")
            .with_columns(
                pl.when(pl.len().over(key) <= _BLOCK).then(pl.col(key)).alias(key) for key in _KEYED
            )
            .join(shares, on="joined", how="left", maintain_order="left")
        )
        return whole


def _polars() -> Any:
    """polars, loaded when a list is matched: a page or the worker never waits for it and never holds it."""
    return importlib.import_module("polars")


_FLAGS = ("weak", "fits", "inside")
_WORDS = ("core", "words")
_KEYED = tuple(f"k_{rule}" for rule in KEYS)


def _schema(pl: Any) -> dict[str, Any]:
    return {
        "row": pl.Int64,
        **dict.fromkeys((*_TEXTS, "joined"), pl.String),
        **dict.fromkeys(_FLAGS, pl.Boolean),
        **dict.fromkeys(_WORDS, pl.List(pl.String)),
        **dict.fromkeys(_KEYED, pl.Int64),
    }


def _columns() -> dict[str, list[Any]]:
    return {column: [] for column in ("row", *_TEXTS, "joined", *_FLAGS, *_WORDS, *_KEYED)}


def link(
    rows: Rows, weights: match_levels.Weights, *, backend: str = "duckdb", look_from: float = THRESHOLD
) -> Links:
    """Bring rows together and cluster them. ``look_from``: pairs from this score on are told, linked or not.

    Raises:
        BackendMissing: Spark is asked for and not installed.
    """
    frame = rows.frame(weights)
    if rows.count < 2:
        return Links(list(range(rows.count)), [0.0] * rows.count)
    pairs, compared = _pairs(frame, rows.count, weights, backend, look_from)
    links = _clusters(rows, pairs, weights)
    links.compared = compared
    return links


def settings_of(weights: match_levels.Weights | None, rows: int, **more: Any) -> dict[str, Any]:
    """Splink's settings: our keys, our levels, our weights."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": 2 ** match_levels.prior(rows),
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.k_{one} = r.k_{other}"} for one, other in _MEETING
        ],
        "comparisons": match_sql.comparisons(weights),
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "additional_columns_to_retain": ["row", "share", "inside"],
        **more,
    }


def _pairs(
    frame: DataFrame, count: int, weights: match_levels.Weights, backend: str, look_from: float
) -> tuple[list[tuple[int, int, float]], int]:
    """Pairs of rows with their score, from ``look_from`` on and every pair between the two bounds."""
    linker, run = linker_of(frame, settings_of(weights, count), backend)
    predicted = linker.inference.predict(threshold_match_weight=-8.0, warning_mode="never")
    shared = "greatest(coalesce(share_l, 1e-4), coalesce(share_r, 1e-4))"
    total = f"match_weight + {match_sql.term(weights, shared)}"
    score = f"1 / (1 + pow(2, -greatest(least({total}, 60.0), -60.0)))"
    guarded = f"case when {match_sql.guarded()} then least({score}, {match_levels.DOUBT}) else {score} end"
    best = f"max({guarded})"
    sql = f"""
        select least(row_l, row_r), greatest(row_l, row_r), {best} from {predicted.physical_name}
        where row_l <> row_r group by 1, 2 having {best} >= {look_from}"""  # noqa: S608 - our own names and numbers
    found = run(sql)
    return found, len(found)


def linker_of(frame: DataFrame, settings: dict[str, Any], backend: str) -> tuple[Any, Any]:
    """Splink's linker on the chosen back end, and a function that runs SQL there."""
    splink = importlib.import_module("splink")
    logging.getLogger("splink").setLevel(logging.ERROR)
    if backend == "spark":
        api, run = _spark()
        table = api.register(api.spark.createDataFrame(frame.to_pandas()))
    else:
        connection = importlib.import_module("duckdb").connect(config={"threads": os.cpu_count() or 2})
        for macro in match_sql.MACROS:
            connection.execute(macro)
        api = splink.DuckDBAPI(connection=connection)
        table = api.register(frame.to_arrow())

        def run(sql: str) -> list[tuple[int, int, float]]:
            return cast("list[tuple[int, int, float]]", connection.execute(sql).fetchall())

    return splink.Linker(table, settings, log_level=None, validate_settings=False), run


def _spark() -> tuple[Any, Any]:
    """Spark with our functions under the names that the conditions use; imported only when it is asked for."""
    try:
        sql = importlib.import_module("pyspark.sql")
        types = importlib.import_module("pyspark.sql.types")
        back = importlib.import_module("splink.backends.spark")
    except ImportError as fault:
        raise BackendMissing from fault
    session = sql.SparkSession.builder.appName("simpul").getOrCreate()
    for name, function, kind in (
        ("simpul_slips", match_levels.slips, types.IntegerType()),
        ("simpul_alike", match_levels.alike, types.FloatType()),
        ("simpul_like", match_levels.like, types.FloatType()),
        ("simpul_share", match_levels.share_word, types.BooleanType()),
        ("simpul_inside", match_levels.inside, types.BooleanType()),
    ):
        session.udf.register(name, _or_none(function), kind)
    return back.SparkAPI(spark_session=session), lambda text: [
        tuple(row) for row in session.sql(text).collect()
    ]


def _or_none(function: Any) -> Any:
    """As SQL does it: nothing in, nothing out."""

    def call(one: Any, other: Any) -> Any:
        return None if one is None or other is None else function(one, other)

    return call


# --- clusters -------------------------------------------------------------------------------------------------------


def _clusters(rows: Rows, pairs: list[tuple[int, int, float]], weights: match_levels.Weights) -> Links:
    """Surest links first; two groups join only when none of their rows contradict each other."""
    group: dict[int, list[int]] = {}
    links = Links(list(range(rows.count)), [0.0] * rows.count, sorted(pairs, key=_surest))
    apart = [0.0] * rows.count
    for one, other, score in links.pairs:
        first, second = group.get(one, [one]), group.get(other, [other])
        joins = score >= THRESHOLD and (
            first is second
            or len(first) + len(second) == 2
            or _agree(rows, first, second, (one, other), weights)
        )
        told = links.score if joins else apart
        for row in (one, other):
            told[row] = max(told[row], score if joins else min(score, match_levels.DOUBT))
        if joins and first is not second:
            joined = first + second
            group |= dict.fromkeys(joined, joined)
    for members in _distinct(group.values()):
        for member in members:
            links.cluster[member] = min(members)
    links.score = [sure or near for sure, near in zip(links.score, apart, strict=True)]
    return links


def _surest(pair: tuple[int, int, float]) -> tuple[float, int, int]:
    return -pair[2], pair[0], pair[1]


def _distinct(groups: Iterable[list[int]]) -> Iterator[list[int]]:
    seen: set[int] = set()
    for members in groups:
        if id(members) not in seen:
            seen.add(id(members))
            yield members


def _agree(
    rows: Rows,
    first: list[int],
    second: list[int],
    link: tuple[int, int],
    weights: match_levels.Weights,
) -> bool:
    """False when a row here and a row there are clearly two persons: a chain of like rows is no proof."""
    likenesses = [
        match_levels.compare(rows.record(one), rows.record(other), weights, rows=rows.count)
        for one in first[:8]
        for other in second[:8]
        if link not in ((one, other), (other, one))
    ]
    return not any(match_levels.contradicts(likeness) for likeness in likenesses)
