/**
 * What this phone wrote and the server has not brought back yet, laid over the snapshots: snapshot rows + own events -> rows. Pure.
 * The twin of simpul/sync/rules/reduce.py; tests/vectors/sync/reduce.json holds the two together.
 *
 * The server alone decides; this only shows people their own work. Two edits of different fields merge. Of one field, an author who had seen what
 * stands replaces it; one who had not makes a doubt: both values stand in `doubt`, and what was shown stays shown (rule 6 of
 * simpul/people/rules/history.py). Every row an own event touches has `_`: how many of them are unsent, and how many were put aside.
 *
 * @typedef {Record<string, any>} Row
 * @typedef {{kind: string, at: number, subject: string, data: Record<string, any> | null, seen: Record<string, string>, state: string}} Told
 * @typedef {{get: (table: string, id: string) => Row | undefined, where: (table: string, field: string, value: string) => Row[]}} Base snapshots
 */

import { seenHash, seenOf } from "./seen.js";
import { alike, textOf } from "./values.js";

export { alike };

const SHORT = 10;
const TITLE = 80;

/** Kind of subject -> table. */
export const TABLES = {
  household: "households", person: "persons", case: "cases", family: "families", contact: "contacts", trip: "trips", meeting: "meetings",
  round: "rounds", card: "kis", entry: "entries",
};

/** Register fields that stand beside the others in a row, by what they are about. */
const BESIDE = {
  person: { full_name: "name", called: "called", sex: "sex", birth_date: "birth", region_code: "region", hamlet_id: "hamlet", needs: "needs", nik: "nik" },
  household: { name: "name" },
  house: { address: "address", landmark: "landmark" },
  family: { kk: "kk" },
};
const SECRET = new Set(["nik", "kk"]);

/**
 * The rows that own events change, by table and key. `zone`: minutes east of Greenwich, for days.
 * @param {Base} base @param {Told[]} events in the order of writing @param {number} [zone] @returns {Map<string, Map<string, Row>>}
 */
export function reduce(base, events, zone = 420) {
  const world = new World(base);
  for (const event of events) {
    if (event.data === null || event.state === "erased") continue;
    const [act] = event.kind.split("/");
    ACTS[act]?.(world, event.data, event, zone);
    mark(world, event);
  }
  return world.changed;
}

class World {
  /** @param {Base} base */
  constructor(base) {
    this.base = base;
    /** @type {Map<string, Map<string, Row>>} */
    this.changed = new Map();
  }

  /** The key under which a thing stands. @param {string} table @param {string} id */
  key(table, id) {
    const here = this.changed.get(table);
    if (here?.has(id) || this.base.get(table, id)) return id;
    const short = id.slice(-SHORT);
    return here?.has(short) || this.base.get(table, short) ? short : id;
  }

  /** A row that may be changed; undefined when there is none. @param {string} table @param {string | undefined} id @returns {Row | undefined} */
  row(table, id) {
    if (!id) return undefined;
    const key = this.key(table, id);
    const here = this.changed.get(table)?.get(key);
    if (here) return here;
    const before = this.base.get(table, key);
    return before && this.put(table, key, structuredClone(before));
  }

  /** True when a thing came down already, by its whole key or the ten signs. @param {string} table @param {string | undefined} id */
  has(table, id) {
    return Boolean(id && (this.base.get(table, id) ?? this.base.get(table, id.slice(-SHORT))));
  }

  /** @param {string} table @param {string} key @param {Row} row */
  put(table, key, row) {
    if (!this.changed.has(table)) this.changed.set(table, new Map());
    this.changed.get(table)?.set(key, row);
    return row;
  }

  /** Rows whose field names this thing. @param {string} table @param {string} field @param {string | undefined} id @returns {Row[]} */
  where(table, field, id) {
    if (!id) return [];
    const keys = new Set(this.base.where(table, field, id).map((one) => one.id));
    for (const [key, row] of this.changed.get(table) ?? []) if (alike(row[field] ?? "", id)) keys.add(key);
    const rows = [...keys].sort().map((key) => this.row(table, key));
    return rows.filter((one) => one && alike(one[field] ?? "", id)).map((one) => /** @type {Row} */ (one));
  }
}

/** @param {World} world @param {Told} event */
function mark(world, { subject, data, state }) {
  const named = new Set();
  const [kind, key] = subject.split(":");
  for (const [one, table] of Object.entries(TABLES)) {
    for (const id of [data?.[`${one}_id`], one === kind ? key : ""]) {
      if (typeof id === "string" && id && world.row(table, id)) named.add(`${table} ${world.key(table, id)}`);
    }
  }
  for (const name of [...named].sort()) {
    const [table, id] = name.split(" ");
    const row = /** @type {Row} */ (world.row(table, id));
    const before = row._ ?? { unsent: 0, put_aside: 0 };
    row._ = state === "quarantined" ? { ...before, put_aside: before.put_aside + 1 } : { ...before, unsent: before.unsent + 1 };
  }
}

