/**
 * The name of an event, its place in the chain, and the keys that are born with it (docs/sync-protocol.md section 3).
 * The twin of simpul/sync/rules/chain.py; tests/vectors/sync/chain.json holds the two together.
 *
 * @typedef {{d: Record<string, any>, s?: Record<string, string>}} Body
 * @typedef {{device: string, epoch: string, seq: number, prev: Uint8Array, kind: string, at: number, subject: string, bodyHash: Uint8Array,
 *   body: Body | null, salt: Uint8Array, hash: Uint8Array}} ChainEvent `hash` is what the next event is chained to; `body` is null after an erasure
 */

import { b64, canonical, check, hex, joined, same, unhex, utf8 } from "./canonical.js";
import { hmac, sha256 } from "./sha256.js";

export const VERSION = 1;
export const EPOCH = /^[0-9a-f]{10}$/;
export const KIND = /^[a-z_]{2,30}\.[a-z_]{2,30}\/[0-9]{1,3}$/;
export const LARGEST_TIME = 253402300799999;
export const LONGEST_SUBJECT = 80;
export const RUN_BYTES = 16;
const SALT_BYTES = 16;

/** What the first event of an epoch is chained to. @param {string} device @param {string} epoch */
export function genesis(device, epoch) {
  return sha256(canonical(["simpul-epoch", VERSION, device, epoch]));
}

/** The salt of one event. @param {Uint8Array} run @param {string} epoch @param {number} seq */
export function saltOf(run, epoch, seq) {
  return hmac(run, utf8(`salt:${epoch}:${seq}`)).slice(0, SALT_BYTES);
}

/** What is erased as one. @param {Record<string, any>} data @param {Record<string, string> | null} [seen] @returns {Body} */
export function bodyOf(data, seen) {
  return seen && Object.keys(seen).length ? { d: data, s: seen } : { d: data };
}

/** @param {Body} body @param {Uint8Array} salt */
export function hashOfBody(body, salt) {
  return sha256(joined(salt, canonical(body)));
}

/** The hash of an event by its head. @param {Omit<ChainEvent, "hash">} event */
export function hashOf(event) {
  const { device, epoch, seq, prev, kind, at, subject, bodyHash } = event;
  return sha256(canonical(["simpul-event", VERSION, device, epoch, seq, b64(prev), kind, at, subject, b64(bodyHash)]));
}

/**
 * The key of the `place`-th thing that an event brings into the world: a UUIDv7 that need not travel, since both sides derive it.
 * @param {string} device @param {string} epoch @param {number} seq @param {number} at @param {Uint8Array} run @param {number} place
 */
export function newId(device, epoch, seq, at, run, place = 0) {
  const named = canonical(["simpul-id", VERSION, device, epoch, seq, place]);
  const bits = BigInt(`0x${hex(sha256(joined(named, run)).slice(0, 10))}`) >> 6n;
  const stamp = BigInt(Math.min(Math.max(at, 0), 2 ** 48 - 1));
  return uuidOf((stamp << 80n) | (7n << 76n) | ((bits >> 62n) << 64n) | (2n << 62n) | (bits & ((1n << 62n) - 1n)));
}

/** @param {bigint} value @returns {string} */
export function uuidOf(value) {
  const signs = value.toString(16).padStart(32, "0");
  return [signs.slice(0, 8), signs.slice(8, 12), signs.slice(12, 16), signs.slice(16, 20), signs.slice(20)].join("-");
}

/** The sixteen bytes of a key. @param {string} uuid */
export function uuidBytes(uuid) {
  return unhex(uuid.replace(/-/g, ""));
}

/** @param {Uint8Array} bytes @returns {string} */
export function uuidFrom(bytes) {
  return uuidOf(BigInt(`0x${hex(bytes)}`));
}

/**
 * Write an event. Throws NotCanonical for inputs that the two sides would not spell alike.
 * @param {{device: string, epoch: string, seq: number, prev: Uint8Array, kind: string, at: number, subject: string,
 *   data: Record<string, any>, seen?: Record<string, string> | null, run: Uint8Array}} given
 * @returns {ChainEvent}
 */
export function make({ device, epoch, seq, prev, kind, at, subject, data, seen, run }) {
  const body = bodyOf(data, seen);
  check([body, at, subject]);
  const salt = saltOf(run, epoch, seq);
  return chained({ device, epoch, seq, prev, kind, at, subject, bodyHash: hashOfBody(body, salt), body, salt });
}

/** The event with its hash. @param {Omit<ChainEvent, "hash">} event @returns {ChainEvent} */
export function chained(event) {
  return { ...event, hash: hashOf(event) };
}

/** True when the body is the one that was hashed; an erased one has no body to compare. @param {ChainEvent} event */
export function isWhole(event) {
  return event.body === null || same(hashOfBody(event.body, event.salt), event.bodyHash);
}

/** A new epoch's name: ten hex signs drawn at random. */
export function newEpoch() {
  return hex(crypto.getRandomValues(new Uint8Array(5)));
}

/** Sixteen random bytes, drawn each time a vault is unlocked. */
export function newRun() {
  return crypto.getRandomValues(new Uint8Array(RUN_BYTES));
}
