/**
 * Does a household meet a programme's rule? The closed rule language of simpul/programmes/rules, judged on the phone: yes, no, or unknown with
 * what is missing, cheapest to find out first. Advice only. The twin of simpul/programmes/rules/{tests,subjects,verdicts}.py;
 * tests/vectors/sync/verdicts.json holds the two together. What nobody said is unknown, never "no".
 *
 * @typedef {true | false | null} Truth
 * @typedef {[number, number]} Range
 * @typedef {{type: string, cost: string, derived?: boolean}} Fact
 * @typedef {{facts: Record<string, Fact>, meanings: Record<string, Record<string, string[]>>, receipts: Record<string, string>}} Book
 * @typedef {{key: string, name: string, birth: string | null, rough: boolean, here: boolean, family: string, heads_household: boolean,
 *   heads_family: boolean, values: Record<string, any>, marks: number[], receives: Record<string, boolean>}} Member
 * @typedef {{key: string, here: boolean, values: Record<string, any>, receives: Record<string, boolean>}} Family
 * @typedef {{key: string, values: Record<string, any>, house_key: string, house: Record<string, any>, house_persons: number | null,
 *   families: Family[], members: Member[], receives: Record<string, boolean>}} Household
 * @typedef {{record: Household, on: string, person: Member | null, family: Family | null}} Subject
 * @typedef {{fact: string, subject: string, name: string, value: any, state: string}} Seen state: known, unknown, coarse, no_figure
 * @typedef {{node: any, value: Truth, parts: Finding[], seen: Seen | null, least: number, complete: boolean, gap: Seen | null}} Finding
 * @typedef {{word: "yes" | "no" | "unknown", reasons: Seen[], missing: (Seen & {cost: string})[]}} Verdict
 */

const LEAST = -(2 ** 62);
const MOST = 2 ** 62;
/** @type {Range} */
const UNKNOWN = [LEAST, MOST];
const COSTS = ["ask", "look", "paper", "visit"];
const NEVER_AIDED = 999;
const CHILDBEARING = [10, 55];
const CONCERNED_AGES = [4, 25];
/** @type {Record<string, string[]>} */
const GROUPS = { person: ["family", "household"], pupil: ["family", "household"], family: ["family", "household"], household: ["household"], house: ["household"] };

// --- three-valued tests -----------------------------------------------------------------------------------------------------------------------

/** @param {Truth} value @returns {Truth} */
const invert = (value) => (value === null ? null : !value);
/** @param {Truth[]} values @returns {Truth} */
const every = (values) => (values.includes(false) ? false : values.includes(null) ? null : true);
/** @param {Truth[]} values @returns {Truth} */
const some = (values) => (values.includes(true) ? true : values.includes(null) ? null : false);

/** At least so many; never "no" when somebody is missing in the register. @param {Truth[]} values @param {number} least @param {boolean} complete @returns {Truth} */
function enough(values, least, complete) {
  const yes = values.filter((one) => one === true).length;
  if (yes >= least) return true;
  return complete && yes + values.filter((one) => one === null).length < least ? false : null;
}

/** @param {string[]} possible @param {string[]} wanted @returns {Truth} */
function oneOf(possible, wanted) {
  if (!possible.length) return null;
  const inside = possible.filter((one) => wanted.includes(one)).length;
  if (inside === possible.length) return true;
  return inside ? null : false;
}

/** @param {Range} value @param {number} least @returns {Truth} */
function atLeast(value, least) {
  if (value[0] >= least) return true;
  return value[1] < least ? false : null;
}

/** @type {Record<string, (value: Range, line: number) => Truth>} */
const NUMBER_TESTS = {
  at_least: atLeast,
  at_most: (value, most) => invert(atLeast(value, most + 1)),
  above: (value, line) => atLeast(value, line + 1),
  below: (value, line) => invert(atLeast(value, line)),
};
const OPS = ["one_of", "none_of", ...Object.keys(NUMBER_TESTS), "between", "is", "has_any", "days_at_least", "days_at_most"];

