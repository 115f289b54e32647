// Rules that run on the phone as they run on the server: numbers, checks, own work on top of snapshots, verdicts, bundles.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as bundle from "../../simpul/static/field/core/bundle.js";
import { unb64 } from "../../simpul/static/field/core/canonical.js";
import * as checks from "../../simpul/static/field/core/checks.js";
import * as ids from "../../simpul/static/field/core/ids.js";
import { alike, reduce } from "../../simpul/static/field/core/reduce.js";
import * as sealing from "../../simpul/static/field/core/sealing.js";
import { judge, judgeRow, subjectsOf } from "../../simpul/static/field/core/verdicts.js";
import { bytes, hexOf, refusal, vectors } from "./helpers.mjs";

test("case numbers, receipts and what is read aloud are alike", () => {
  const samples = vectors("sync/ids");
  for (const { digits, letter } of samples.letters) assert.equal(ids.checkLetter(digits), letter);
  for (const [prefix, year, month, sequence, text] of samples.numbers) assert.equal(ids.formatCaseNumber(prefix, year, month, sequence), text);
  for (const { text, read, said } of samples.typed) {
    assert.equal(ids.parseCaseNumber(text, "SPL")?.text ?? null, read, text);
    assert.equal(ids.saidCaseNumber(text, "SPL")?.text ?? null, said, text);
  }
  for (const { text, read } of samples.receipts) assert.equal(ids.parseReceipt16(text), read, text);
  for (const { text, id, en } of samples.speech) assert.deepEqual([ids.groupForSpeech(text), ids.groupForSpeech(text, "en")], [id, en]);
  for (const { digits, size, text } of samples.groups) assert.equal(ids.groupDigits(digits, size), text);
  for (const { prefix, year, month, sequence, number } of vectors("case_numbers").numbers) assert.equal(ids.formatCaseNumber(prefix, year, month, sequence), number);
});

