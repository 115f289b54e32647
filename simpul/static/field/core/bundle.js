/**
 * Bundles: sealed envelopes, files and letters in one file that hands can carry, as bytes, as text for the share sheet, as pages of QR codes
 * (docs/sync-protocol.md section 10). The twin of simpul/sync/rules/bundles.py; tests/vectors/sync/bundles.json holds the two together.
 *
 * @typedef {{t: string, n: number, h: string}} PartName kind, bytes, hex sha256
 * @typedef {PartName & {content: Uint8Array | null, fault: "" | "truncated" | "tampered"}} Part
 * @typedef {{made: number, by: string, parts: Part[], signature: Uint8Array, faults: string[]}} Bundle
 * @typedef {{device: string, sha256: string, sealed: Uint8Array}} File_
 * @typedef {{device: string, number: number, sealed: Uint8Array}} Letter
 */

import { b64, canonical, hex, joined, same, unb64, utf8 } from "./canonical.js";
import { uuidBytes, uuidFrom } from "./chain.js";
import { FieldRefused } from "./errors.js";
import { sha256 } from "./sha256.js";

export const VERSION = 1;
export const QR_BYTES = 500;
/** More pages than this nobody photographs. */
export const MOST_PAGES = 24;
const MAGIC = utf8("SMPLB1\n");
const MAGIC_BLOBS = utf8("SMPLF1");
const MAGIC_LETTERS = utf8("SMPLL1");
const LARGEST_HEADER = 64_000;
const LARGEST_PART = 500_000_000;
const WIDTH = 76;

/** @param {string} reason @param {Record<string, unknown>} [facts] */
function refused(reason, facts = {}) {
  return new FieldRefused(`bundle.${reason}`, facts);
}

/** What the maker signs. @param {number} made @param {string} by @param {PartName[]} parts */
export function signedOf(made, by, parts) {
  return canonical(["simpul-bundle", VERSION, header(made, by, parts)]);
}

/** @param {number} made @param {string} by @param {PartName[]} parts */
function header(made, by, parts) {
  return { v: VERSION, made, by, parts: parts.map(({ t, n, h }) => ({ t, n, h })) };
}

/** Kind, size and hash of each part. @param {[string, Uint8Array][]} parts @returns {PartName[]} */
export function named(parts) {
  return parts.map(([t, content]) => ({ t, n: content.length, h: hex(sha256(content)) }));
}

/** The file. `signature` is empty when the vault was locked: then the envelopes' own signatures are what counts. @param {number} made @param {string} by @param {[string, Uint8Array][]} parts @param {Uint8Array} signature */
export function write(made, by, parts, signature) {
  const head = canonical({ ...header(made, by, named(parts)), sig: b64(signature) });
  return joined(MAGIC, head, utf8("\n\n"), ...parts.map(([, content]) => content));
}

/** What is in a file; whole parts have their bytes, the others their fault. Throws "bundle.<reason>". @param {Uint8Array} data @returns {Bundle} */
export function read(data) {
  if (!data.length) throw refused("empty");
  if (!starts(data, MAGIC)) throw refused(/^SMPLB\d{1,3}\n/.test(latin(data.slice(0, 12))) ? "future" : starts(MAGIC, data) ? "truncated" : "foreign");
  const end = data.indexOf(10, MAGIC.length);
  if (end < 0) throw refused(data.length < MAGIC.length + LARGEST_HEADER ? "truncated" : "broken");
  const said = readHeader(data.slice(MAGIC.length, end));
  if (data[end + 1] !== 10) throw refused(data.length <= end + 1 ? "truncated" : "broken");
  let place = end + 2;
  const parts = said.parts.map((/** @type {PartName} */ one) => {
    const content = data.slice(place, place + one.n);
    place += one.n;
    const fault = content.length < one.n ? "truncated" : hex(sha256(content)) !== one.h ? "tampered" : "";
    return /** @type {Part} */ ({ ...one, content: fault ? null : content, fault });
  });
  const faults = parts.map((/** @type {Part} */ one) => one.fault).filter(Boolean);
  if (data.length > place) faults.push("tampered");
  return { made: said.made, by: said.by, parts, signature: unb64(said.sig), faults: [...new Set(faults)].sort() };
}