// --- values of a subject ------------------------------------------------------------------------------------------------------------------------

/** @param {Household} record */
const membersHere = (record) => record.members.filter((one) => one.here);

/** @param {Subject} subject @param {Member} person @returns {Subject} */
function ofMember(subject, person) {
  return { ...subject, person, family: subject.record.families.find((one) => one.key === person.family) ?? null };
}

/** @param {Subject} subject @param {string} group */
function membersOf({ record, family }, group) {
  if (group === "household") return membersHere(record);
  return family ? record.members.filter((one) => one.family === family.key) : [];
}

/** @param {Household} record */
function isComplete(record) {
  const said = record.values.members_said ?? null;
  const here = membersHere(record).length;
  return here > 0 && (said === null || said <= here);
}

/** @param {Subject} subject @param {string} scope */
function keyOf({ record, family, person }, scope) {
  if (scope === "house") return record.house_key;
  if (scope === "household") return record.key;
  return (scope === "family" ? family : person)?.key ?? "";
}

/** @param {Subject} subject @param {string} scope @returns {Record<string, any>} */
function valuesOf({ record, family, person }, scope) {
  if (scope === "house") return record.house;
  if (scope === "household") return record.values;
  return (scope === "family" ? family : person)?.values ?? {};
}

/** @param {any} value @returns {Range} */
const exactly = (value) => (value === null || value === undefined ? UNKNOWN : [value, value]);
/** @param {Range} range */
const isUnknown = (range) => range[0] === LEAST && range[1] === MOST;

/** @param {Subject} subject @returns {Range} */
function age({ person, on }) {
  if (!person?.birth) return UNKNOWN;
  const [year, day] = [Number(on.slice(0, 4)), on.slice(5)];
  const born = Number(person.birth.slice(0, 4));
  if (person.rough) return [Math.max(0, year - born - 1), Math.max(0, year - born)];
  const years = Math.max(0, year - born - (day < person.birth.slice(5) ? 1 : 0));
  return [years, years];
}

/** @param {Subject} subject @returns {Range} */
function householdSize({ record }) {
  const most = Math.max(membersHere(record).length, record.values.members_said ?? 0);
  return most ? [most, most] : UNKNOWN;
}

/** @param {Subject} subject @returns {Range} */
function housePersons(subject) {
  const { house_key: key, house_persons: count } = subject.record;
  if (!key) return UNKNOWN;
  if (count === null || count === undefined) return householdSize(subject);
  return count ? [count, count] : UNKNOWN;
}

/** @param {Subject} subject @returns {Range} */
function income(subject) {
  const { record } = subject;
  if (record.values.income_month !== null && record.values.income_month !== undefined) return exactly(record.values.income_month);
  const known = membersHere(record).map((one) => one.values.income_month ?? null);
  if (known.every((one) => one === null)) return UNKNOWN;
  const total = known.reduce((sum, one) => sum + (one ?? 0), 0);
  return [total, isComplete(record) && !known.includes(null) ? total : MOST];
}

