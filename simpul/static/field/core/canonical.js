/**
 * One spelling for every value, so that this program and the server hash the same bytes (docs/sync-protocol.md section 2).
 * The twin of simpul/sync/rules/canonical.py; tests/vectors/sync/canonical.json holds the two together.
 */

const LOUD = new TextEncoder();
const DEEPEST = 32;
const B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const B64_VALUES = new Map([...B64].map((sign, place) => [sign.charCodeAt(0), place]));

/** A value that the two sides would not spell alike. */
export class NotCanonical extends Error {
  /** @param {string} why */
  constructor(why) {
    super(why);
    this.name = "NotCanonical";
  }
}

/** @param {string} text @returns {Uint8Array} */
export function utf8(text) {
  return LOUD.encode(text);
}

/**
 * The bytes of a value. Throws NotCanonical for fractions, numbers above 53 bits, broken text, keys that are not ASCII, other types.
 * @param {unknown} value @returns {Uint8Array}
 */
export function canonical(value) {
  return utf8(spelled(value));
}

/** The same as text. @param {unknown} value @returns {string} */
export function spelled(value) {
  return spell(value, 0);
}

/** Let a value pass that both sides spell alike. @param {unknown} value */
export function check(value) {
  spell(value, 0);
}

/** @param {any} value @param {number} depth @returns {string} */
function spell(value, depth) {
  if (depth > DEEPEST) throw new NotCanonical("too deep");
  if (value === null || value === true || value === false) return String(value);
  if (typeof value === "number") {
    if (!Number.isInteger(value)) throw new NotCanonical("a fraction");
    if (!Number.isSafeInteger(value)) throw new NotCanonical("a number of more than 53 bits");
    return String(value === 0 ? 0 : value);
  }
  if (typeof value === "string") {
    if (isBroken(value)) throw new NotCanonical("broken text");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${Array.from(value, (one) => spell(one, depth + 1)).join(",")}]`;
  if (isPlain(value)) {
    const parts = Object.keys(value).sort().map((key) => `${spellKey(key)}:${spell(value[key], depth + 1)}`);
    return `{${parts.join(",")}}`;
  }
  throw new NotCanonical(`a value of type ${typeof value}`);
}

/** @param {string} key */
function spellKey(key) {
  if (!/^[\x00-\x7f]*$/.test(key) || key === "__proto__") throw new NotCanonical("a key that is not ASCII");
  return JSON.stringify(key);
}

/** @param {any} value */
function isPlain(value) {
  if (typeof value !== "object" || value === null) return false;
  const kind = Object.getPrototypeOf(value);
  return kind === Object.prototype || kind === null;
}

/** True when a half of a surrogate pair stands alone. @param {string} text */
export function isBroken(text) {
  return /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

/** Bytes as base64url without padding. @param {Uint8Array} data @returns {string} */
export function b64(data) {
  let words = "";
  for (let place = 0; place < data.length; place += 3) {
    const bits = (data[place] << 16) | ((data[place + 1] ?? 0) << 8) | (data[place + 2] ?? 0);
    const signs = Math.min(4, data.length - place + 1);
    for (let sign = 0; sign < signs; sign += 1) words += B64[(bits >> (18 - 6 * sign)) & 63];
  }
  return words;
}

/** The bytes again; throws for anything that is no base64url. @param {string} words @returns {Uint8Array} */
export function unb64(words) {
  if (typeof words !== "string" || words.length % 4 === 1) throw new Error("no base64url");
  const data = new Uint8Array(Math.floor((words.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let place = 0;
  for (let sign = 0; sign < words.length; sign += 1) {
    const value = B64_VALUES.get(words.charCodeAt(sign));
    if (value === undefined) throw new Error("no base64url");
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      data[place] = (bits >> held) & 255;
      place += 1;
    }
  }
  return data;
}

/** @param {Uint8Array} data @returns {string} lower case */
export function hex(data) {
  let words = "";
  for (const byte of data) words += byte.toString(16).padStart(2, "0");
  return words;
}

/** @param {string} words @returns {Uint8Array} */
export function unhex(words) {
  return Uint8Array.from(words.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {...Uint8Array} parts @returns {Uint8Array} */
export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/** @param {Uint8Array} a @param {Uint8Array} b */
export function same(a, b) {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}