/** Write what was said about a thing into its row. @param {Row | undefined} row @param {string} about @param {Record<string, any>} data @param {Record<string, string>} seen */
function said(row, about, data, seen) {
  if (!row) return;
  for (const name of Object.keys(data).sort()) {
    if (name.startsWith("f.")) tell(row, about, name.slice(2), textOf(data[name]), seen[name.slice(2)] ?? seen[name]);
  }
}

/** One field: replaced by who had seen it, doubted otherwise. @param {Row} row @param {string} about @param {string} field @param {string} value @param {string | undefined} seen */
function tell(row, about, field, value, seen) {
  const beside = /** @type {any} */ (BESIDE)[about]?.[field];
  const bag = about === "house" ? "hf" : "f";
  const shown = SECRET.has(field) ? value.slice(-4) : value;
  const now = textOf(beside ? row[beside] : row[bag]?.[field]);
  const stands = row.doubt?.[field] ?? (now ? [now] : []);
  const next = /** @type {string[]} */ (stands.map(textOf));
  if (next.length && next.every((one) => one === shown)) return;
  const known = seen === undefined || SECRET.has(field) || (next.length < 2 && seenOf(next) === seen);
  const kept = known ? [] : next.filter((one) => seenHash(one) !== seen && one !== shown);
  if (kept.length) {
    row.doubt = { ...row.doubt, [field]: [...kept, shown] };
    if (kept.includes(now)) return;
  } else if (row.doubt?.[field]) {
    const { [field]: _gone, ...rest } = row.doubt;
    row.doubt = rest;
  }
  if (beside) row[beside] = shown;
  else row[bag] = { ...row[bag], [field]: shown };
}

/** The day of a moment. @param {number} ms @param {number} zone */
function dayOf(ms, zone) {
  return new Date(ms + zone * 60_000).toISOString().slice(0, 10);
}

/** Only what was given. @param {Row} row */
function given(row) {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined && value !== "" && value !== null));
}

/** @param {World} world @param {string | undefined} id @param {number} by */
function count(world, id, by) {
  const row = world.row("households", id);
  if (row && Number.isInteger(row.count)) row.count = Math.max(0, row.count + by);
}