/** @type {Record<string, (subject: Subject) => any>} */
const DERIVED = {
  "house.persons": housePersons,
  "house.area_per_person_dm2": (subject) => {
    const area = subject.record.house.floor_area_dm2 ?? null;
    const heads = housePersons(subject);
    return area === null || isUnknown(heads) ? UNKNOWN : exactly(Math.floor(area / heads[0]));
  },
  "house.years_since_aid": ({ record, on }) => {
    const year = record.house.aided_year ?? null;
    if (year === null) return UNKNOWN;
    return exactly(year === 0 ? NEVER_AIDED : Math.max(0, Number(on.slice(0, 4)) - year));
  },
  "household.size": householdSize,
  "household.income": income,
  "household.income_per_person": (subject) => {
    const [all, heads] = [income(subject), householdSize(subject)];
    if (isUnknown(all) || isUnknown(heads)) return UNKNOWN;
    return [Math.floor(all[0] / heads[0]), all[1] === MOST ? MOST : Math.floor(all[1] / heads[0])];
  },
  "household.gone": ({ record }) => Boolean(record.values.gone),
  "family.size": (subject) => {
    const count = membersOf(subject, "family").length;
    return count ? [count, count] : UNKNOWN;
  },
  "person.age": age,
  "person.has_nik": (subject) => valuesOf(subject, "person").has_nik ?? null,
  "person.pregnant": (subject) => {
    const { pregnant, sex } = valuesOf(subject, "person");
    if (pregnant !== null && pregnant !== undefined) return Boolean(pregnant);
    const [low, high] = age(subject);
    return sex === "male" || high < CHILDBEARING[0] || low > CHILDBEARING[1] ? false : null;
  },
  "person.severe_disability": (subject) => {
    const { severe_disability: severe, able } = valuesOf(subject, "person");
    if (severe !== null && severe !== undefined) return Boolean(severe);
    return able ? false : null;
  },
  "person.has_kip": (subject) => {
    if (valuesOf(subject, "person").kip_number) return true;
    return subject.person?.here && subject.record.values.has_kip === false ? false : null;
  },
};

/** Does the person, family or household receive it? @param {Subject} subject @param {string} programme @param {string} of @param {string} own @returns {Truth} */
function receives(subject, programme, of, own) {
  const { record, family, person } = subject;
  const cards = record.families.filter((one) => one.here);
  const from = of === "person" ? [person] : of === "family" ? [family, ...membersOf(subject, "family")] : [record, ...cards, ...membersHere(record)];
  const found = from.map((one) => one?.receives[programme] ?? null);
  if (found.includes(true)) return true;
  const speaks = of === "person" ? Boolean(person?.here) : of !== "family" || Boolean(family?.here);
  const said = speaks ? (record.values[own] ?? null) : null;
  if (said === false || (said === true && of === "household")) return Boolean(said);
  if (found.includes(false)) return false;
  return said === true && of === "family" && cards.length === 1 ? true : null;
}

// --- judging ------------------------------------------------------------------------------------------------------------------------------------

class Judging {
  /** @param {Book} book @param {string} unit @param {Record<string, number | null>} figures */
  constructor(book, unit, figures) {
    this.book = book;
    this.unit = unit;
    this.figures = figures;
  }

  /** @param {any} value @returns {number | null} */
  figure(value) {
    return typeof value === "string" && value.startsWith("$") ? (this.figures[value.slice(1)] ?? null) : value;
  }

  /** @param {any} node @param {Subject} subject @returns {Finding} */
  find(node, subject) {
    if ("field" in node) return this.test(node, subject);
    if ("programme" in node) return this.receipt(node, subject);
    for (const kind of ["any_member", "all_members", "members_at_least", "head"]) if (kind in node) return this.members(node, kind, subject);
    for (const kind of ["all", "any", "none"]) {
      if (!(kind in node)) continue;
      const parts = node[kind].map((/** @type {any} */ part) => this.find(part, subject));
      const answers = parts.map((/** @type {Finding} */ one) => one.value);
      const value = kind === "all" ? every(answers) : kind === "any" ? some(answers) : invert(some(answers));
      return finding(node, value, { parts });
    }
    const parts = node.of.map((/** @type {any} */ part) => this.find(part, subject));
    const least = this.figure(node.at_least);
    return finding(node, least === null ? null : enough(parts.map((/** @type {Finding} */ one) => one.value), least, true), { parts, least: least ?? 0 });
  }

