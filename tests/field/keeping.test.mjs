// The vault, the outbox and search without a browser: what is decided, not where it is kept.

import assert from "node:assert/strict";
import { test } from "node:test";

import { b64 } from "../../simpul/static/field/core/canonical.js";
import * as chain from "../../simpul/static/field/core/chain.js";
import { compareCanaries } from "../../simpul/static/field/core/db.js";
import { own, seenHashes, withKeys, written } from "../../simpul/static/field/core/entries.js";
import { distance, fold, Index } from "../../simpul/static/field/core/search.js";
import { seenHash, seenOf } from "../../simpul/static/field/core/seen.js";
import * as standing from "../../simpul/static/field/core/standing.js";
import * as vault from "../../simpul/static/field/core/vault.js";
import { isLocal, Wire } from "../../simpul/static/field/core/wire.js";
import { refusal } from "./helpers.mjs";

const FEW = 1000; // rounds: the tests need not wait as a thief must

test("passphrases: long ones pass, guessable ones do not", () => {
  for (const text of ["empat kucing lari pagi", "Tono ke pasar Halong", "gunung meratus biru"]) assert.equal(checkOf(text), "", text);
  assert.equal(checkOf("kucing"), "short");
  assert.equal(checkOf("1234567890123456"), "digits");
  assert.equal(checkOf("081 234 567 890"), "digits");
  assert.equal(checkOf("aaaaaaaaaaaaaaaa"), "same");
  assert.equal(checkOf("bismillah 123456"), "common");
});

function checkOf(text) {
  return vault.checkPassphrase(text).reason;
}

test("the master opens with its passphrase only, and rows only in their own place", async () => {
  const master = vault.random(32);
  const wrapped = await vault.wrapWithPassphrase(master, "empat kucing lari pagi", FEW);
  assert.deepEqual(await vault.unwrapWithPassphrase(wrapped, "  empat  kucing lari pagi"), master);
  assert.equal(await refusal(() => vault.unwrapWithPassphrase(wrapped, "Empat kucing lari pagi")), "vault.wrong");
  assert.ok(vault.ROUNDS >= 600_000);
  const box = await vault.Box.of(master);
  const sealed = await box.seal("events", ["0a1b2c3d4e", 1], { name: "Siti" });
  assert.ok(!Buffer.from(sealed).includes("Siti"));
  assert.deepEqual(await box.open("events", ["0a1b2c3d4e", 1], sealed), { name: "Siti" });
  assert.equal(await refusal(() => box.open("events", ["0a1b2c3d4e", 2], sealed)), "vault.damaged");
  assert.equal(await refusal(() => box.open("marks", ["0a1b2c3d4e", 1], sealed)), "vault.damaged");
  assert.equal(await box.nameOf("draft:x"), await (await vault.Box.of(master)).nameOf("draft:x"));
  assert.notEqual(await box.nameOf("draft:x"), await (await vault.Box.of(vault.random(32))).nameOf("draft:x"));
  box.forget();
  assert.equal(await refusal(() => box.open("events", ["0a1b2c3d4e", 1], sealed)), "vault.locked");
  assert.equal(await refusal(() => box.nameOf("x")), "vault.locked");
});

test("five quiet minutes lock, a sleeping phone too, a clock put back does not", () => {
  let now = 1_000_000;
  const told = [];
  const timer = new vault.LockTimer({ onWarn: (seconds) => told.push(seconds), onOver: () => told.push("over"), now: () => now });
  now += 269_000;
  timer.look();
  assert.deepEqual(told, []);
  now += 2000;
  timer.look();
  timer.look();
  assert.deepEqual(told, [29]);
  timer.touch();
  now += 200_000;
  timer.look();
  now -= 86_400_000;
  timer.look();
  assert.deepEqual(told, [29]);
  now += 3_600_000;
  timer.look();
  assert.deepEqual(told, [29, "over"]);
  assert.deepEqual([0, 4, 5, 6, 20].map(vault.waitAfter), [0, 0, 15, 30, 900]);
});

test("an event is written with its new keys in their places and what was seen hashed", async () => {
  const device = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
  const [epoch, run] = ["0a1b2c3d4e", chain.newRun()];
  const head = { epoch, seq: 4, hash: chain.genesis(device, epoch) };
  const wanted = { kind: "household.open", subject: ["household", own(0)], data: { household_id: own(0), list: [own(2), { x: own(1) }], gone: undefined }, seen: { a: "Aco", b: ["Baco", "Aco"], c: null, d: true } };
  const { event, ids } = written(device, head, wanted, run, 1000);
  assert.equal(event.kind, "household.open/1");
  assert.equal(event.seq, 5);
  assert.equal(ids[0], chain.newId(device, epoch, 5, 1000, run, 0));
  assert.equal(event.subject, `household:${ids[0]}`);
  assert.deepEqual(event.body.d, { household_id: ids[0], list: [ids[2], { x: ids[1] }] });
  assert.deepEqual(event.body.s, { a: seenHash("Aco"), b: seenOf(["Aco", "Baco"]), c: "", d: seenHash("yes") });
  assert.equal(await refusal(() => written(device, head, { kind: "no kind", data: {} }, run, 1)), "save.bad");
  assert.equal(await refusal(() => written(device, head, { kind: "visit.record", data: { x: 1.5 } }, run, 1)), "save.bad");
  assert.equal(await refusal(() => written(device, head, { kind: "visit.record", data: {}, subject: "x".repeat(81) }, run, 1)), "save.bad");
  assert.throws(() => own(10), RangeError);
  assert.deepEqual(withKeys({ a: [1, null, "own"] }, () => "x"), { a: [1, null, "own"] });
  assert.deepEqual(seenHashes({ n: 5 }), { n: seenHash("5") });
});