/** @type {Record<string, (world: World, d: Record<string, any>, event: Told, zone: number) => void>} */
const ACTS = {
  "visit.record"(world, d, event, zone) {
    const row = world.row("households", d.household_id);
    if (row) Object.assign(row, { last_kind: "visit", last_date: dayOf(d.visited_ms ?? event.at, zone) });
    for (const one of world.where("work", "household", d.household_id)) if (one.kind === "visit") one.done = true;
  },
  "household.open"(world, d, event) {
    if (world.has("households", d.household_id)) return;
    const { household_id: id, name, region, hamlet, address, landmark, house_id: house, lat, lon } = d;
    const row = world.put("households", id, given({ id, name, region, hamlet, address, landmark, lat, lon, house }));
    Object.assign(row, { count: 0, f: {}, hf: {} });
    said(row, "household", d, event.seen);
    const head = world.row("persons", d.head_id);
    if (head) {
      count(world, head.household, -1);
      head.household = id;
      row.count = 1;
      if (!row.name && head.name) row.name = head.name;
    }
  },
  "household.change"(world, d, event) {
    said(world.row("households", d.household_id), "household", d, event.seen);
  },
  "house.change"(world, d, event) {
    const house = d.house_id || world.row("households", d.household_id)?.house;
    const rows = house ? world.where("households", "house", house) : [];
    const own = world.row("households", d.household_id);
    for (const row of own && !rows.includes(own) ? [own, ...rows] : rows) said(row, "house", d, event.seen);
  },
  "person.register"(world, d) {
    if (world.has("persons", d.person_id)) return;
    const { person_id: id, name, called, sex, birth, rough, relation, region, hamlet, needs, household_id: household } = d;
    const nik = textOf(d.nik).slice(-4);
    const row = world.put("persons", id, given({ id, household, name, called, sex, birth, rough, relation, region, hamlet, needs, nik }));
    row.f = {};
    count(world, household, 1);
    if (d.phone) {
      const contact = { id: `${id}:phone`, person: id, channel: "phone", address: d.phone, owner: "own", safe_call: d.safe_call, safe_write: d.safe_write };
      world.put("contacts", contact.id, given(contact));
    }
  },
  "person.change"(world, d, event) {
    said(world.row("persons", d.person_id), "person", d, event.seen);
  },
  "profile.change"(world, d, event) {
    said(world.row("persons", d.person_id), "person", d, event.seen);
  },
  "contact.add"(world, d) {
    if (world.has("contacts", d.contact_id)) return;
    const { contact_id: id, person_id: person, channel = "phone", address, owner = "own", owner_name, safe_call, safe_write } = d;
    world.put("contacts", id, given({ id, person, channel, address, owner, owner_name, safe_call, safe_write }));
  },
  "contact.change"(world, d, event) {
    const row = world.row("contacts", d.contact_id);
    if (!row) return;
    for (const name of ["address", "channel", "current", "owner", "owner_name", "safe_call", "safe_write"]) {
      if (!(name in d)) continue;
      const now = textOf(row[name]);
      if (name in event.seen && now && now !== textOf(d[name]) && seenHash(now) !== event.seen[name]) {
        row.doubt = { ...(row.doubt === true ? {} : row.doubt), [name]: [now, textOf(d[name])] };
      } else row[name] = d[name];
    }
  },
  "household.join"(world, d, event) {
    const row = world.row("persons", d.person_id);
    if (!row) return;
    const before = row.household ?? "";
    if (alike(before, d.household_id)) return;
    if (before && "household_id" in event.seen && seenHash(before) !== event.seen.household_id) {
      row.doubt = { ...row.doubt, household: [before, d.household_id] };
      return;
    }
    count(world, before, -1);
    row.household = world.key("households", d.household_id);
    count(world, d.household_id, 1);
    if (d.relation) row.relation = d.relation;
  },
  "household.leave"(world, d) {
    const row = world.row("persons", d.person_id);
    if (!row?.household) return;
    count(world, row.household, -1);
    row.household = "";
  },
  "family.open"(world, d, event) {
    if (world.has("families", d.family_id)) return;
    const { family_id: id, head_id: head, household_id: household } = d;
    said(world.put("families", id, given({ id, kk: textOf(d.kk).slice(-4), head, household })), "family", d, event.seen);
    const row = world.row("persons", head);
    if (row) row.family = id;
  },
  "family.change"(world, d, event) {
    said(world.row("families", d.family_id), "family", d, event.seen);
  },
  "family.join"(world, d) {
    const row = world.row("persons", d.person_id);
    if (row) row.family = world.key("families", d.family_id);
  },
  "birth.record"(world, d) {
    if (world.has("persons", d.person_id)) return;
    const home = world.row("households", d.household_id);
    const { person_id: id, household_id: household, name, birth, sex, relation = "3", family_id: family } = d;
    const nik = textOf(d.nik).slice(-4);
    const row = world.put("persons", id, given({ id, household, name, birth, sex, relation, family, nik, region: home?.region, hamlet: home?.hamlet }));
    row.f = {};
    count(world, household, 1);
  },
  "move.record"(world, d) {
    for (const id of d.person_ids ?? []) {
      const row = world.row("persons", id);
      if (row) row.life = d.back ? "here" : "moved";
    }
  },
  "death.record"(world, d) {
    const row = world.row("persons", d.person_id);
    if (row) row.life = "dead";
  },
  "case.open"(world, d, event, zone) {
    if (world.has("cases", d.case_id)) return;
    const about = world.row("persons", d.about_id);
    const title = Array.from(textOf(d.title || d.text).split("\n")[0].trim()).slice(0, TITLE).join("");
    const { case_id: id, number, kind, region } = d;
    const opened = dayOf(event.at, zone);
    world.put("cases", id, given({ id, number, kind, title, state: "unsent", region, household: about?.household, person: d.about_id, opened }));
  },
  "delivery.record"(world, d, event, zone) {
    const entry = world.row("entries", d.entry_id);
    const fresh = !entry?.given;
    if (entry) Object.assign(entry, { state: d.outcome || "delivered", given: true });
    const household = world.row("households", d.household_id);
    if (household) Object.assign(household, { last_kind: "delivery", last_date: dayOf(d.delivered_ms ?? event.at, zone) });
    for (const row of world.where("goods", "round", d.round_id)) {
      const quantity = d[`l.${row.item}`];
      if (fresh && Number.isInteger(quantity)) row.given = (row.given ?? 0) + quantity;
    }
    for (const one of world.where("work", "household", d.household_id)) if (one.kind === "delivery" && alike(one.ref ?? "", d.entry_id ?? "")) one.done = true;
  },
  "attendance.mark"(world, d) {
    const row = world.row("attendees", d.attendance_id);
    if (row && "came" in d) row.present = d.came;
  },
  "attendance.add"(world, d) {
    const { attendance_id: id, meeting_id: meeting, person_id: person, name, came: present } = d;
    if (id && !world.has("attendees", id)) world.put("attendees", id, given({ id, meeting, person, name, present }));
  },
};
