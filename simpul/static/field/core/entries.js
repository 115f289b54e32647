/**
 * Entries: an event as a form wants it, as the chain has it, and as the database keeps it. Pure.
 *
 * @typedef {import("./chain.js").ChainEvent} ChainEvent
 * @typedef {{epoch: string, seq: number, kind: string, at: number, subject: string, label: string, data: Record<string, any> | null,
 *   seen: Record<string, string>, hash: string, prev: string, bodyHash: string, ids: string[], blobs: string[], bytes: number, state: string,
 *   reason: string, words: string, facts: Record<string, any>, told: boolean, passed: boolean}} Entry
 * @typedef {{kind: string, subject?: string | [string, string | Own], data: Record<string, any>, seen?: Record<string, any>, draft?: string,
 *   label?: string, number?: string, blobs?: string[]}} Wanted
 */

import { b64, NotCanonical, utf8 } from "./canonical.js";
import * as chain from "./chain.js";
import { FieldRefused } from "./errors.js";
import { seenHash, seenOf } from "./seen.js";
import { alike, textOf } from "./values.js";

/** Stands for the n-th new key of the event it is used in. */
export class Own {
  /** @param {number} place */
  constructor(place) {
    if (!Number.isInteger(place) || place < 0 || place > 9) throw new RangeError("an event brings at most ten new keys");
    this.place = place;
    Object.freeze(this);
  }
}

/** @param {number} place 0 to 9 */
export function own(place) {
  return new Own(place);
}

/** Inputs with the new keys in their places. @param {any} value @param {(place: number) => string} id @returns {any} */
export function withKeys(value, id) {
  if (value instanceof Own) return id(value.place);
  if (Array.isArray(value)) return value.map((one) => withKeys(one, id));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, withKeys(one, id)]])),
  );
}

/** What was seen, hashed: a text, the texts of a doubt, or nothing. @param {Record<string, any>} seen */
export function seenHashes(seen) {
  return Object.fromEntries(
    Object.entries(seen).map(([name, value]) => [name, Array.isArray(value) ? seenOf(value.map(textOf)) : seenHash(textOf(value))]),
  );
}

/**
 * Write the next event after `head`. Throws FieldRefused "save.bad".
 * @param {string} device @param {{epoch: string, seq: number, hash: Uint8Array}} head @param {Wanted} wanted @param {Uint8Array} run @param {number} at
 * @returns {{event: ChainEvent, ids: string[]}}
 */
export function written(device, head, wanted, run, at) {
  const seq = head.seq + 1;
  /** @type {string[]} */
  const ids = [];
  const id = (/** @type {number} */ place) => (ids[place] ??= chain.newId(device, head.epoch, seq, at, run, place));
  const subject = Array.isArray(wanted.subject) ? wanted.subject.map((one) => withKeys(one, id)).join(":") : (wanted.subject ?? "");
  const kind = wanted.kind.includes("/") ? wanted.kind : `${wanted.kind}/1`;
  if (!chain.KIND.test(kind)) throw new FieldRefused("save.bad", { why: `kind ${kind}` });
  if ([...subject].length > chain.LONGEST_SUBJECT) throw new FieldRefused("save.bad", { why: "subject" });
  try {
    const data = withKeys(wanted.data, id);
    const seen = seenHashes(wanted.seen ?? {});
    return { event: chain.make({ device, epoch: head.epoch, seq, prev: head.hash, kind, at, subject, data, seen, run }), ids };
  } catch (fault) {
    if (fault instanceof NotCanonical) throw new FieldRefused("save.bad", { why: fault.message });
    throw fault;
  }
}

/** What the database keeps of an entry. @param {Entry} one */
export function record({ kind, at, subject, label, data, seen, hash, prev, bodyHash, ids, blobs }) {
  return { kind, at, subject, label, data, seen, hash, prev, bodyHash, ids, blobs };
}

/** @param {Entry} one */
export function marksOf({ state, reason, words, facts, told, passed }) {
  return { state, reason, words, facts, told, passed };
}

/** @param {[string, number]} key @param {any} kept @param {number} bytes @returns {Entry} */
export function entryOf([epoch, seq], kept, bytes) {
  return { epoch, seq, bytes, state: "", reason: "", words: "", facts: {}, told: false, passed: false, ...kept };
}

/** @param {ChainEvent} event @param {string[]} ids @param {Wanted} item @returns {Entry} */
export function newEntry(event, ids, item) {
  const { kind, at, subject } = event;
  return entryOf(
    [event.epoch, event.seq],
    {
      kind, at, subject, label: item.label ?? "", data: event.body?.d ?? {}, seen: event.body?.s ?? {}, hash: b64(event.hash), prev: b64(event.prev),
      bodyHash: b64(event.bodyHash), ids: Array.from(ids), blobs: item.blobs ?? [],
    },
    utf8(JSON.stringify(event.body)).length,
  );
}

/** Does the entry speak of this subject ("person:<key>"): as its subject, or anywhere among its inputs? What is erased goes from all of them. @param {Entry} one @param {string} subject */
export function isOn(one, subject) {
  const [kind, key] = subject.split(":");
  const [mine, its] = one.subject.split(":");
  return (mine === kind && alike(its ?? "", key)) || names(one.data, key);
}

/** @param {any} value @param {string} key @returns {boolean} */
function names(value, key) {
  if (typeof value === "string") return IS_KEY.test(value) && alike(value, key);
  if (Array.isArray(value)) return value.some((one) => names(one, key));
  return value !== null && typeof value === "object" && Object.values(value).some((one) => names(one, key));
}

/** A whole key, or the ten signs of a short one. */
const IS_KEY = /^(?:[0-9a-f]{10}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
