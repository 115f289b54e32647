/**
 * Soft checks of what is typed in the field: NIK, telephone, day, amounts. They warn and never refuse; the server reads everything again.
 * NIK as simpul/lib/nik.py; telephones as simpul/lib/phone.py as far as Indonesian numbers go (numbers of other countries are left to the
 * server); held together by tests/vectors/sync/checks.json.
 */

import { first } from "./ids.js";

const PROVINCES = new Set("11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96 97".split(" "));
const SPACES = /[\s\x1c-\x1f\x85]/u;

/** Signs that are seen; NFKC. @param {string} text @param {number} most */
function visible(text, most) {
  return Array.from(first(text, most).normalize("NFKC")).filter((sign) => SPACES.test(sign) || !/[\p{Cf}\p{Cc}\p{Cs}]/u.test(sign)).join("");
}

// --- NIK ----------------------------------------------------------------------------------------------------------------------------------------

/** The number without blanks, dots and dashes. @param {string} text */
export function cleanNik(text) {
  return first(visible(text, 512).replace(/[\s\x1c-\x1f\x85.\-‐‑‒–—/_]+/gu, ""), 64);
}

/**
 * What is odd about a NIK; nothing when all is well.
 * @param {string} text @param {{today: string, birth?: string, sex?: string, area?: string}} known days ISO; sex "male" or "female"
 */
export function nik(text, { today, birth, sex, area = "" }) {
  const number = cleanNik(text);
  const ok16 = /^[0-9]{16}$/.test(number);
  if (!ok16) {
    const code = !number ? "empty" : /^\p{Nd}+$/u.test(number) ? "length" : "not_digits";
    return { number, ok16, area: "", birth: null, sex: null, warnings: [code] };
  }
  const day = Number(number.slice(6, 8));
  const inside = day > 40 ? "female" : "male";
  const born = birthOf(day > 40 ? day - 40 : day, Number(number.slice(8, 10)), Number(number.slice(10, 12)), today);
  const place = number.slice(0, 6);
  const odd = {
    area: !PROVINCES.has(place.slice(0, 2)) || place.slice(2, 4) === "00" || place.slice(4, 6) === "00",
    area_mismatch: Boolean(area) && !place.startsWith(area.slice(0, 6)),
    birth_date: born === null,
    birth_mismatch: Boolean(birth) && born !== null && birth !== born,
    sex_mismatch: Boolean(sex) && sex !== inside,
    serial: number.slice(12) === "0000",
  };
  return { number, ok16, area: place, birth: born, sex: inside, warnings: Object.keys(odd).filter((code) => /** @type {any} */ (odd)[code]) };
}

/** The latest such day that is not ahead. @param {number} day @param {number} month @param {number} year @param {string} today @returns {string | null} */
function birthOf(day, month, year, today) {
  const century = Math.floor(Number(today.slice(0, 4)) / 100) * 100;
  for (const whole of [century + year, century - 100 + year]) {
    const born = isoOf(whole, month, day);
    if (born && born <= today) return born;
  }
  return null;
}

/** @param {number} year @param {number} month @param {number} day @returns {string | null} null for no such day */
function isoOf(year, month, day) {
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, day);
  const right = made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  return right ? made.toISOString().slice(0, 10) : null;
}

/** "7305********0012". @param {string} text */
export function maskNik(text) {
  const number = cleanNik(text);
  if (/^[0-9]{16}$/.test(number)) return `${number.slice(0, 4)}${"*".repeat(8)}${number.slice(-4)}`;
  const shown = number.length > 4 ? number.slice(-2) : "";
  return "*".repeat(number.length - shown.length) + shown;
}

// --- telephones ---------------------------------------------------------------------------------------------------------------------------------

const MOBILE = /^8[1-35-9][0-9]{7,10}$/;
const OTHER = /^(?:800[0-9]{5,7}|80[49][0-9]{7}|8071[0-9]{6}|1500[0-9]{3}|177[0-9]{6,8})$/;
const CITIES = /^(?:2[124][0-9]{7,8}|61[0-9]{5,9})$/;
/** Second and third digits of area codes with three or more. */
const AREAS = /^(?:2(?:[35][1-4]|6[0-8]|7[1-6]|8\d|9[1-8])|3(?:1|[25][1-8]|3[1-68]|4[1-3]|6[1-3568]|7[0-469]|8\d)|4(?:0[1-589]|1[01347-9]|2[0-36-8]|3[0-24-68]|43|5[1-378]|6[1-5]|7[134]|8[1245])|5(?:1[1-35-9]|2[25-8]|3[124-9]|4[1-3589]|5[1-46]|6[1-8])|6(?:[25]\d|3[1-69]|4[1-6])|7(?:02|[125][1-9]|[36]\d|4[1-8]|7[0-36-9])|9(?:0[12]|1[013-8]|2[0-479]|5[125-8]|6[23679]|7[159]|8[01346]))[0-9]{5,8}$/;

