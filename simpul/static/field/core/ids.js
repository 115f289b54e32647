/**
 * Case numbers, PINs, receipts and row keys, as simpul/lib/ids.py has them; tests/vectors/sync/ids.json holds the two together.
 */

import { uuidOf } from "./chain.js";

export const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
export const CHECK_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ";
/** @type {Record<string, string>} */
const LOOKALIKES = { O: "0", Q: "0", I: "1", L: "1" };
const SAID = /^[^\p{L}\p{N}_]*([0-9]{2})([0-9]{2})(?:[^\p{L}\p{N}_]+([0-9]{1,7})|([0-9]{5,7}))(?:[^\p{L}\p{N}_]*([A-Z]))?$/u;

// --- row keys ---------------------------------------------------------------------------------------------------------------------------------

let last = 0n;

/** A new UUIDv7, larger than the one before it here. */
export function uuid7() {
  const random = crypto.getRandomValues(new Uint32Array(3));
  const bits = ((BigInt(random[0]) << 64n) | (BigInt(random[1]) << 32n) | BigInt(random[2])) & ((1n << 73n) - 1n);
  let value = (BigInt(Math.max(0, Date.now())) << 74n) | bits;
  if (value >> 74n <= last >> 74n) value = last + 1n + BigInt(random[0]);
  last = value;
  const stamp = (value >> 74n) & ((1n << 48n) - 1n);
  return uuidOf((stamp << 80n) | (7n << 76n) | (((value >> 62n) & 0xfffn) << 64n) | (2n << 62n) | (value & ((1n << 62n) - 1n)));
}

/** The moment inside a UUIDv7 (ms since 1970). @param {string} uuid */
export function uuid7Moment(uuid) {
  return parseInt(uuid.replace(/-/g, "").slice(0, 12), 16);
}

// --- case numbers -----------------------------------------------------------------------------------------------------------------------------

/** @typedef {{prefix: string, year: number, month: number, sequence: number, text: string}} CaseNumber */

/** The check letter over a string of digits. @param {string} digits */
export function checkLetter(digits) {
  if (!/^[0-9]+$/.test(digits)) throw new RangeError("a check letter is made from digits only");
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % CHECK_LETTERS.length;
  return CHECK_LETTERS[rest];
}

/** ("SPL", 2026, 11, 47) -> "SPL-2611-00047-<letter>". @param {string} prefix @param {number} year @param {number} month @param {number} sequence */
export function formatCaseNumber(prefix, year, month, sequence) {
  const digits = digitsOf(year, month, sequence);
  return `${prefix}-${digits.slice(0, 4)}-${digits.slice(4)}-${checkLetter(digits)}`;
}

/** @param {number} year @param {number} month @param {number} sequence */
function digitsOf(year, month, sequence) {
  return `${String(year % 100).padStart(2, "0")}${String(month).padStart(2, "0")}${String(sequence).padStart(5, "0")}`;
}

/** A case number as people type it; null when it is not one of this installation or the check fails. @param {string} text @param {string} prefix @returns {CaseNumber | null} */
export function parseCaseNumber(text, prefix) {
  const signs = signsOf(text);
  const body = signs.startsWith(prefix) ? signs.slice(prefix.length) : signs;
  const digits = unlike(body.slice(0, -1));
  if (!/^[0-9]{9,11}$/.test(digits)) return null;
  const [year, month, sequence] = [2000 + Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4))];
  if (month < 1 || month > 12 || sequence < 1) return null;
  if (digitsOf(year, month, sequence) !== digits || checkLetter(digits) !== body.slice(-1)) return null;
  return { prefix, year, month, sequence, text: formatCaseNumber(prefix, year, month, sequence) };
}

/** A case number as officers say it: without the check letter or the leading zeros. @param {string} text @param {string} prefix @returns {CaseNumber | null} */
export function saidCaseNumber(text, prefix) {
  const plain = first(text, 64).normalize("NFKC").toUpperCase().trim();
  const found = SAID.exec(plain.startsWith(prefix) ? plain.slice(prefix.length) : plain);
  if (!found) return null;
  const [year, month, sequence] = [2000 + Number(found[1]), Number(found[2]), Number(found[3] ?? found[4])];
  if (month < 1 || month > 12 || sequence < 1 || sequence > 9_999_999) return null;
  if (found[5] !== undefined && found[5] !== checkLetter(digitsOf(year, month, sequence))) return null;
  return { prefix, year, month, sequence, text: formatCaseNumber(prefix, year, month, sequence) };
}

// --- secrets a resident holds -----------------------------------------------------------------------------------------------------------------

/** The check digit of ISO 7064 MOD 11,10. @param {string} digits */
export function checkDigit(digits) {
  let carry = 10;
  for (const sign of digits) carry = ((((carry + Number(sign)) % 10 || 10) * 2) % 11);
  return String((11 - carry) % 10);
}

/** The 16 digits of a receipt as typed with any grouping, or null. @param {string} text @returns {string | null} */
export function parseReceipt16(text) {
  const digits = unlike(signsOf(text));
  return /^[0-9]{16}$/.test(digits) && checkDigit(digits.slice(0, -1)) === digits.slice(-1) ? digits : null;
}

/** Capital ASCII letters and digits, in order; everything else is dropped. @param {string} text */
function signsOf(text) {
  return first(text, 256).normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "").slice(0, 64);
}

/** @param {string} text */
function unlike(text) {
  return text.replace(/[OQIL]/g, (sign) => LOOKALIKES[sign]);
}

/** The first signs of a text, a pair of halves being one. @param {string} text @param {number} most */
export function first(text, most) {
  return text.length <= most ? text : Array.from(text).slice(0, most).join("");
}

// --- read aloud and printed -------------------------------------------------------------------------------------------------------------------

/** @type {Record<string, string[]>} */
const DIGITS = {
  id: ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"],
  en: ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
};
const LETTERS = "a be ce de e ef ge ha i je ka el em en o pe ki er es te u ve we eks ye zet".split(" ");

/** One word per sign. @param {string} text @param {string} [language] @returns {string[]} */
export function spokenWords(text, language = "id") {
  const digits = DIGITS[language] ?? DIGITS.id;
  return [...signsOf(text)].map((sign) => (/[0-9]/.test(sign) ? digits[Number(sign)] : language === "en" ? sign : LETTERS[sign.charCodeAt(0) - 65]));
}

/** Words to read aloud, digits in pairs with a pause between; for case numbers, PINs and receipts alike. @param {string} text @param {string} [language] */
export function groupForSpeech(text, language = "id") {
  /** @type {string[]} */
  const groups = [];
  for (const part of text.trim().split(/[^0-9A-Za-z]+/)) {
    for (const chunk of part.match(/[0-9]+|[A-Za-z]+/g) ?? []) {
      if (/^[0-9]/.test(chunk)) groups.push(...pairs(chunk).map((pair) => spokenWords(pair, language).join(" ")));
      else groups.push(spokenWords(chunk, language).join("-"));
    }
  }
  return groups.join(", ");
}

/** @param {string} digits */
function pairs(digits) {
  const cut = digits.length % 2 && digits.length > 1 ? digits.length - 3 : digits.length;
  const found = digits.slice(0, cut).match(/.{1,2}/g) ?? [];
  return cut < digits.length ? [...found, digits.slice(cut)] : found;
}

/** Digits in printed groups: a PIN by 2, a receipt by 4. @param {string} digits @param {number} [size] */
export function groupDigits(digits, size = digits.length === 16 ? 4 : 2) {
  return (digits.match(new RegExp(`.{1,${size}}`, "g")) ?? []).join(" ");
}