const E = "0a1b2c3d4e";
const F = "ffffffffff";
const chainOf = (...hashes) => new Map(hashes.map((hash, place) => [place + 1, hash]));

test("what is sent is what the server lacks, whatever the phone believes", () => {
  const mine = new Map([[E, chainOf("a", "b", "c", "d")], [F, chainOf("x", "y")]]);
  const received = standing.receivedUpTo(mine, [[E, 2, "b"], [E, 4, "other"], ["eeeeeeeeee", 9, "z"]]);
  assert.deepEqual([...received], [[E, 2]]);
  const envelope = (epoch, first, count, closed = true) => ({ epoch, first, count, name: `${epoch}${first}`, closed });
  const all = [envelope(F, 1, 2), envelope(E, 3, 2), envelope(E, 1, 2), envelope(E, 2, 2), envelope(E, 5, 1, false)];
  assert.deepEqual(standing.toSend(all, received, [E, F]).map((one) => one.name), [`${E}2`, `${E}3`, `${F}1`]);
  assert.deepEqual(standing.toSend(all, new Map(), [F, E]).map((one) => one.name), [`${F}1`, `${E}1`, `${E}2`, `${E}3`], "a server put back gets everything again");
  assert.deepEqual([...standing.receivedUpTo(new Map([[E, new Map()]]), [[E, 7, "gone"]], { [E]: 7 })], [[E, 7]], "what was let go was safe");
});

test("another history under the same name begins a new epoch", () => {
  const mine = new Map([[E, chainOf("a", "b")]]);
  const head = { epoch: E, seq: 2, hash: "b" };
  assert.equal(standing.otherHistory(mine, head, [[E, 2, "b"]]), "");
  assert.equal(standing.otherHistory(mine, head, [[E, 2, "B"]]), "fork");
  assert.equal(standing.otherHistory(mine, head, [[E, 3, "c"]]), "restore");
  assert.equal(standing.otherHistory(mine, head, [[F, 9, "c"]]), "");
  assert.equal(standing.otherHistory(mine, head, [], [[E, 2]]), "fork");
  assert.equal(standing.otherHistory(mine, head, [[E, 1, "A"]], [], { [E]: 1 }), "");
});

test("four steps, and only what is safe, judged and read goes", () => {
  const [received, safe, carried] = [new Map([[E, 5]]), new Map([[E, 3], [F, 9]]), new Map([[E, 7]])];
  assert.deepEqual([3, 5, 7, 8].map((seq) => standing.stepOf({ epoch: E, seq }, received, safe, carried)), [4, 3, 2, 1]);
  assert.equal(standing.stepOf({ epoch: F, seq: 1 }, received, safe, carried), 1, "safe but not received is a server that was put back");
  const one = { step: 4, state: "accepted", told: false, passed: true };
  assert.ok(standing.mayForget(one));
  assert.ok(!standing.mayForget({ ...one, step: 3 }));
  assert.ok(!standing.mayForget({ ...one, state: "held" }));
  assert.ok(!standing.mayForget({ ...one, passed: false }));
  assert.ok(!standing.mayForget({ ...one, state: "conflict" }));
  assert.ok(standing.mayForget({ ...one, state: "quarantined", told: true, passed: false }));
  const sent = [{ epoch: E, first: 1, count: 2, carried: true }, { epoch: E, first: 3, count: 1, carried: false }];
  assert.deepEqual([...standing.carriedUpTo(sent)], [[E, 2]]);
});

test("batches double while it goes well, waiting grows while it does not", () => {
  assert.deepEqual([1, 2, 8, 16].map((size) => standing.nextBatch(size, true)), [2, 4, 16, 16]);
  assert.equal(standing.nextBatch(16, false), 1);
  assert.deepEqual([1, 2, 3, 20].map((failures) => standing.backoff(failures, 0.5)), [2000, 4000, 8000, 300_000]);
  assert.equal(standing.backoff(1, 0), 1600);
  assert.equal(standing.backoff(1, 1), 2400);
});

