// Columns of packs: keys side by side, a table in the order of another, households called by their head.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ColumnsUnreadable, rowsOf } from "../../simpul/static/field/core/columns.js";
import { plainTables } from "../../simpul/static/field/core/dense.js";
import { vectors } from "./helpers.mjs";

/** @param {Record<string, {n: number, c: any}>} tables */
const rowsOfAll = (tables) => Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, rowsOf(table.c, table.n)]));

test("dense columns give the rows again, as the server meant them", () => {
  const { packed, tables } = vectors("sync/dense");
  assert.deepEqual(rowsOfAll(plainTables(packed)), tables);
});

test("a household without a name is called by its head", () => {
  const packed = {
    households: { n: 3, c: { id: ["0123456789", "abcdef0123", "00000000ff"], count: [1, 1, 1], name: { i: [1, 2], v: ["Rumah di ujung", ""] } } },
    persons: { n: 3, c: { id: ["00000000aa", "00000000bb", "00000000cc"], household: { of: "households", by: "count" }, relation: { "=": "bdt/1" }, name: ["Aco", "Baco", "Ceceng"] } },
  };
  const { households } = rowsOfAll(plainTables(packed));
  assert.deepEqual(
    households.map(({ name, head }) => [name, head]),
    [["Aco", "00000000aa"], ["Rumah di ujung", undefined], ["", undefined]],
  );
});

test("broken columns are said to be so", () => {
  for (const table of [{ id: { x: "AAA", w: 5 } }, { id: { x: "AAAAAAA", w: 0 } }, { home: { of: "nowhere", by: "count" } }]) {
    assert.throws(() => plainTables({ t: { n: 1, c: table } }), ColumnsUnreadable);
  }
});
