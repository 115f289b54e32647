// The checking page's core under Node: the same verdicts as Python, by WebCrypto and by noble.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { judge, read, verifier, isKeys, fromBase45 } from "../../simpul/static/js/letter-proof/core.js";

const { known, cases } = JSON.parse(readFileSync(new URL("../vectors/letters/codes.json", import.meta.url), "utf8"));
const noble = new URL("../../simpul/static/vendor/noble-ed25519/2.3.0/ed25519.js", import.meta.url).href;

test("a file of keys is known by its format", () => {
  assert.ok(isKeys(known));
  assert.ok(!isKeys({}) && !isKeys(null));
});

test("base45 of the standard", () => {
  assert.equal(new TextDecoder().decode(fromBase45("UJCLQE7W581") ?? undefined), "base-45");
  assert.equal(fromBase45("GGW"), null);
});

for (const one of cases) {
  test(`WebCrypto: ${one.name}`, async () => {
    assert.equal((await judge(one.text, known, one.today, verifier(noble))).state, one.state);
  });
}

test("noble gives the same verdicts where the browser has no Ed25519", async () => {
  const { importKey } = crypto.subtle;
  crypto.subtle.importKey = () => Promise.reject(new DOMException("no Ed25519", "NotSupportedError"));
  try {
    for (const one of cases) {
      assert.equal((await judge(one.text, known, one.today, verifier(noble))).state, one.state, one.name);
    }
  } finally {
    crypto.subtle.importKey = importKey;
  }
});

test("what was read is what was written", () => {
  const { fields, digest } = read(cases[0].text);
  assert.equal(fields?.number, "500.3/012/7305112005/XI/2026");
  assert.equal(fields?.letter_date, "2026-11-26");
  assert.equal(digest, "a1".repeat(16));
});
