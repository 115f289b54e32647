/**
 * What came down: tables of snapshots, in memory while the vault is open, encrypted and deflated at rest.
 *
 * A pack brings every row, a pull the changed rows whole. At rest a table is a *base* of chunks and *patches* behind it, in order; a pull is one
 * patch a table and the new cursor, in one transaction. When patches grow many, the table is written anew. Tables are read when first asked for.
 * Own entries that have not come back yet are laid on top (reduce.js); the snapshots themselves are never changed here.
 *
 * @typedef {Record<string, any>} Row
 * @typedef {{n: number, c: Record<string, any>}} Table columns of rows
 * @typedef {{cursor: number, scope_version: number, tables: Record<string, Table>, gone?: Record<string, string[]>, whole?: string[], own?: string,
 *   book?: string}} Down `whole`: tables of which every row is there; `own`, `book`: names of what the phone has of its own tables and of the book
 */

import { utf8 } from "./canonical.js";
import { rowsOf } from "./columns.js";
import { together } from "./db.js";
import { deflate, inflate } from "./packing.js";
import { alike, reduce } from "./reduce.js";

const CHUNK = 2000;
const MOST_PATCHES = 40;
const LARGEST = 100_000_000;

/** By which column a row of a table is known; "id" for every other. @type {Record<string, string>} */
const KEYS = { places: "code", kinds: "code", fields: "key" };

/** @param {string} table @param {Row} row @returns {string} */
export function keyOf(table, row) {
  if (table === "lists") return `${row.field ?? row.list}:${row.code}`;
  return String(row[KEYS[table] ?? "id"] ?? row.id ?? row.code ?? row.key);
}

const NOTHING = { cursor: 0, scope_version: 0, pack: "", at: 0, own: null, book: "", tables: {} };

export class Projection {
  /** @param {{db: any, box: import("./vault.js").Box, tell: (name: string, detail?: any) => void}} given */
  constructor({ db, box, tell }) {
    this.db = db;
    this.box = box;
    this.tell = tell;
    /** @type {{cursor: number, scope_version: number, pack: string, at: number, own: string | null, book: string, tables: Record<string, [number, number]>}} table -> generation, chunks */
    this.state = { ...NOTHING };
    /** @type {Map<string, Map<string, Row>>} */
    this.snapshots = new Map();
    /** @type {Map<string, Promise<Map<string, Row>>>} */
    this.coming = new Map();
    /** @type {Map<string, Map<string, Map<string, Row[]>>>} table -> field -> last ten signs of the key -> snapshot rows */
    this.indexes = new Map();
    /** @type {Map<string, Map<string, Row>>} */
    this.over = new Map();
    /** @type {Map<string, Map<string, Row>>} */
    this.shown = new Map();
    /** @type {() => any[]} */
    this.events = () => [];
    this.laid = false;
    this.namesDone = false;
    this.zone = -new Date().getTimezoneOffset();
  }

  async load() {
    const sealed = await this.db.get("meta", "projection");
    if (sealed) this.state = await this.box.open("meta", "projection", sealed).catch(() => this.state);
  }

  // --- taking in ----------------------------------------------------------------------------------------------------------------------------

  /** A whole pack: everything before it goes. @param {Down} down @param {string} hash */
  async takePack(down, hash) {
    const generation = Math.max(0, ...Object.values(this.state.tables).map(([one]) => one)) + 1;
    /** @type {Record<string, [number, number]>} */
    const tables = {};
    /** @type {Map<string, Map<string, Row>>} */
    const fresh = new Map();
    for (const [name, table] of Object.entries(down.tables)) {
      const rows = rowsOf(table.c, table.n);
      fresh.set(name, new Map(rows.map((row) => [keyOf(name, row), row])));
      tables[name] = [generation, await this.writeBase(name, generation, rows)];
    }
    const state = { cursor: down.cursor, scope_version: down.scope_version, pack: hash, at: Date.now(), own: null, book: down.book ?? "", tables };
    await this.keepState(state, async (tx) => {
      for (const key of await tx.objectStore("rows").getAllKeys()) if (key[1] !== generation) void tx.objectStore("rows").delete(key);
    });
    this.snapshots = fresh;
    this.coming = new Map();
    this.changed([...fresh.keys()]);
  }

  /** @private Chunks of a new base; they count only once the state names them. @param {string} name @param {number} generation @param {Row[]} rows */
  async writeBase(name, generation, rows) {
    let number = 0;
    for (let from = 0; from < rows.length || !number; from += CHUNK) {
      const key = [name, generation, number];
      const sealed = await this.box.sealBytes("rows", key, await packed({ rows: rows.slice(from, from + CHUNK), gone: [] }));
      await together(this.db, ["rows"], (tx) => tx.objectStore("rows").put(sealed, key));
      number += 1;
    }
    return number;
  }

