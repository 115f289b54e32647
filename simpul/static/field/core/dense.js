/**
 * Two more forms of columns, of packs: keys of one width side by side, and a table that stands in the order of another.
 * The twin of simpul/sync/rules/dense.py; tests/vectors/sync/dense.json holds the two together (docs/sync-protocol.md section 9).
 *
 * @typedef {{n: number, c: Record<string, any>}} Table
 */

import { unb64 } from "./canonical.js";
import { ColumnsUnreadable, rowsOf, turn } from "./columns.js";

/** The code of the head among relations. */
const HEAD = "bdt/1";

/** @param {any} kept @param {...string} keys */
const isOnly = (kept, ...keys) => kept && typeof kept === "object" && !Array.isArray(kept) && Object.keys(kept).length === keys.length && keys.every((key) => Object.hasOwn(kept, key));

/** Keys apart again. @param {{x: string, w: number}} kept @param {string} column @returns {string[]} */
function apart(kept, column) {
  const bytes = unb64(kept.x);
  const width = kept.w;
  if (!Number.isInteger(width) || width < 1 || bytes.length % width) throw new ColumnsUnreadable(column);
  const signs = Array.from(bytes, (one) => one.toString(16).padStart(2, "0"));
  return Array.from({ length: bytes.length / width }, (_one, place) => signs.slice(place * width, (place + 1) * width).join(""));
}

/** The tables of a pack with plain columns. Throws ColumnsUnreadable. @param {Record<string, Table>} packed @returns {Record<string, Table>} */
export function plainTables(packed) {
  /** @type {Record<string, Table>} */
  const found = {};
  for (const [name, table] of Object.entries(packed)) {
    const columns = Object.entries(table.c).map(([column, kept]) => [column, isOnly(kept, "x", "w") ? apart(kept, column) : kept]);
    found[name] = { n: table.n, c: Object.fromEntries(columns) };
  }
  for (const [name, table] of Object.entries(found)) {
    for (const [column, kept] of Object.entries(table.c)) {
      if (!isOnly(kept, "of", "by")) continue;
      const others = found[kept.of];
      if (!others) throw new ColumnsUnreadable(column);
      const plain = Object.fromEntries(Object.entries(others.c).filter(([other]) => other === "id" || other === kept.by));
      const keys = rowsOf(plain, others.n).flatMap((row) => Array(row[kept.by] ?? 0).fill(row.id));
      if (keys.length > table.n) throw new ColumnsUnreadable(column);
      found[name].c[column] = { i: keys.map((_key, place) => place), v: keys };
    }
  }
  return filled(found);
}

/** Households that are called by their head: the head is who stands there as head. @param {Record<string, Table>} tables */
function filled(tables) {
  const { households, persons } = tables;
  if (!households || !persons) return tables;
  /** @type {Map<string, any>} */
  const heads = new Map();
  for (const row of rowsOf(persons.c, persons.n)) if (row.relation === HEAD && row.household && !heads.has(row.household)) heads.set(row.household, row);
  const rows = rowsOf(households.c, households.n).map((row) => {
    const person = "head" in row || "name" in row ? undefined : heads.get(row.id);
    return person ? { ...row, head: person.id, name: person.name ?? "" } : row;
  });
  return { ...tables, households: { n: rows.length, c: turn(rows) } };
}
