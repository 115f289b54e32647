/**
 * SHA-256 and HMAC without waiting: a form asks for a hash inside one keystroke, and a segment for five hundred of them; the browser's own
 * digest answers each only after a turn of the event loop. Large files use `crypto.subtle`. FIPS 180-4, RFC 2104.
 */

import { joined } from "./canonical.js";

const { K, H } = constants();

/** The first 32 bits of the fractional parts of roots of the first primes. */
function constants() {
  const roots = new Uint32Array(64);
  const squares = new Uint32Array(8);
  /** @param {bigint} prime @param {bigint} power Whole part of 2^32 times the root of the prime, by halving. */
  const root = (prime, power) => {
    const wanted = prime << (32n * power);
    let low = 0n;
    let high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** power <= wanted) low = middle;
      else high = middle;
    }
    return Number(low & 0xffffffffn);
  };
  for (let number = 2n, found = 0; found < 64; number += 1n) {
    let prime = true;
    for (let by = 2n; by * by <= number; by += 1n) if (number % by === 0n) prime = false;
    if (!prime) continue;
    if (found < 8) squares[found] = root(number, 2n);
    roots[found] = root(number, 3n);
    found += 1;
  }
  return { K: roots, H: squares };
}

/** @param {Uint8Array} data @returns {Uint8Array} 32 bytes */
export function sha256(data) {
  const blocks = (data.length + 72) >> 6;
  const padded = new Uint8Array(blocks << 6);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(data.length / 0x20000000));
  view.setUint32(padded.length - 4, (data.length << 3) >>> 0);
  const state = Uint32Array.from(H);
  const words = new Uint32Array(64);
  for (let block = 0; block < padded.length; block += 64) turn(state, words, view, block);
  const found = new Uint8Array(32);
  const out = new DataView(found.buffer);
  state.forEach((word, place) => out.setUint32(place * 4, word));
  return found;
}

/** @param {Uint32Array} state @param {Uint32Array} w @param {DataView} view @param {number} block */
function turn(state, w, view, block) {
  for (let t = 0; t < 16; t += 1) w[t] = view.getUint32(block + t * 4);
  for (let t = 16; t < 64; t += 1) {
    const a = w[t - 15];
    const b = w[t - 2];
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const first = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => {
    state[place] += word;
  });
}

/** @param {Uint8Array} key @param {Uint8Array} data @returns {Uint8Array} 32 bytes */
export function hmac(key, data) {
  const short = key.length > 64 ? sha256(key) : key;
  const inner = new Uint8Array(64).fill(0x36);
  const outer = new Uint8Array(64).fill(0x5c);
  short.forEach((byte, place) => {
    inner[place] ^= byte;
    outer[place] ^= byte;
  });
  return sha256(joined(outer, sha256(joined(inner, data))));
}