  /** Changed rows. @param {Down} down */
  async takePull(down) {
    const whole = new Set(down.whole ?? []);
    const names = [...new Set([...Object.keys(down.tables), ...Object.keys(down.gone ?? {}), ...whole])];
    for (const name of names) await this.snapshot(name);
    const tables = { ...this.state.tables };
    /** @type {{key: any[], sealed: Uint8Array, name: string, rows: Row[], gone: string[]}[]} */
    const patches = [];
    for (const name of names) {
      const rows = down.tables[name] ? rowsOf(down.tables[name].c, down.tables[name].n) : [];
      const gone = whole.has(name) ? missing(/** @type {any} */ (this.snapshots.get(name)), name, rows) : (down.gone?.[name] ?? []);
      if (!rows.length && !gone.length) continue;
      const [generation, count] = tables[name] ?? [1, 0];
      const key = [name, generation, count];
      patches.push({ key, sealed: await this.box.sealBytes("rows", key, await packed({ rows, gone })), name, rows, gone });
      tables[name] = [generation, count + 1];
    }
    const { own = this.state.own, book = this.state.book } = down;
    const state = { ...this.state, cursor: down.cursor, scope_version: down.scope_version, at: Date.now(), own, book, tables };
    await this.keepState(state, (tx) => Promise.all(patches.map(({ key, sealed }) => tx.objectStore("rows").put(sealed, key))));
    for (const { name, rows, gone } of patches) apply(name, /** @type {any} */ (this.snapshots.get(name)), rows, gone);
    this.changed(patches.map((one) => one.name));
    for (const { name } of patches) if (this.state.tables[name][1] > MOST_PATCHES + 20) await this.rewrite(name);
  }

  /** @private A table with many patches is written anew. @param {string} name */
  async rewrite(name) {
    const [before] = this.state.tables[name];
    const rows = [...(await this.snapshot(name)).values()].map(({ named, ...row }) => (named ? { ...row, name: undefined } : row));
    const chunks = await this.writeBase(name, before + 1, rows);
    await this.keepState({ ...this.state, tables: { ...this.state.tables, [name]: [before + 1, chunks] } }, async (tx) => {
      for (const key of await tx.objectStore("rows").getAllKeys()) if (key[0] === name && key[1] <= before) void tx.objectStore("rows").delete(key);
    });
  }

  /** @private @param {any} state @param {(tx: any) => Promise<any> | any} work */
  async keepState(state, work) {
    const sealed = await this.box.seal("meta", "projection", state);
    await together(this.db, ["meta", "rows"], async (tx) => {
      await work(tx);
      await tx.objectStore("meta").put(sealed, "projection");
    });
    this.state = state;
  }

  /** Everything that came down goes (another scope); what was written here stays. */
  async drop() {
    await this.keepState({ ...NOTHING }, (tx) => tx.objectStore("rows").clear());
    const names = [...this.snapshots.keys()];
    this.snapshots = new Map();
    this.coming = new Map();
    this.changed(names);
  }

  /** Take every row on these subjects away, at rest as well. @param {string[]} subjects "person:<key>" */
  async erase(subjects) {
    const struck = subjects.map((one) => one.split(":"));
    for (const name of Object.keys(this.state.tables)) {
      const rows = await this.snapshot(name);
      const gone = [...rows].filter(([key, row]) => struck.some(([kind, id]) => isOf(name, key, row, kind, id))).map(([key]) => key);
      if (!gone.length) continue;
      for (const key of gone) rows.delete(key);
      await this.rewrite(name);
      this.changed([name]);
    }
  }

  // --- reading ------------------------------------------------------------------------------------------------------------------------------

  /** The rows as they came down. @param {string} name @returns {Promise<Map<string, Row>>} */
  async snapshot(name) {
    const here = this.snapshots.get(name);
    if (here) return here;
    const coming = this.coming.get(name) ?? this.readTable(name);
    this.coming.set(name, coming);
    const rows = await coming;
    if (!this.snapshots.has(name)) this.snapshots.set(name, rows);
    return /** @type {Map<string, Row>} */ (this.snapshots.get(name));
  }

  /** @private A household that has its head's name is written without one. */
  async nameHouseholds() {
    const [households, persons] = [await this.snapshot("households"), await this.snapshot("persons")];
    for (const row of households.values()) {
      if (!row.head || (row.name && !row.named)) continue;
      const name = persons.get(row.head)?.name;
      if (name) Object.assign(row, { name, named: true });
    }
    this.namesDone = true;
  }

  /** @private @param {string} name @returns {Promise<Map<string, Row>>} */
  async readTable(name) {
    /** @type {Map<string, Row>} */
    const found = new Map();
    const [generation, count] = this.state.tables[name] ?? [0, 0];
    for (let number = 0; number < count; number += 1) {
      const key = [name, generation, number];
      const sealed = await this.db.get("rows", key);
      const { rows, gone } = JSON.parse(new TextDecoder().decode(await inflate(await this.box.openBytes("rows", key, sealed ?? new Uint8Array()), LARGEST)));
      apply(name, found, rows, gone);
    }
    return found;
  }

