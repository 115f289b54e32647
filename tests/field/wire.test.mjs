// What is hashed, chained, packed, sealed: byte for byte as the server does it.

import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";

import { b64, canonical, check, NotCanonical, unb64 } from "../../simpul/static/field/core/canonical.js";
import * as chain from "../../simpul/static/field/core/chain.js";
import * as columns from "../../simpul/static/field/core/columns.js";
import { deflate, inflate } from "../../simpul/static/field/core/packing.js";
import * as sealing from "../../simpul/static/field/core/sealing.js";
import { seenHash, seenOf } from "../../simpul/static/field/core/seen.js";
import * as segments from "../../simpul/static/field/core/segments.js";
import { hmac, sha256 } from "../../simpul/static/field/core/sha256.js";
import { bytes, hexOf, refusal, vectors } from "./helpers.mjs";
import { lengthen, unpack } from "./unpack.mjs";

test("SHA-256 and HMAC give what the system's library gives, at every length around the blocks", () => {
  for (let size = 0; size < 200; size += 1) {
    const data = randomBytes(size);
    assert.equal(hexOf(sha256(data)), createHash("sha256").update(data).digest("hex"));
    assert.equal(hexOf(hmac(data, data)), createHmac("sha256", data).update(data).digest("hex"));
  }
});

test("values are spelled alike, and refused alike", () => {
  const samples = vectors("sync/canonical");
  for (const { value, text } of samples.values) assert.equal(new TextDecoder().decode(canonical(value)), text);
  for (const text of samples.refused) assert.throws(() => check(JSON.parse(text)), NotCanonical, text);
  for (const value of [undefined, NaN, 1n, new Date(), () => 1, { a: undefined }, JSON.parse('{"__proto__": 1}')]) assert.throws(() => check(value), NotCanonical);
  for (const { hex, text } of samples.b64) {
    assert.equal(b64(bytes(hex)), text);
    assert.equal(hexOf(unb64(text)), hex);
  }
  for (const text of samples.no_b64) assert.throws(() => unb64(text), undefined, text);
});

test("what an author had seen is hashed alike", () => {
  for (const { text, texts, hash } of vectors("seen")) assert.equal(texts ? seenOf(texts) : seenHash(text), hash);
  assert.equal(seenOf([]), "");
  assert.equal(seenOf(["b", "a", "b"]), seenHash("a|b"));
  assert.equal(seenOf(["\u{1f91f}", "\uffee"]), seenHash("\uffee|\u{1f91f}"), "sorted by code points, not by halves of pairs");
});

test("events have the same hashes, salts and new keys", () => {
  const { device, epoch, genesis, events, ids } = vectors("sync/chain");
  assert.equal(b64(chain.genesis(device, epoch)), genesis);
  let prev = chain.genesis(device, epoch);
  for (const one of events) {
    const run = unb64(one.run);
    const made = chain.make({ device, epoch, seq: one.seq, prev, kind: one.kind, at: one.at, subject: one.subject, data: one.data, seen: one.seen, run });
    assert.equal(b64(made.salt), one.salt);
    assert.equal(b64(made.bodyHash), one.body_hash);
    assert.equal(b64(made.hash), one.hash);
    one.ids.forEach((id, place) => assert.equal(chain.newId(device, epoch, one.seq, one.at, run, place), id));
    assert.ok(chain.isWhole(made));
    assert.ok(!chain.isWhole({ ...made, body: { d: { ...one.data, changed: 1 } } }));
    prev = made.hash;
  }
  for (const one of ids) assert.equal(chain.newId(device, epoch, one.seq, one.at, unb64(one.run), one.place), one.id);
});

test("rows and columns turn into each other alike", () => {
  const samples = vectors("sync/columns");
  for (const { rows, columns: turned } of samples.rows) {
    assert.deepEqual(columns.turn(rows), turned);
    assert.deepEqual(columns.rowsOf(turned, rows.length), rows);
  }
  for (const { columns: broken, count } of samples.broken) assert.throws(() => columns.rowsOf(broken, count), columns.ColumnsUnreadable);
  const own = new Map(Object.entries(samples.own));
  const back = (place) => Object.keys(samples.own)[place];
  for (const { value, short } of samples.short) {
    assert.deepEqual(columns.shorten(value, own), short);
    assert.deepEqual(lengthen(short, back), value);
  }
  for (const value of samples.no_key) assert.throws(() => lengthen(value, back), columns.ColumnsUnreadable);
});

test("segments hold the same, and what is broken is refused for the same reason", async () => {
  const { device, epoch, segments: samples, broken } = vectors("sync/segments");
  for (const one of samples) {
    const found = await unpack(bytes(one.packed));
    assert.deepEqual({ device: found.device, epoch: found.epoch, offset: found.offset }, { device, epoch, offset: one.offset });
    assert.deepEqual(found.events.map(plain), one.events);
    const runs = one.runs.map(([seq, run]) => [seq, unb64(run)]);
    assert.deepEqual(segments.documentOf(found, runs), one.document);
    assert.deepEqual((await unpack(await segments.pack(found, runs))).events.map(plain), one.events);
  }
  // Bytes behind the end are refused by browsers, as the standard has it; Node's own stream reads past them.
  for (const { hex, reason, behind } of broken) if (!behind) assert.equal(await refusal(() => unpack(bytes(hex))), reason);
});

