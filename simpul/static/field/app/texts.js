// Words: every sentence a person sees comes from the catalogue of the language they chose. Dates and numbers in words too.

const root = document.documentElement;
export const BASE = root.dataset.base;
export const VERSION = root.dataset.version;
export const PLACE = root.dataset.place;
const LANGUAGE_KEY = "lapangan.bahasa";
const DAY_MS = 86_400_000;

let words = {};
let language = "id";
let column = 0;

export async function loadTexts(wanted) {
  language = wanted === "en" ? "en" : "id";
  column = language === "en" ? 1 : 0;
  if (!has("app.short")) words = await (await fetch(`${BASE}teks.json`)).json();
  root.lang = language;
}

export function chosenLanguage() {
  return localStorage.getItem(LANGUAGE_KEY) || "id";
}

export async function chooseLanguage(wanted) {
  localStorage.setItem(LANGUAGE_KEY, wanted);
  await loadTexts(wanted);
}

export function languageNow() {
  return language;
}

/** A sentence; places such as {n} are filled in. A key without words shows itself, so that a test finds it. */
export function t(key, given = {}) {
  if (!has(key)) return key;
  return words[key][column].replace(/\{(\w+)\}/g, (whole, name) => (name in given ? String(given[name]) : whole));
}

export function has(key) {
  return Object.hasOwn(words, key);
}

/** A sentence with a number; "<key>.1" is for exactly one, where the language tells them apart. */
export function tn(key, n, given = {}) {
  const own = n === 1 && has(`${key}.1`) ? `${key}.1` : key;
  return t(own, { n: number(n), ...given });
}

/** The name of a row of the pack in the person's language. */
export function named(row, key = "label") {
  if (!row) return "";
  return (language === "en" && row[`${key}_en`]) || row[key] || "";
}

const locale = () => (language === "en" ? "en-GB" : "id-ID");

export function number(n) {
  return new Intl.NumberFormat(locale()).format(n);
}

export function rupiah(n) {
  return `Rp${number(n)}`;
}

export function size(bytes) {
  if (bytes < 1000) return t("size.b", { n: number(bytes) });
  if (bytes < 1_000_000) return t("size.kb", { n: number(Math.round(bytes / 100) / 10) });
  if (bytes < 1_000_000_000) return t("size.mb", { n: number(Math.round(bytes / 100_000) / 10) });
  return t("size.gb", { n: number(Math.round(bytes / 100_000_000) / 10) });
}

export function todayIso(now = new Date()) {
  const two = (n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** "26 November 2026" of an ISO date or of milliseconds; "1984" of a year alone. */
export function day(value) {
  if (value === "" || value === null || value === undefined) return "";
  if (typeof value === "string" && /^\d{4}$/.test(value)) return value;
  const date = typeof value === "number" ? new Date(value) : new Date(`${String(value).slice(0, 10)}T00:00:00`);
  if (Number.isNaN(date.getTime())) return String(value);
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long", year: "numeric" }).format(date);
}

export function clock(ms) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(ms));
}

/** Whole days from today to an ISO date: negative when it is over. */
export function daysTo(iso) {
  const one = new Date(`${iso.slice(0, 10)}T00:00:00`);
  const today = new Date(`${todayIso()}T00:00:00`);
  return Math.round((one - today) / DAY_MS);
}

/** "terlambat 3 hari", "hari ini", "besok", "dalam 5 hari", or the day. */
export function due(iso) {
  if (!iso) return "";
  const days = daysTo(iso);
  if (days < 0) return tn("due.late", -days);
  if (days === 0) return t("due.today");
  if (days === 1) return t("due.tomorrow");
  return days <= 14 ? tn("due.in", days) : t("due.on", { day: day(iso) });
}

/** How long ago, in words a person would use. */
export function ago(ms, now = Date.now()) {
  if (ms === null || ms === undefined) return t("ago.never");
  const minutes = Math.floor((now - ms) / 60_000);
  if (minutes < 1) return t("ago.now");
  if (minutes < 60) return tn("ago.minutes", minutes);
  if (minutes < 48 * 60) return tn("ago.hours", Math.floor(minutes / 60));
  return tn("ago.days", Math.floor(minutes / 1440));
}
