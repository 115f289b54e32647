/**
 * A segment: up to fifty events of one epoch, written small. An envelope: a segment sealed to the server and signed by the device
 * (docs/sync-protocol.md sections 4 and 5). The twin of simpul/sync/rules/segments.py; tests/vectors/sync/segments.json holds the two together.
 * A phone writes segments and never reads one: reading is in tests/field/unpack.mjs.
 *
 * @typedef {import("./chain.js").ChainEvent} ChainEvent
 * @typedef {{device: string, epoch: string, events: ChainEvent[], offset: number | null}} Segment `offset`: the device's clock minus the server's (ms), or null
 * @typedef {{device: string, epoch: string, first: number, count: number, prev: Uint8Array, head: Uint8Array, key: string, sealed: Uint8Array,
 *   signature: Uint8Array}} Envelope
 * @typedef {[number, Uint8Array][]} Runs from which number on which run was open
 */

import { b64, canonical, hex, joined, unb64, utf8 } from "./canonical.js";
import * as chain from "./chain.js";
import * as columns from "./columns.js";
import { deflate } from "./packing.js";
import { sha256 } from "./sha256.js";

export const MOST_EVENTS = 50;
export const ABOUT_BYTES = 6000;
const LARGEST_SEALED = 1_000_000;
const LARGEST_HEADER = 4000;
const MAGIC = utf8("SMPL1");

/** The bytes are no segment or no envelope of this protocol. `reason`: truncated, foreign, future, broken. */
export class SegmentUnreadable extends Error {
  /** @param {string} reason @param {string} [words] */
  constructor(reason, words = "") {
    super(words || reason);
    this.name = "SegmentUnreadable";
    this.reason = reason;
  }
}

// --- the inside -------------------------------------------------------------------------------------------------------------------------

/** The inside of an envelope. @param {Segment} segment @param {Runs} runs @returns {Promise<Uint8Array>} */
export async function pack(segment, runs) {
  return deflate(utf8(JSON.stringify(documentOf(segment, runs))));
}

/** @param {Segment} segment @param {Runs} runs */
export function documentOf({ device, epoch, events, offset }, runs) {
  const kinds = [...new Set(events.map((event) => event.kind))].sort();
  const tables = kinds.map((kind) =>
    columns.turn(events.filter((event) => event.kind === kind).map((event) => rowOf(event, runAt(runs, event.seq)))),
  );
  return {
    v: chain.VERSION,
    d: device,
    e: epoch,
    a: events[0].seq,
    p: b64(events[0].prev),
    o: offset,
    r: runs.map(([seq, run]) => [seq, b64(run)]),
    k: kinds,
    i: lengths(events.map((event) => kinds.indexOf(event.kind))),
    t: events.map((event, place) => event.at - (place ? events[place - 1].at : 0)),
    c: tables,
  };
}

/** @param {number[]} places @returns {[number, number][]} */
function lengths(places) {
  /** @type {[number, number][]} */
  const found = [];
  for (const place of places) {
    const last = found[found.length - 1];
    if (last && last[0] === place) last[1] += 1;
    else found.push([place, 1]);
  }
  return found;
}

/** @param {ChainEvent} event @param {Uint8Array} run */
function rowOf(event, run) {
  const own = new Map();
  for (let place = 0; place < columns.MOST_OWN_IDS; place += 1) own.set(ownId(event, run, place), place);
  /** @type {Record<string, any>} */
  const row = { u: columns.shorten(event.subject, own) };
  const cut = event.subject.indexOf(":");
  const key = event.subject.slice(cut + 1);
  if (cut >= 0 && own.has(key)) row.u = `~${own.get(key)}:${event.subject.slice(0, cut)}`;
  if (event.body === null) {
    row.b = b64(event.bodyHash);
    return row;
  }
  for (const [name, value] of Object.entries(event.body.d)) row[`d:${name}`] = columns.shorten(value, own);
  for (const [name, value] of Object.entries(event.body.s ?? {})) row[`s:${name}`] = columns.shorten(value, own);
  return row;
}

/** @param {{device: string, epoch: string, seq: number, at: number}} event @param {Uint8Array} run @param {number} place */
function ownId(event, run, place) {
  return chain.newId(event.device, event.epoch, event.seq, event.at, run, place);
}

