/**
 * What an edit carries of the value its author had before their eyes; the twin of `seen_hash` and `seen_of` in simpul/people/rules/history.py,
 * held together by tests/vectors/seen.json.
 */

import { hex, utf8 } from "./canonical.js";
import { sha256 } from "./sha256.js";

/** The first 8 hex signs of the hash of a value's text; "" for an unknown value. @param {string} text */
export function seenHash(text) {
  return text ? hex(sha256(utf8(text)).slice(0, 4)) : "";
}

/** The same of a field in doubt: over all values that stand, each once, sorted, joined by "|". Of one value, its own. @param {string[]} texts */
export function seenOf(texts) {
  return seenHash([...new Set(texts)].sort(byPoint).join("|"));
}

/** Order by code points, as the server sorts; JavaScript's own order is by halves of pairs. @param {string} a @param {string} b */
export function byPoint(a, b) {
  const left = Array.from(a, (sign) => /** @type {number} */ (sign.codePointAt(0)));
  const right = Array.from(b, (sign) => /** @type {number} */ (sign.codePointAt(0)));
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    if (left[place] !== right[place]) return left[place] - right[place];
  }
  return left.length - right.length;
}
