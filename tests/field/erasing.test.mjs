// Who was erased goes from every entry that speaks of them, wherever among its inputs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isOn } from "../../simpul/static/field/core/entries.js";

const KEY = "0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
const OTHER = "0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c";
const entry = (subject, data) => /** @type {any} */ ({ subject, data });

test("an entry speaks of somebody as its subject, by any input, in lists and rows, by the whole or the short key", () => {
  const on = (subject, data) => isOn(entry(subject, data), `person:${KEY}`);
  assert.ok(on(`person:${KEY}`, {}));
  assert.ok(on("person:1d2e3f4a5b", {}));
  assert.ok(on("", { reporter_id: KEY }));
  assert.ok(on("", { person_ids: [OTHER, "1d2e3f4a5b"] }));
  assert.ok(on("", { persons: [{ person_id: OTHER }, { person_id: KEY }] }));
  assert.ok(on("", { head_id: "1d2e3f4a5b", words: "x" }));
  assert.ok(!on(`household:${KEY}`, null));
  assert.ok(!on("person:" + OTHER, { person_id: OTHER, words: `tentang ${KEY} dan 1d2e3f4a5b` }));
});