/** @param {Runs} runs @param {number} seq */
function runAt(runs, seq) {
  const open = runs.filter(([first]) => first <= seq);
  if (!open.length) throw new SegmentUnreadable("broken", "no run");
  return open[open.length - 1][1];
}

/** @param {unknown} value @param {number} [least] */
function isWhole(value, least = -(2 ** 53)) {
  return Number.isSafeInteger(value) && /** @type {number} */ (value) >= least;
}

// --- the outside ------------------------------------------------------------------------------------------------------------------------

/** What the seal of a segment is bound to. @param {string} device @param {string} epoch @param {number} first @param {number} count */
export function infoOf(device, epoch, first, count) {
  return canonical(["simpul-segment", chain.VERSION, device, epoch, first, count]);
}

/** What the device signs. @param {Omit<Envelope, "signature">} one */
export function signedOf(one) {
  return canonical([
    "simpul-envelope",
    chain.VERSION,
    one.device,
    one.epoch,
    one.first,
    one.count,
    b64(one.prev),
    b64(one.head),
    one.key,
    b64(sha256(one.sealed)),
  ]);
}

/** The same envelope has the same name everywhere. @param {Omit<Envelope, "signature">} one */
export function nameOf(one) {
  return hex(sha256(signedOf(one)));
}

/** Envelopes one after the other. @param {Envelope[]} envelopes @returns {Uint8Array} */
export function write(envelopes) {
  return joined(MAGIC, ...envelopes.flatMap(framed));
}

/** @param {Envelope} one @returns {Uint8Array[]} */
function framed(one) {
  const header = canonical({
    v: chain.VERSION,
    d: b64(chain.uuidBytes(one.device)),
    e: one.epoch,
    a: one.first,
    n: one.count,
    p: b64(one.prev),
    h: b64(one.head),
    k: one.key,
    s: b64(one.signature),
  });
  return [length(header), header, length(one.sealed), one.sealed];
}

/** @param {Uint8Array} part */
function length(part) {
  const found = new Uint8Array(4);
  new DataView(found.buffer).setUint32(0, part.length);
  return found;
}

/** The envelopes again; nothing of a broken delivery is taken. Throws SegmentUnreadable. @param {Uint8Array} data @returns {Envelope[]} */
export function read(data) {
  if (!MAGIC.every((byte, place) => data[place] === byte)) throw new SegmentUnreadable("foreign");
  const found = [];
  let place = MAGIC.length;
  const part = (/** @type {number} */ most) => {
    if (place + 4 > data.length) throw new SegmentUnreadable("truncated");
    const size = new DataView(data.buffer, data.byteOffset + place, 4).getUint32(0);
    if (size > most) throw new SegmentUnreadable("broken", "length");
    if (place + 4 + size > data.length) throw new SegmentUnreadable("truncated");
    place += 4 + size;
    return data.slice(place - size, place);
  };
  while (place < data.length) {
    const header = part(LARGEST_HEADER);
    found.push(envelopeOf(header, part(LARGEST_SEALED)));
  }
  return found;
}

/** @param {Uint8Array} header @param {Uint8Array} sealed @returns {Envelope} */
function envelopeOf(header, sealed) {
  let one;
  try {
    const said = JSON.parse(new TextDecoder().decode(header));
    if (said.v !== chain.VERSION) throw new SegmentUnreadable("future");
    const device = unb64(said.d);
    one = {
      device: device.length === 16 ? chain.uuidFrom(device) : "",
      epoch: said.e,
      first: said.a,
      count: said.n,
      prev: unb64(said.p),
      head: unb64(said.h),
      key: said.k,
      sealed,
      signature: unb64(said.s),
    };
  } catch (fault) {
    throw fault instanceof SegmentUnreadable ? fault : new SegmentUnreadable("broken", String(fault));
  }
  const fine =
    one.device && chain.EPOCH.test(one.epoch) && isWhole(one.first, 1) && isWhole(one.count, 1) && one.count <= MOST_EVENTS &&
    one.head.length === 32 && one.prev.length === 32 && one.signature.length === 64 && typeof one.key === "string" && one.key.length === 8;
  if (!fine) throw new SegmentUnreadable("broken", "header");
  return one;
}