/**
 * A number as people write it. `e164` is null when this phone cannot say (then `reason` tells, or `kind` is "other": the server will).
 * @param {string} text @returns {{typed: string, e164: string | null, kind: "mobile" | "fixed" | "short" | "other" | "unknown" | "empty", reason: string}}
 */
export function phone(text) {
  const typed = first(visible(text, 256).replace(/[\s\x1c-\x1f\x85]+/gu, " ").replace(/\p{Cc}/gu, "").trim(), 64);
  if (!typed) return { typed: "", e164: null, kind: "empty", reason: "empty" };
  const number = firstNumber(typed);
  const digits = number.replace(/\D/g, "");
  if (/^1[0-9]{2,5}$/.test(digits) && !number.includes("+")) return { typed, e164: null, kind: "short", reason: "short_code" };
  const national = nationalOf(number, digits);
  if (national === null) return { typed, e164: null, kind: "other", reason: "" };
  const kind = MOBILE.test(national) ? "mobile" : CITIES.test(national) || (national.length <= 11 && AREAS.test(national)) ? "fixed" : OTHER.test(national) ? "other" : "";
  if (kind) return { typed, e164: `+62${national}`, kind, reason: "" };
  const reason = !digits ? "not_a_number" : national.length > 17 ? "too_long" : (digits.startsWith("0") ? digits : national).length < 7 ? "too_short" : "not_in_use";
  return { typed, e164: null, kind: "unknown", reason };
}

/** Digits behind +62 or 0; null for a number of another country. @param {string} number @param {string} digits @returns {string | null} */
function nationalOf(number, digits) {
  if (number.trim().startsWith("+")) return digits.startsWith("62") ? digits.slice(2).replace(/^0/, "") : null;
  if (digits.startsWith("00")) return digits.startsWith("0062") ? digits.slice(4).replace(/^0/, "") : digits;
  if (digits.startsWith("0")) return digits.slice(1);
  return digits.startsWith("62") && digits.length > 9 ? digits.slice(2).replace(/^0/, "") : digits;
}