function plain(event) {
  const { seq, kind, at, subject, body, bodyHash, prev, hash } = event;
  return { seq, kind, at, subject, body, body_hash: b64(bodyHash), prev: b64(prev), hash: b64(hash) };
}

/** The key of the samples, from its scalar. */
async function serverKey({ seal_private_scalar: scalar, seal_public: given }) {
  const point = unb64(given);
  const jwk = { kty: "EC", crv: "P-256", d: b64(bytes(scalar)), x: b64(point.slice(1, 33)), y: b64(point.slice(33)) };
  const privateKey = await crypto.subtle.importKey("jwk", jwk, { name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const publicKey = await crypto.subtle.importKey("raw", point, { name: "ECDH", namedCurve: "P-256" }, true, []);
  return { pair: { privateKey, publicKey }, public: point };
}

test("envelopes have the same frames, names and signatures, and what Python sealed opens here", async () => {
  const samples = vectors("sync/envelopes");
  const [one, ...rest] = segments.read(bytes(samples.framed));
  assert.equal(rest.length, 0);
  assert.equal(hexOf(segments.write([one])), samples.framed);
  assert.equal(hexOf(segments.write([one, one])), samples.twice);
  assert.equal(segments.read(bytes(samples.twice)).length, 2);
  assert.equal(new TextDecoder().decode(segments.signedOf(one)), samples.signed);
  assert.equal(segments.nameOf(one), samples.name);
  assert.equal(sealing.keyId(unb64(samples.seal_public)), samples.key);
  const info = segments.infoOf(one.device, one.epoch, one.first, one.count);
  assert.equal(new TextDecoder().decode(info), samples.info);
  const key = await serverKey(samples);
  assert.equal(hexOf(await sealing.open(key, one.sealed, info)), samples.packed);
  assert.equal(await refusal(() => sealing.open(key, one.sealed, segments.infoOf(one.device, one.epoch, 2, one.count))), "seal.cannot_open");
  const seed = Buffer.concat([bytes("302e020100300506032b657004220420"), bytes(samples.sign_seed)]);
  const made = await sealing.signKey({ algorithm: "ed25519", private: new Uint8Array(seed), public: new Uint8Array() });
  assert.equal(b64(await sealing.sign(made, segments.signedOf(one))), samples.signature);
  for (const { hex, reason } of samples.broken) assert.equal(await refusal(() => segments.read(bytes(hex))), reason, hex.slice(0, 60));
});

test("keys of a device sign and open, and can be wrapped", async () => {
  for (const words of [await sealing.newSignKey(), await p256()]) {
    const key = await sealing.signKey(words);
    const data = canonical(["anything", 1]);
    const signature = await sealing.sign(key, data);
    assert.equal(signature.length, 64);
    assert.ok(await sealing.signedBy(key.algorithm, words.public, data, signature));
    assert.ok(!(await sealing.signedBy(key.algorithm, words.public, canonical(["other", 1]), signature)));
    assert.ok(!(await sealing.signedBy(key.algorithm, new Uint8Array(5), data, signature)));
    assert.equal(key.key.extractable, false);
  }
  const words = await sealing.newSealKey();
  const key = await sealing.sealKey(words);
  const sealed = await sealing.seal(words.public, new Uint8Array([1, 2, 3]), canonical(["here"]));
  assert.equal(sealed.length, 3 + sealing.OVERHEAD);
  assert.deepEqual(await sealing.open(key, sealed, canonical(["here"])), new Uint8Array([1, 2, 3]));
});

async function p256() {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const [secret, point] = [await crypto.subtle.exportKey("pkcs8", pair.privateKey), await crypto.subtle.exportKey("raw", pair.publicKey)];
  return { algorithm: "p256", private: new Uint8Array(secret), public: new Uint8Array(point) };
}

test("nothing grows above its limit, and cut-off bytes are refused", async () => {
  const packed = await deflate(new Uint8Array(100_000));
  assert.equal((await inflate(packed, 100_000)).length, 100_000);
  await assert.rejects(inflate(packed, 99_999), RangeError);
  await assert.rejects(inflate(packed.slice(0, -2), 200_000));
});

test("fifty events of a day stay below the aim of sixty bytes for each", async () => {
  const device = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
  const [epoch, run] = [chain.newEpoch(), chain.newRun()];
  let prev = chain.genesis(device, epoch);
  const events = Array.from({ length: 50 }, (_one, place) => {
    const data = { visit_id: chain.newId(device, epoch, place + 1, place, run), household_id: hexOf(randomBytes(5)), outcome: "met", visited_ms: 1764115200000 + place * 600_000 };
    const event = chain.make({ device, epoch, seq: place + 1, prev, kind: "visit.record/1", at: place, subject: `household:${data.household_id}`, data, run });
    prev = event.hash;
    return event;
  });
  const packed = await segments.pack({ device, epoch, events, offset: 0 }, [[1, run]]);
  assert.ok(packed.length / 50 < 60, `${packed.length / 50} bytes each`);
});
