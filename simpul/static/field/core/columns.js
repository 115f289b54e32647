/**
 * Rows of one kind, turned on their side, so that alike values stand together and compress to almost nothing (docs/sync-protocol.md section 4).
 * The twin of simpul/sync/rules/columns.py; tests/vectors/sync/columns.json holds the two together.
 *
 * @typedef {Record<string, any>} Row
 * @typedef {any[] | {"=": any} | {i: number[], v: any[]}} Column a value for every row, one for all, or values of some rows
 */

import { spelled } from "./canonical.js";

export const MOST_OWN_IDS = 10;

/** The columns do not make rows. */
export class ColumnsUnreadable extends Error {}

/** Columns of rows. @param {Row[]} rows @returns {Record<string, Column>} */
export function turn(rows) {
  /** @type {Record<string, Column>} */
  const found = {};
  for (const name of [...new Set(rows.flatMap((row) => Object.keys(row)))].sort()) found[name] = column(rows, name);
  return found;
}

/** @param {Row[]} rows @param {string} name @returns {Column} */
function column(rows, name) {
  const have = rows.flatMap((row, place) => (Object.hasOwn(row, name) ? [place] : []));
  const values = have.map((place) => rows[place][name]);
  if (have.length < rows.length) return { i: have, v: values };
  if (values.length > 1) {
    const first = spelled(values[0]);
    if (values.every((value) => spelled(value) === first)) return { "=": values[0] };
  }
  return values;
}

/** The rows again. Throws ColumnsUnreadable. @param {Record<string, Column>} columns @param {number} count @returns {Row[]} */
export function rowsOf(columns, count) {
  /** @type {Row[]} */
  const rows = Array.from({ length: count }, () => ({}));
  for (const [name, one] of Object.entries(columns)) {
    if (name === "__proto__") throw new ColumnsUnreadable(name);
    if (Array.isArray(one)) fill(rows, name, null, one);
    else if (isOnly(one, "=")) rows.forEach((row) => (row[name] = /** @type {any} */ (one)["="]));
    else if (isOnly(one, "i", "v")) fill(rows, name, /** @type {any} */ (one).i, /** @type {any} */ (one).v);
    else throw new ColumnsUnreadable(name);
  }
  return rows;
}

/** @param {Row[]} rows @param {string} name @param {number[] | null} places @param {any[]} values */
function fill(rows, name, places, values) {
  const most = places === null ? rows.length : Array.isArray(places) ? places.length : -1;
  if (!Array.isArray(values) || values.length !== most) throw new ColumnsUnreadable(name);
  values.forEach((value, number) => {
    const place = places === null ? number : places[number];
    if (!Number.isInteger(place) || place < 0 || place >= rows.length) throw new ColumnsUnreadable(name);
    rows[place][name] = value;
  });
}

/** @param {any} value @param {...string} keys */
function isOnly(value, ...keys) {
  if (typeof value !== "object" || value === null) return false;
  return Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
}

/** A value with the event's own keys written short. @param {any} value @param {Map<string, number>} own @returns {any} */
export function shorten(value, own) {
  if (typeof value === "string") {
    const place = own.get(value);
    if (place !== undefined) return `~${place}`;
    return value.startsWith("~") ? `~${value}` : value;
  }
  return inside(value, (one) => shorten(one, own));
}

/** @param {any} value @param {(one: any) => any} change */
export function inside(value, change) {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one)]));
}