test("row keys grow and carry their moment", () => {
  const made = Array.from({ length: 500 }, () => ids.uuid7());
  assert.deepEqual([...made].sort(), made);
  assert.match(made[0], /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(Math.abs(ids.uuid7Moment(made[0]) - Date.now()) < 5000);
});

test("NIKs and telephones are checked alike", () => {
  const { today, niks, phones } = vectors("sync/checks");
  for (const one of niks) {
    const found = checks.nik(one.text, { today, ...one.known });
    assert.deepEqual({ number: found.number, birth: found.birth, sex: found.sex, warnings: found.warnings }, { number: one.number, birth: one.birth, sex: one.sex, warnings: one.warnings }, one.text);
    assert.equal(checks.maskNik(one.text), one.mask);
  }
  for (const one of phones) {
    const { e164, kind, reason } = checks.phone(one.text);
    assert.deepEqual({ e164, kind, reason }, { e164: one.e164, kind: one.kind, reason: one.reason }, one.text);
    if (e164) assert.equal(checks.showPhone(e164), one.shown);
    assert.equal(checks.maskPhone(one.text), one.mask, one.text);
  }
});

test("days as people write them", () => {
  const today = "2026-11-26";
  const read = { "3-5-1984": "1984-05-03", "03/05/1984": "1984-05-03", "3.5.1984": "1984-05-03", "3 Mei 1984": "1984-05-03", "3mei1984": "1984-05-03", "17 Agt 1945": "1945-08-17", "1984-05-03": "1984-05-03", "1 Pebruari 2000": "2000-02-01", "29/2/2024": "2024-02-29" };
  for (const [text, iso] of Object.entries(read)) assert.deepEqual(checks.day(text, today), { iso, reason: "" }, text);
  for (const text of ["29/2/2023", "31/4/2020", "3/5", "kemarin", "3/13/1984", "0/1/2000"]) assert.equal(checks.day(text, today).reason, "unreadable", text);
  assert.equal(checks.day("27/11/2026", today).reason, "ahead");
  assert.equal(checks.day("1/1/1880", today).reason, "old");
  assert.equal(checks.day(" ", today).reason, "empty");
});

test("amounts keep their unit, and what cannot be is asked again", () => {
  const read = [
    ["1.250.000", "rupiah", 1_250_000, ""], ["Rp 700.000", "rupiah", 700_000, ""], ["Rp. 700.000,-", "rupiah", 700_000, ""], ["50", "rupiah", 50, "small"], ["900000000", "rupiah", 900_000_000, "large"],
    ["7,5", "dm2", 750, ""], ["7.5 m2", "dm2", 750, ""], ["36", "dm2", 3600, ""], ["3", "dm2", 300, "small"],
    ["12,4", "gram", 12_400, ""], ["3,25 kg", "gram", 3250, ""], ["12400", "gram", 12_400_000, "large"], ["87,5", "mm", 875, ""], ["0", "whole", 0, ""], ["1.000", "whole", 1000, ""],
  ];
  for (const [text, unit, value, odd] of read) assert.deepEqual(checks.amount(text, { unit }), { value, reason: "", odd }, `${text} ${unit}`);
  for (const [text, unit] of [["tujuh", "rupiah"], ["7,5", "rupiah"], ["-3", "whole"], ["1.00", "rupiah"]]) assert.equal(checks.amount(text, { unit }).value, null, text);
  assert.equal(checks.amount("", { unit: "gram" }).reason, "empty");
  assert.equal(checks.amount("1,2345", { unit: "gram" }).value, null);
  assert.equal(checks.showAmount(1_250_000, "rupiah"), "Rp1.250.000");
  assert.equal(checks.showAmount(750, "dm2"), "7,5 m²");
  assert.equal(checks.showAmount(12_400, "gram", "en"), "12.4 kg");
  assert.equal(checks.showAmount(3000, "whole"), "3.000");
});

test("own work lies on the snapshots as the server's model lays it", () => {
  const { zone, tables, stories } = vectors("sync/reduce");
  const before = JSON.stringify(tables);
  const get = (table, id) => tables[table]?.[id];
  const where = (table, field, id) => Object.values(tables[table] ?? {}).filter((row) => alike(row[field] ?? "", id));
  for (const { name, events, rows } of stories) {
    const found = reduce({ get, where }, events, zone);
    assert.deepEqual(Object.fromEntries([...found].map(([table, some]) => [table, Object.fromEntries(some)])), rows, name);
  }
  assert.equal(JSON.stringify(tables), before, "the snapshots themselves are not touched");
});

test("verdicts on the golden households, whole and half forgotten", () => {
  const { book, rules, households } = vectors("sync/verdicts");
  let judged = 0;
  for (const { name, on, record, judged: wanted } of households) {
    for (const [ruleName, key, word, reasons, missing] of wanted) {
      const rule = rules[ruleName];
      const scope = rule.unit === "pupil" ? "person" : rule.unit;
      const subject = subjectsOf(record, rule.unit, on).find((one) => keyOf(one, scope) === key);
      assert.ok(subject, `${name} ${ruleName} ${key}`);
      const found = judge(rule.criteria, rule.unit, subject, book, rule.figures);
      assert.equal(found.word, word, `${name} ${ruleName} ${key}`);
      assert.deepEqual(found.missing.map((one) => [one.fact, one.subject, one.cost]), missing, `${name} ${ruleName}`);
      assert.deepEqual(found.reasons.map((one) => [one.fact, one.subject, one.value, one.state]), reasons, `${name} ${ruleName}`);
      judged += 1;
    }
  }
  assert.ok(judged > 1000);
});

function keyOf({ record, family, person }, scope) {
  return { house: record.house_key, household: record.key, family: family?.key, person: person?.key }[scope];
}

test("a verdict from the rows on the phone", async () => {
  const { book } = vectors("sync/verdicts");
  const tables = {
    rules: [{ id: "book", ...book }, { id: "floor", unit: "house", criteria: { field: "house.floor", one_of: ["earth"] } }, { id: "poor", unit: "household", criteria: { field: "household.income_per_person", below: "$line" }, figures: { line: 600_000 } }],
    households: [{ id: "aaaaaaaaaa", house: "h", hf: { floor: "earth" }, f: { income_month: "1000000", members_said: "2" } }, { id: "bbbbbbbbbb", house: "h", hf: {}, f: {} }],
    persons: [{ id: "1111111111", household: "aaaaaaaaaa", name: "Baso", f: {} }, { id: "2222222222", household: "aaaaaaaaaa", name: "Sitti", f: {}, life: "dead" }],
    families: [], benefits: [],
  };
  const session = {
    row: async (table, id) => tables[table].find((one) => one.id === id),
    rows: async (table, wanted) => tables[table].filter((row) => Object.entries(wanted).every(([key, value]) => row[key] === value)),
  };
  assert.equal((await judgeRow(session, "floor", { household: "aaaaaaaaaa" })).word, "yes");
  assert.equal((await judgeRow(session, "poor", { household: "aaaaaaaaaa" })).word, "yes");
  const unknown = await judgeRow(session, "floor", { household: "bbbbbbbbbb" });
  assert.deepEqual([unknown.word, unknown.missing.map((one) => one.fact)], ["unknown", ["house.floor"]]);
  assert.equal(await judgeRow(session, "nothing", { household: "aaaaaaaaaa" }), null);
});

test("bundles are written and read alike, as file, text and pages", async () => {
  const samples = vectors("sync/bundles");
  for (const one of samples.bundles) {
    const parts = one.parts.map(([kind, hex]) => [kind, bytes(hex)]);
    const signature = unb64(one.signature);
    const signed = bundle.signedOf(one.made, one.by, bundle.named(parts));
    assert.equal(hexOf(signed), hexOf(unb64(one.signed)));
    const data = bundle.write(one.made, one.by, parts, signature);
    assert.equal(hexOf(data), one.bytes);
    assert.ok(await sealing.signedBy("ed25519", unb64(samples.sign_public), signed, signature));
    const found = bundle.read(data);
    assert.deepEqual(found.faults, []);
    assert.deepEqual(found.parts.map(({ t, content }) => [t, hexOf(content)]), one.parts);
    assert.equal(bundle.asText(data), one.text);
    assert.equal(hexOf(bundle.fromText(`Halo,\n> ${one.text}salam`)), one.bytes);
    assert.deepEqual(bundle.asPages(data, 400), one.pages);
    assert.equal(hexOf(bundle.fromAnything([...one.pages].reverse())), one.bytes);
    for (const [kind, content] of parts) {
      if (kind === "blobs") assert.deepEqual(bundle.writeFiles(bundle.readFiles(content)), content);
      if (kind === "letters") assert.deepEqual(bundle.writeLetters(bundle.readLetters(content)), content);
    }
  }
  for (const { text, bytes: hex } of samples.base45) {
    assert.equal(bundle.base45(bytes(hex)), text);
    assert.equal(hexOf(bundle.fromBase45(text)), hex);
  }
  const known = { reordered: ["tampered", "reordered"] };
  for (const { name, bytes: hex, reason } of samples.faults) {
    const code = (await refusal(() => bundle.read(bundle.fromAnything(bytes(hex))))).replace("bundle.", "");
    const found = code ? [code] : bundle.read(bundle.fromAnything(bytes(hex))).faults;
    assert.ok(found.some((one) => one === reason || known[reason]?.includes(one)), `${name}: ${found} instead of ${reason}`);
  }
});

test("pages of two bundles do not mix, and a wrong one is found", async () => {
  const [one, two] = vectors("sync/bundles").bundles;
  const reader = new bundle.PageReader();
  assert.deepEqual(reader.add(one.pages[1]), { have: 1, of: one.pages.length, done: false, missing: one.pages.map((_page, place) => place + 1).filter((page) => page !== 2) });
  assert.equal(await refusal(() => reader.add(two.pages[0])), "bundle.foreign");
  assert.equal(await refusal(() => reader.add("https://example.invalid")), "bundle.foreign");
  assert.equal(await refusal(() => reader.add(one.pages[1].slice(0, -1))), "bundle.tampered");
  assert.equal(await refusal(() => reader.add(one.pages[0].replace("SMPLQ1", "SMPLQ2"))), "bundle.future");
  assert.equal(await refusal(() => bundle.asPages(new Uint8Array(100_000))), "bundle.too_large");
});