  /** @private @param {any} node @param {string} kind @param {Subject} subject @returns {Finding} */
  members(node, kind, subject) {
    const group = node.in ?? GROUPS[this.unit]?.[0] ?? "household";
    let people = membersOf(subject, group);
    let complete = group === "household" ? isComplete(subject.record) : people.length > 0;
    if (kind === "head") {
      people = people.filter((one) => (group === "household" ? one.heads_household : one.heads_family)).slice(0, 1);
      complete = people.length > 0;
    }
    const parts = people.map((one) => this.find(kind === "members_at_least" ? node.who : node[kind], ofMember(subject, one)));
    const least = kind === "members_at_least" ? this.figure(node[kind]) : 1;
    const found = counted(node, kind, parts, least, complete);
    if (found.value === null && !complete) {
      const key = keyOf(subject, group) || subject.record.key;
      found.gap = { fact: `${kind === "head" ? "head" : "members"}.${group}`, subject: key, name: "", value: null, state: "unknown" };
    }
    return found;
  }

  /** @private @param {any} node @param {Subject} subject @returns {Finding} */
  receipt(node, subject) {
    const of = node.of ?? "family";
    const known = receives(subject, node.programme, of, this.book.receipts[node.programme] ?? "");
    const wanted = node.receives ?? true;
    const seen = {
      fact: `receives.${node.programme}`, subject: keyOf(subject, of) || subject.record.key, name: of === "person" ? (subject.person?.name ?? "") : "",
      value: known, state: known === null ? "unknown" : "known",
    };
    return finding(node, known === null ? null : known === wanted, { seen });
  }

  /** @private @param {any} node @param {Subject} subject @returns {Finding} */
  test(node, subject) {
    const fact = this.book.facts[node.field];
    const [scope, column] = node.field.split(".");
    const op = OPS.find((one) => one in node) ?? "";
    const args = Array.isArray(node[op]) ? node[op] : [node[op]];
    const values = valuesOf(subject, scope);
    const seen = (/** @type {any} */ value, /** @type {string} */ state) => ({
      fact: node.field, subject: keyOf(subject, scope) || subject.record.key, name: scope === "person" ? (subject.person?.name ?? "") : "", value, state,
    });
    if (fact.type === "code") {
      const raw = values[column];
      const possible = possibleOf(this.book, column, raw);
      const value = op === "one_of" ? oneOf(possible, args) : invert(oneOf(possible, args));
      return finding(node, value, { seen: seen(raw || null, value !== null ? "known" : possible.length ? "coarse" : "unknown") });
    }
    if (fact.type === "flag") {
      const raw = fact.derived ? DERIVED[node.field](subject) : values[column];
      const known = raw === null || raw === undefined ? null : Boolean(raw);
      return finding(node, known === null ? null : known === Boolean(args[0]), { seen: seen(known, known === null ? "unknown" : "known") });
    }
    const numbers = /** @type {number[]} */ (args.map((/** @type {any} */ one) => this.figure(one)));
    if (numbers.some((one) => one === null)) return finding(node, null, { seen: seen(null, "no_figure") });
    if (fact.type === "marks") {
      const marks = subject.person?.marks ?? [];
      const value = marks.some((one) => numbers.includes(one)) ? true : null;
      return finding(node, value, { seen: seen(marks.length ? [...marks].sort((a, b) => a - b) : null, value ? "known" : "unknown") });
    }
    const known = fact.derived ? DERIVED[node.field](subject) : fact.type === "date" ? daysSince(values[column], subject.on) : exactly(values[column]);
    const value = op === "between" ? every([atLeast(known, numbers[0]), NUMBER_TESTS.at_most(known, numbers[1])]) : NUMBER_TESTS[op.replace(/^days_/, "")](known, numbers[0]);
    const shown = isUnknown(known) ? null : known[0] === known[1] ? known[0] : known;
    return finding(node, value, { seen: seen(shown, value !== null ? "known" : isUnknown(known) ? "unknown" : "coarse") });
  }
}

/** @param {any} day ISO @param {string} on @returns {Range} */
function daysSince(day, on) {
  return day ? exactly(Math.round((Date.parse(on) - Date.parse(day)) / 86_400_000)) : UNKNOWN;
}