/** @param {Uint8Array} line */
function readHeader(line) {
  let said;
  try {
    said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
    unb64(said.sig);
  } catch {
    throw refused("broken");
  }
  if (said.v !== VERSION) throw refused(Number.isInteger(said.v) && said.v > VERSION ? "future" : "broken");
  const whole = (/** @type {unknown} */ value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
  const fine =
    whole(said.made) && typeof said.by === "string" && Array.isArray(said.parts) && said.parts.length <= 200 &&
    said.parts.every((/** @type {any} */ one) => /^[a-z]{1,16}$/.test(one?.t) && whole(one.n) && one.n <= LARGEST_PART && /^[0-9a-f]{64}$/.test(one.h)) &&
    same(canonical(said), line);
  if (!fine) throw refused("broken");
  return said;
}

/** @param {Uint8Array} data @param {Uint8Array} with_ */
function starts(data, with_) {
  return data.length >= with_.length && with_.every((byte, place) => data[place] === byte);
}

/** @param {Uint8Array} data */
function latin(data) {
  return String.fromCharCode(...data);
}

// --- inside the parts -----------------------------------------------------------------------------------------------------------------------

/** What the seal of a file is bound to. @param {string} device @param {string} hash */
export function blobInfo(device, hash) {
  return canonical(["simpul-blob", VERSION, device, hash]);
}

/** @param {File_[]} files */
export function writeFiles(files) {
  return joined(MAGIC_BLOBS, ...files.flatMap((one) => framed({ v: VERSION, d: b64(uuidBytes(one.device)), h: one.sha256 }, one.sealed)));
}

/** @param {Uint8Array} data @returns {File_[]} */
export function readFiles(data) {
  return parted(data, MAGIC_BLOBS).map(([said, sealed]) => ({ device: uuidFrom(unb64(said.d)), sha256: said.h, sealed }));
}

/** @param {Letter[]} letters */
export function writeLetters(letters) {
  return joined(MAGIC_LETTERS, ...letters.flatMap((one) => framed({ v: VERSION, d: b64(uuidBytes(one.device)), n: one.number }, one.sealed)));
}

/** @param {Uint8Array} data @returns {Letter[]} */
export function readLetters(data) {
  return parted(data, MAGIC_LETTERS).map(([said, sealed]) => ({ device: uuidFrom(unb64(said.d)), number: said.n, sealed }));
}

/** @param {any} said @param {Uint8Array} content */
function framed(said, content) {
  const line = canonical(said);
  return [size(line), line, size(content), content];
}

/** @param {Uint8Array} part */
function size(part) {
  const found = new Uint8Array(4);
  new DataView(found.buffer).setUint32(0, part.length);
  return found;
}

/** @param {Uint8Array} data @param {Uint8Array} magic @returns {[any, Uint8Array][]} */
function parted(data, magic) {
  if (!starts(data, magic)) throw refused("foreign");
  /** @type {[any, Uint8Array][]} */
  const found = [];
  let place = magic.length;
  const part = (/** @type {number} */ most) => {
    if (place + 4 > data.length) throw refused("truncated");
    const length = new DataView(data.buffer, data.byteOffset + place, 4).getUint32(0);
    if (length > most) throw refused("broken");
    if (place + 4 + length > data.length) throw refused("truncated");
    place += 4 + length;
    return data.slice(place - length, place);
  };
  while (place < data.length) {
    const line = part(4000);
    const content = part(LARGEST_PART);
    let said;
    try {
      said = JSON.parse(new TextDecoder().decode(line));
    } catch {
      throw refused("broken");
    }
    if (said?.v !== VERSION) throw refused(Number.isInteger(said?.v) ? "future" : "broken");
    found.push([said, content]);
  }
  return found;
}

// --- as text --------------------------------------------------------------------------------------------------------------------------------

/** @param {Uint8Array} data @returns {string} */
export function asText(data) {
  const signs = b64(data).replace(/-/g, "+").replace(/_/g, "/");
  const full = signs + "=".repeat(-signs.length & 3);
  return `${["SIMPUL BUNDLE 1", ...(full.match(new RegExp(`.{1,${WIDTH}}`, "g")) ?? []), "END"].join("\n")}\n`;
}

/** The file again; a greeting before and a signature after it do no harm. @param {string} words @returns {Uint8Array} */
export function fromText(words) {
  const lines = words.replace(/\ufeff/g, "").split(/\r\n|\r|\n/).map((line) => line.trim().replace(/^[> ]+/, ""));
  const first = lines.findIndex((line) => /^SIMPUL BUNDLE \d{1,3}$/.test(line));
  if (first < 0) throw refused(words.trim() ? "foreign" : "empty");
  if (lines[first] !== "SIMPUL BUNDLE 1") throw refused("future");
  const end = lines.indexOf("END", first);
  if (end < 0) throw refused("truncated");
  const signs = lines.slice(first + 1, end).join("");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(signs) || signs.length % 4) throw refused("broken");
  return unb64(signs.replace(/=+$/, "").replace(/\+/g, "-").replace(/\//g, "_"));
}

// --- as pages of QR codes -------------------------------------------------------------------------------------------------------------------

const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const PAGE = /^SMPLQ(\d{1,3}):([0-9A-F]{8}):(\d{1,3})\/(\d{1,3}):([\s\S]*)$/;

/** RFC 9285. @param {Uint8Array} data */
export function base45(data) {
  let words = "";
  for (let place = 0; place < data.length; place += 2) {
    const pair = place + 1 < data.length;
    const number = pair ? data[place] * 256 + data[place + 1] : data[place];
    words += SIGNS[number % 45] + SIGNS[Math.floor(number / 45) % 45] + (pair ? SIGNS[Math.floor(number / 2025)] : "");
  }
  return words;
}

/** @param {string} words @returns {Uint8Array} */
export function fromBase45(words) {
  if (words.length % 3 === 1) throw refused("broken");
  /** @type {number[]} */
  const data = [];
  for (let place = 0; place < words.length; place += 3) {
    const group = [...words.slice(place, place + 3)].map((sign) => SIGNS.indexOf(sign));
    const number = group.reduce((sum, value, power) => sum + value * 45 ** power, 0);
    if (group.includes(-1) || number >= 256 ** (group.length - 1)) throw refused("broken");
    if (group.length === 3) data.push(number >> 8);
    data.push(number & 255);
  }
  return Uint8Array.from(data);
}

/** Pages for the camera of another phone. Throws "bundle.too_large". @param {Uint8Array} data @param {number} [size] @returns {string[]} */
export function asPages(data, size = QR_BYTES) {
  const pages = Math.max(1, Math.ceil(data.length / size));
  if (pages > MOST_PAGES) throw refused("too_large", { bytes: data.length, pages });
  const name = hex(sha256(data)).slice(0, 8).toUpperCase();
  return Array.from({ length: pages }, (_one, page) => `SMPLQ1:${name}:${page + 1}/${pages}:${base45(data.slice(page * size, (page + 1) * size))}`);
}

/** Collects pages in whatever order the camera meets them. */
export class PageReader {
  constructor() {
    this.name = "";
    this.of = 0;
    /** @type {Map<number, string>} */
    this.pages = new Map();
  }

  /** Throws "bundle.foreign", "bundle.future", "bundle.tampered". @param {string} text @returns {{have: number, of: number, done: boolean, missing: number[]}} */
  add(text) {
    const told = PAGE.exec(text.replace(/^[\r\n]+|[\r\n]+$/g, ""));
    if (!told) throw refused("foreign");
    if (told[1] !== "1") throw refused("future");
    if (this.name && this.name !== told[2]) throw refused("foreign", { other: true });
    const [page, of] = [Number(told[3]), Number(told[4])];
    const before = this.pages.get(page);
    if ((before !== undefined && before !== told[5]) || page < 1 || page > of) throw refused("tampered");
    [this.name, this.of] = [told[2], of];
    this.pages.set(page, told[5]);
    const missing = Array.from({ length: of }, (_one, place) => place + 1).filter((one) => !this.pages.has(one));
    return { have: this.pages.size, of, done: !missing.length, missing };
  }

  /** The pages as text, one on a line. */
  text() {
    return [...this.pages].map(([page, words]) => `SMPLQ1:${this.name}:${page}/${this.of}:${words}`).join("\n");
  }

  /** The file. Throws "bundle.missing", "bundle.tampered". @returns {Uint8Array} */
  data() {
    const missing = Array.from({ length: this.of }, (_one, place) => place + 1).filter((one) => !this.pages.has(one));
    if (missing.length) throw refused("missing", { missing });
    const data = joined(...Array.from({ length: this.of }, (_one, place) => fromBase45(this.pages.get(place + 1) ?? "")));
    if (!this.of || hex(sha256(data)).slice(0, 8).toUpperCase() !== this.name) throw refused("tampered");
    return data;
  }
}

/** The file out of whatever was handed over. @param {Uint8Array | string | string[]} given @returns {Uint8Array} */
export function fromAnything(given) {
  if (Array.isArray(given)) {
    const reader = new PageReader();
    given.forEach((page) => reader.add(page));
    return reader.data();
  }
  if (given instanceof Uint8Array) {
    if (/^SMPLB\d{1,3}\n/.test(latin(given.slice(0, 12))) || !given.length) return given;
    const words = new TextDecoder().decode(given);
    return /^[> ]*SIMPUL BUNDLE \d/m.test(words) || words.trimStart().startsWith("SMPLQ") ? fromAnything(words) : given;
  }
  if (given.trimStart().startsWith("SMPLQ")) return fromAnything(given.split(/\r?\n/).filter((line) => line.trim()));
  return fromText(given);
}