test("a database that is behind its canary was put back", () => {
  const head = { epoch: E, seq: 5 };
  assert.equal(compareCanaries(head, [{ epoch: E, seq: 5 }], [E]), "");
  assert.equal(compareCanaries(head, [{ epoch: E, seq: 4 }, { epoch: E, seq: 5 }], [E]), "", "the database is written first");
  assert.equal(compareCanaries(head, [{ epoch: E, seq: 6 }], [E]), "restore");
  assert.equal(compareCanaries(head, [{ epoch: F, seq: 1 }], [E]), "restore", "an epoch the database never knew");
  assert.equal(compareCanaries(head, [{ epoch: F, seq: 9 }], [F, E]), "", "an older epoch");
  assert.equal(compareCanaries(head, [], [E]), "canary");
  assert.equal(compareCanaries({ epoch: E, seq: 0 }, [], [E]), "");
});

test("names are found with typing errors and old spellings", () => {
  assert.equal(fold("Moehammad"), fold("Muhamad"));
  assert.equal(fold("Djoesoef"), fold("Jusuf"));
  assert.equal(fold("Tjut"), fold("Cut"));
  assert.equal(fold("St."), fold("Sitti"));
  assert.equal(distance("nurhayti", "nurhayati", 2), 1);
  assert.equal(distance("ab", "ba", 1), 1);
  assert.equal(distance("abc", "xyz", 1), 2);
  const names = ["Moehammad Joesoef", "Nurhayati", "Sitti Aminah", "Baharuddin Daeng Tata", "Djoko Santoso", "Nurhasanah"];
  const index = new Index(names.map((name, id) => ({ kind: "person", id: String(id), name, digits: [`081234567${id}${id}${id}`], region: id % 2 ? "6311" : "7305" })));
  const first = (text, how) => index.find(text, how)[0]?.id;
  assert.equal(first("muhamad yusuf"), "0");
  assert.equal(first("nurhayti"), "1");
  assert.equal(first("st amina"), "2");
  assert.equal(first("tata bahrudin"), "3");
  assert.equal(first("joko"), "4");
  assert.equal(first("nurhas"), "5");
  assert.equal(first("567222"), "2");
  assert.deepEqual(index.find("krwkmb"), []);
  assert.deepEqual(index.find("  "), []);
  assert.equal(index.find("nur", { keep: (doc) => doc.region === "6311" }).length, 2);
});

test("thirty thousand names answer quickly", () => {
  const parts = ["Siti", "Muhammad", "Abdul", "Nur", "Andi", "Rahma", "Hasan", "Ahmad", "Fatimah", "Yusuf", "Djoko", "Zainab"];
  const docs = Array.from({ length: 30_000 }, (_one, place) => ({ kind: "person", id: String(place), name: `${parts[place % 12]} ${parts[(place * 7 + 3) % 11]} ${place.toString(36)}` }));
  const index = new Index(docs);
  const queries = ["siti rahma", "muhamad yusup", "zaenab", "s", "abdul hsan"];
  queries.forEach((text) => index.find(text));
  const began = performance.now();
  for (let round = 0; round < 4; round += 1) queries.forEach((text) => index.find(text));
  const each = (performance.now() - began) / (4 * queries.length);
  assert.ok(each < 150, `${each} ms for one (50 on a quiet machine)`);
});

test("requests wait instead of failing for good, and machines at hand are known", async () => {
  for (const url of ["http://192.168.1.4:8000/x", "https://10.1.2.3/x", "http://simpul.local/x", "http://[fe80::1]/x", "http://172.20.0.1/"]) assert.ok(isLocal(url), url);
  for (const url of ["https://simpul.example.org/x", "http://8.8.8.8/", "http://172.40.0.1/"]) assert.ok(!isLocal(url), url);
  const asked = [];
  const wire = new Wire("https://x.example/", async (url, how) => {
    asked.push([url, how]);
    return new Response('{"a": 1}', { status: 200, headers: { "Retry-After": "7" } });
  });
  wire.token = "t";
  assert.deepEqual(await wire.call("hello", { json: { b: 1 } }), { status: 200, body: { a: 1 }, bytes: null, retry: 7 });
  assert.equal(asked[0][0], "https://x.example/sync/v1/hello");
  assert.equal(asked[0][1].headers.Authorization, "Simpul t");
  assert.equal(asked[0][1].credentials, "omit");
  const broken = new Wire("https://x.example", async () => {
    throw new TypeError("Failed to fetch");
  });
  assert.equal(await refusal(() => broken.call("hello")), "net.failed");
  const slow = new Wire("https://x.example", (_url, { signal }) => new Promise((_done, fail) => signal.addEventListener("abort", () => fail(new Error("aborted")))));
  await assert.rejects(slow.call("hello", { limit: 10 }), (fault) => fault.facts.why === "slow");
  const spaces = [];
  const local = new Wire("http://192.168.4.1", async (_url, how) => {
    spaces.push(how.targetAddressSpace);
    if (how.targetAddressSpace === "local") throw new TypeError("The provided value 'local' is not a valid enum value of type RequestTargetAddressSpace");
    return new Response("{}", { status: 200 });
  });
  await local.call("carry", { bytes: new Uint8Array(1) });
  assert.deepEqual(spaces, ["local", "private"]);
  assert.equal(b64(new Uint8Array([255])), "_w");
});