/** @param {any} node @param {Truth} value @param {Partial<Finding>} [rest] @returns {Finding} */
function finding(node, value, rest = {}) {
  return { node, value, parts: [], seen: null, least: 0, complete: true, gap: null, ...rest };
}

/** @param {any} node @param {string} kind @param {Finding[]} parts @param {number | null} least @param {boolean} complete */
function counted(node, kind, parts, least, complete) {
  const answers = parts.map((one) => one.value);
  if (kind === "all_members") {
    const value = every(answers);
    return finding(node, value === true && !complete ? null : value, { parts, complete });
  }
  return finding(node, least === null ? null : enough(answers, least || 1, complete), { parts, complete });
}

/** What a code may mean. @param {Book} book @param {string} column @param {any} code @returns {string[]} */
function possibleOf(book, column, code) {
  if (!code) return [];
  const meanings = book.meanings[column] ?? {};
  if (Object.hasOwn(meanings, String(code))) return meanings[String(code)];
  return Object.values(meanings).flat().includes(code) ? [code] : [];
}

// --- reasons --------------------------------------------------------------------------------------------------------------------------------------

/** The tests that made the verdict what it is. @param {Finding} found @returns {Seen[]} */
function deciding(found) {
  if (found.seen) return ["known", "coarse"].includes(found.seen.state) ? [found.seen] : [];
  const wanted = "none" in found.node ? invert(found.value) : found.value;
  return found.parts.flatMap((part) => (found.value === null || part.value === wanted ? deciding(part) : []));
}

/** The undecided tests below an undecided part. @param {Finding} found @returns {Seen[]} */
function undecided(found) {
  const own = [found.seen, found.gap].filter((one) => one !== null);
  return [...own, ...found.parts.flatMap((part) => (part.value === null ? undecided(part) : []))];
}

/**
 * Judge a rule (named criteria put in their places) for one subject.
 * @param {any} criteria @param {string} unit @param {Subject} subject @param {Book} book @param {Record<string, number | null>} [figures] @returns {Verdict}
 */
export function judge(criteria, unit, subject, book, figures = {}) {
  const found = new Judging(book, unit, figures).find(criteria, subject);
  /** @type {Map<string, Seen & {cost: string}>} */
  const missing = new Map();
  if (found.value === null) {
    for (const seen of undecided(found)) {
      const name = `${seen.subject} ${seen.fact}`;
      if (!missing.has(name)) missing.set(name, { ...seen, cost: book.facts[seen.fact]?.cost ?? "ask" });
    }
  }
  const sorted = [...missing.values()].sort((a, b) => COSTS.indexOf(a.cost) - COSTS.indexOf(b.cost));
  return { word: found.value === null ? "unknown" : found.value ? "yes" : "no", reasons: deciding(found), missing: sorted };
}

/** Every subject of a rule's unit in a household. @param {Household} record @param {string} unit @param {string} on @returns {Subject[]} */
export function subjectsOf(record, unit, on) {
  const whole = { record, on, person: null, family: null };
  if (unit === "household") return [whole];
  if (unit === "house") return record.house_key ? [whole] : [];
  if (unit === "family") return record.families.filter((one) => one.here).map((family) => ({ ...whole, family }));
  const people = membersHere(record).map((one) => ofMember(whole, one));
  if (unit !== "pupil") return people;
  return people.filter((one) => {
    const [low, high] = age(one);
    return high >= CONCERNED_AGES[0] && low <= CONCERNED_AGES[1];
  });
}

// --- from the rows on this phone --------------------------------------------------------------------------------------------------------------------

/**
 * Judge by what came down: table `rules` holds one row `book` ({facts, meanings, receipts}) and a row for each rule ({id: programme, unit, criteria, figures}).
 * @param {{row: Function, rows: Function}} session @param {string} programme @param {{household: string, person?: string, family?: string, on?: string}} who
 * @returns {Promise<Verdict | null>} null: no rule came down for it, or nobody it could be asked of
 */