  /** The rows as they are shown: own entries on top. @param {string} name @returns {Promise<Map<string, Row>>} */
  async table(name) {
    if (name === "households" && !this.namesDone) await this.nameHouseholds();
    await this.lay();
    const ready = this.shown.get(name);
    if (ready) return ready;
    const rows = await this.snapshot(name);
    const over = this.over.get(name);
    const shown = over ? new Map([...rows, ...over]) : rows;
    this.shown.set(name, shown);
    return shown;
  }

  /** One row, by its whole key or the ten signs that packs write. @param {string} name @param {string} id @returns {Promise<Row | undefined>} */
  async row(name, id) {
    const rows = await this.table(name);
    return rows.get(id) ?? (id.length > 10 ? rows.get(id.slice(-10)) : undefined);
  }

  /** Rows that have these values. @param {string} name @param {Record<string, any>} wanted @returns {Promise<Row[]>} */
  async rows(name, wanted) {
    if (name === "households" && !this.namesDone) await this.nameHouseholds();
    await this.lay();
    const rows = await this.snapshot(name);
    const over = this.over.get(name);
    const [field, value] = Object.entries(wanted)[0] ?? ["", ""];
    const some = typeof value === "string" && value ? this.index(name, rows, field).get(value.slice(-10)) ?? [] : [...rows.values()];
    const here = some.filter((row) => !over?.has(keyOf(name, row)));
    return [...here, ...(over?.values() ?? [])].filter((row) => Object.entries(wanted).every(([key, one]) => fits(row[key], one)));
  }

  /** @private @param {string} name @param {Map<string, Row>} rows @param {string} field */
  index(name, rows, field) {
    if (!this.indexes.has(name)) this.indexes.set(name, new Map());
    const mine = /** @type {Map<string, Map<string, Row[]>>} */ (this.indexes.get(name));
    let found = mine.get(field);
    if (!found) {
      found = new Map();
      for (const row of rows.values()) {
        const key = String(row[field] ?? "").slice(-10);
        const some = found.get(key);
        if (some) some.push(row);
        else found.set(key, [row]);
      }
      mine.set(field, found);
    }
    return found;
  }

  /** @private Lay the own entries on top, once until something changes. */
  async lay() {
    if (this.laid) return;
    const events = this.events();
    this.laid = true;
    if (!events.length) {
      this.over = new Map();
      return;
    }
    const names = Object.keys(this.state.tables);
    await Promise.all(names.filter((name) => name !== "lists" && name !== "fields").map((name) => this.snapshot(name)));
    const get = (/** @type {string} */ name, /** @type {string} */ id) => this.snapshots.get(name)?.get(id);
    const where = (/** @type {string} */ name, /** @type {string} */ field, /** @type {string} */ id) => {
      const rows = this.snapshots.get(name);
      return rows ? (this.index(name, rows, field).get(id.slice(-10)) ?? []) : [];
    };
    this.over = reduce({ get, where }, events, this.zone);
  }

  /** Own entries changed. */
  again() {
    const before = [...this.over.keys()];
    this.laid = false;
    this.shown = new Map();
    this.tell("change", { tables: before });
  }

  /** @private @param {string[]} names */
  changed(names) {
    for (const name of names) this.indexes.delete(name);
    if (names.includes("households") || names.includes("persons")) this.namesDone = false;
    this.laid = false;
    this.shown = new Map();
    if (names.length) this.tell("change", { tables: names });
  }

  close() {
    this.snapshots = new Map();
    this.coming = new Map();
    this.indexes = new Map();
    this.over = new Map();
    this.shown = new Map();
    this.laid = false;
    this.namesDone = false;
  }
}

/** @param {unknown} value */
function packed(value) {
  return deflate(utf8(JSON.stringify(value)));
}

/** @param {string} name @param {Map<string, Row>} into @param {Row[]} rows @param {string[]} gone */
function apply(name, into, rows, gone) {
  for (const id of gone) into.delete(String(id));
  for (const row of rows) into.set(keyOf(name, row), row);
}

/** Keys that are there and not among these rows. @param {Map<string, Row>} has @param {string} name @param {Row[]} rows */
function missing(has, name, rows) {
  const fresh = new Set(rows.map((row) => keyOf(name, row)));
  return [...has.keys()].filter((key) => !fresh.has(key));
}

/** @param {any} has @param {any} wanted */
function fits(has, wanted) {
  return typeof has === "string" && typeof wanted === "string" ? alike(has, wanted) : (has ?? "") === (wanted ?? "");
}

/** Is this row the subject, or a part of it? @param {string} name @param {string} key @param {Row} row @param {string} kind @param {string} id */
function isOf(name, key, row, kind, id) {
  const own = { household: "households", person: "persons", case: "cases", family: "families" };
  if (/** @type {any} */ (own)[kind] === name) return alike(key, id);
  return typeof row[kind] === "string" && alike(row[kind], id);
}