/** Words around it and a second number are left out. @param {string} typed */
function firstNumber(typed) {
  const plain = /^[\d\s().+\-–—/,OoIl]+$/u.test(typed) ? typed.replace(/[Oo]/g, "0").replace(/[Il]/g, "1") : typed;
  const found = plain.match(/\+?\(?\d[\d\s().\-–—]*/gu) ?? [];
  return found.find((one) => one.replace(/\D/g, "").length >= 8) ?? found[0] ?? "";
}

/** "+6281234567890" -> "0812-3456-7890"; other text as it is. @param {string} e164 */
export function showPhone(e164) {
  const national = /^\+62([0-9]{7,12})$/.exec(e164)?.[1];
  if (!national) return e164;
  if (MOBILE.test(national)) {
    const parts = national.length < 10 ? [3, 3, 3] : national.length === 10 ? [3, 4, 3] : [3, 4, 5];
    let place = 0;
    return `0${parts.map((size) => national.slice(place, (place += size))).filter(Boolean).join("-")}`;
  }
  const area = /^(?:2[124]|[36]1)/.test(national) ? 2 : 3;
  return `(0${national.slice(0, area)}) ${national.slice(area)}`;
}

/** "0812****7890". @param {string} text */
export function maskPhone(text) {
  const one = phone(text);
  if (one.kind === "short") return one.typed;
  const shown = (one.e164 ? `0${one.e164.slice(3)}` : one.typed).replace(/\D/g, "");
  if (shown.length < 8) return shown.length > 2 ? "*".repeat(shown.length - 2) + shown.slice(-2) : "*".repeat(shown.length);
  return shown.length > 10 ? `${shown.slice(0, 4)}${"*".repeat(shown.length - 8)}${shown.slice(-4)}` : "*".repeat(shown.length - 3) + shown.slice(-3);
}

// --- days ---------------------------------------------------------------------------------------------------------------------------------------

const MONTHS = [
  /^jan/, /^(?:feb|peb)/, /^mar/, /^apr/, /^(?:mei|may)/, /^jun/, /^jul/, /^(?:agu|agt|ags|aug)/, /^(?:sep)/, /^(?:okt|oct)/, /^(?:nov|nop)/, /^(?:des|dec)/,
];
const OLDEST = "1890-01-01";

/** A day as people write it: "3-5-1984", "3 Mei 1984", "1984-05-03". @param {string} text @param {string} today ISO @returns {{iso: string | null, reason: "" | "empty" | "unreadable" | "ahead" | "old"}} */
export function day(text, today) {
  const plain = visible(text, 64).trim().toLowerCase();
  if (!plain) return { iso: null, reason: "empty" };
  const iso = dayOf(plain);
  if (!iso) return { iso: null, reason: "unreadable" };
  if (iso > today) return { iso, reason: "ahead" };
  return { iso, reason: iso < OLDEST ? "old" : "" };
}

/** @param {string} plain @returns {string | null} */
function dayOf(plain) {
  const iso = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$/.exec(plain);
  if (iso) return isoOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const numbers = /^([0-9]{1,2})\s*[/.\- ]\s*([0-9]{1,2})\s*[/.\- ]\s*([0-9]{4})$/.exec(plain);
  if (numbers) return isoOf(Number(numbers[3]), Number(numbers[2]), Number(numbers[1]));
  const words = /^([0-9]{1,2})\s*[/.\- ]?\s*([a-z]{3,9})\.?\s*[/.\- ]?\s*([0-9]{4})$/.exec(plain);
  const month = words ? MONTHS.findIndex((one) => one.test(words[2])) + 1 : 0;
  return words && month ? isoOf(Number(words[3]), month, Number(words[1])) : null;
}

// --- amounts ------------------------------------------------------------------------------------------------------------------------------------

/** @type {Record<string, {per: number, small: number, large: number}>} what is typed times `per` is kept; outside of small..large it is odd */
const UNITS = {
  rupiah: { per: 1, small: 100, large: 50_000_000 },
  dm2: { per: 100, small: 400, large: 50_000 },
  m2: { per: 1, small: 4, large: 100_000 },
  gram: { per: 1000, small: 500, large: 200_000 },
  mm: { per: 10, small: 300, large: 2200 },
  whole: { per: 1, small: 0, large: 9_007_199_254_740_991 },
};

/**
 * A number in the unit people use (rupiah, m², kg, cm), as whole units of what is kept (rupiah, dm², g, mm). Points group thousands, a comma begins
 * the fraction; where a fraction makes sense, one point with one or two digits behind it is a comma as well.
 * @param {string} text @param {{unit?: string, small?: number, large?: number}} how @returns {{value: number | null, reason: "" | "empty" | "unreadable" | "fraction", odd: "" | "small" | "large"}}
 */
export function amount(text, { unit = "whole", small, large } = {}) {
  const { per, ...guard } = UNITS[unit] ?? UNITS.whole;
  const plain = visible(text, 64).replace(/^\s*rp\.?/iu, "").replace(/\s|(?:m2|m²|kg|cm)\s*$/giu, "").replace(/(?<=\d),-$/, "");
  if (!plain) return { value: null, reason: "empty", odd: "" };
  const grouped = /^\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?$/.test(plain);
  const commas = grouped ? plain.replace(/\./g, "").replace(",", ".") : per > 1 ? plain.replace(",", ".") : plain.replace(/,00?$/, "");
  const found = /^(\d{1,15})(?:\.(\d{1,3}))?$/.exec(commas);
  if (!found || (per === 1 && found[2])) return { value: null, reason: "unreadable", odd: "" };
  const value = Math.round((Number(found[1]) + Number(`0.${found[2] ?? 0}`)) * per * 1000) / 1000;
  if (!Number.isSafeInteger(value)) return { value: null, reason: "fraction", odd: "" };
  const [least, most] = [small ?? guard.small, large ?? guard.large];
  return { value, reason: "", odd: value !== 0 && value < least ? "small" : value > most ? "large" : "" };
}

/** "Rp1.250.000", "37,5 m²", "12,4 kg". @param {number} value @param {string} unit @param {string} [language] */
export function showAmount(value, unit, language = "id") {
  const { per } = UNITS[unit] ?? UNITS.whole;
  const digits = per === 1000 ? 3 : per === 100 ? 2 : per === 10 ? 1 : 0;
  const [whole, part] = (value / per).toFixed(digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, language === "en" ? "," : ".");
  const number = part ? `${grouped}${language === "en" ? "." : ","}${part}` : grouped;
  const ends = { rupiah: "", dm2: " m²", m2: " m²", gram: " kg", mm: " cm", whole: "" };
  return unit === "rupiah" ? `Rp${number}` : `${number}${/** @type {any} */ (ends)[unit] ?? ""}`;
}