export async function judgeRow(session, programme, who) {
  const [book, rule] = await Promise.all([session.row("rules", "book"), session.row("rules", programme)]);
  const record = book && rule && (await recordOf(session, who.household, book));
  if (!record) return null;
  const on = who.on ?? new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const subjects = subjectsOf(record, rule.unit, on);
  const same = (/** @type {string} */ a, /** @type {string} */ b) => a.slice(-10) === b.slice(-10);
  const wanted = who.person ?? who.family;
  const one = subjects.find(({ person, family }) => !wanted || same((who.person ? person : family)?.key ?? "", wanted));
  return one ? judge(rule.criteria, rule.unit, one, book, rule.figures ?? {}) : null;
}

/** A household's record out of the tables. @param {any} session @param {string} id @param {Book} book @returns {Promise<Household | null>} */
export async function recordOf(session, id, book) {
  const row = await session.row("households", id);
  if (!row) return null;
  const everybody = (await session.rows("persons", { household: id })).filter((/** @type {any} */ one) => !["dead", "moved"].includes(one.life));
  const benefits = await session.rows("benefits", { household: id }).catch(() => []);
  const keys = [...new Set(everybody.map((/** @type {any} */ one) => one.family).filter(Boolean))];
  const families = await Promise.all(keys.map((key) => session.row("families", key)));
  const got = async (/** @type {string} */ field, /** @type {string} */ key) => programmesOf(await session.rows("benefits", { [field]: key }).catch(() => []));
  const isHead = (/** @type {any} */ relation) => oneOf(possibleOf(book, "relation", relation), ["head"]) === true;
  const head = everybody.find((/** @type {any} */ one) => isHead(one.relation));
  const members = await Promise.all(
    everybody.map(async (/** @type {any} */ one) => ({
      key: one.id, name: one.name ?? one.called ?? "", birth: one.birth?.length === 4 ? `${one.birth}-07-01` : (one.birth ?? null), rough: Boolean(one.rough) || one.birth?.length === 4, here: true, family: one.family ?? "",
      heads_household: one === head, heads_family: families.some((card) => card && card.head === one.id), marks: (one.flags ?? []).filter(Number.isInteger),
      receives: await got("person", one.id),
      values: {
        ...typed(one.f, "person", book), sex: { L: "male", P: "female" }[/** @type {string} */ (one.sex)] ?? "", has_nik: one.nik ? true : null,
        able: oneOf(possibleOf(book, "disability", one.f?.disability), ["none"]) === true, relation: one.relation ?? "",
      },
    })),
  );
  return {
    key: row.id, values: { ...typed(row.f, "household", book), gone: Boolean(row.gone) }, house_key: row.house ?? "", house: typed(row.hf, "house", book),
    house_persons: null, members, receives: programmesOf(benefits.filter((/** @type {any} */ one) => !one.person && !one.family)),
    families: await Promise.all(families.filter(Boolean).map(async (card) => ({ key: card.id, here: !card.household || card.household.slice(-10) === id.slice(-10), values: typed(card.f, "family", book), receives: await got("family", card.id) }))),
  };
}

/** @param {any[]} benefits */
function programmesOf(benefits) {
  return Object.fromEntries(benefits.map((one) => [one.programme, !one.until]));
}

/** Values of the register's text form as the rules compare them. @param {Record<string, any> | undefined} values @param {string} scope @param {Book} book */
function typed(values, scope, book) {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => {
      const type = book.facts[`${scope}.${name}`]?.type ?? "";
      if (value === "" || value === null) return [name, null];
      if (value === "yes" || value === "no") return [name, value === "yes"];
      if ((type === "number" || type === "money" || name === "members_said") && typeof value === "string") return [name, Number(value)];
      return [name, value];
    }),
  );
}
