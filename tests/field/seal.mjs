// For test_javascript.py: seal and sign here what Python opens and checks there. Prints one line of JSON.

import { b64, canonical, unb64 } from "../../simpul/static/field/core/canonical.js";
import * as chain from "../../simpul/static/field/core/chain.js";
import * as sealing from "../../simpul/static/field/core/sealing.js";
import * as segments from "../../simpul/static/field/core/segments.js";

const to = unb64(process.argv[2]);
const [device, epoch, run] = ["0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", chain.newEpoch(), chain.newRun()];
let prev = chain.genesis(device, epoch);
const events = Array.from({ length: 50 }, (_one, place) => {
  const at = 1764115200000 + place * 61_000;
  const id = chain.newId(device, epoch, place + 1, at, run);
  const data = { visit_id: id, household_id: "aaaaaaaaaa", words: `~${place} é 🤟`, lat: -place, list: [{ x: id }, null, true] };
  const event = chain.make({ device, epoch, seq: place + 1, prev, kind: place % 3 ? "visit.record/1" : "visit.record/2", at, subject: `visit:${id}`, data, seen: place % 2 ? { a: "8a798890" } : null, run });
  prev = event.hash;
  return event;
});
const words = [await sealing.newSignKey(), await p256()];
const envelopes = [];
for (const one of words) {
  const packed = await segments.pack({ device, epoch, events, offset: -5 }, [[1, run]]);
  const sealed = await sealing.seal(to, packed, segments.infoOf(device, epoch, 1, 50));
  const bare = { device, epoch, first: 1, count: 50, prev: events[0].prev, head: prev, key: sealing.keyId(to), sealed };
  envelopes.push({ ...bare, signature: await sealing.sign(await sealing.signKey(one), segments.signedOf(bare)) });
}
const hello = canonical(["simpul-hello", 1, { device, at: 1, heads: [[epoch, 50, b64(prev)]], persisted: null }]);
console.log(JSON.stringify({
  framed: b64(segments.write(envelopes)), head: b64(prev), ids: events.map((one) => one.body.d.visit_id), names: envelopes.map(segments.nameOf), hello: b64(hello),
  keys: words.map((one) => [one.algorithm, b64(one.public)]),
}));

async function p256() {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const [secret, point] = [await crypto.subtle.exportKey("pkcs8", pair.privateKey), await crypto.subtle.exportKey("raw", pair.publicKey)];
  return { algorithm: "p256", private: new Uint8Array(secret), public: new Uint8Array(point) };
}
