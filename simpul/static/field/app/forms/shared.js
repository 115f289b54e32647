// What several forms ask in the same way: fields of the register, who said it, persons of a household, times, places.

import * as checks from "../../core/checks.js";
import { dateOf, isoOf } from "../asks.js";
import * as live from "../live.js";
import { named, t, todayIso } from "../texts.js";
import * as words from "../words.js";

const FEW = 7;
const VILLAGE_SIGNS = 10;

export const own = (place) => live.field.own(place);

/** Only what was answered: no key for what nobody said. */
export function given(parts) {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && !value.length)));
}

export async function household(id) {
  return id ? live.current().row("households", id) : null;
}

export async function person(id) {
  return id ? live.current().row("persons", id) : null;
}

export async function members(id) {
  if (!id) return [];
  const list = await live.current().rows("persons", { household: id });
  return list.map((one) => ({ ...one, title: words.personName(one) }));
}

export const codes = (list, key, none = "") => list.map((code) => [code, t(`${key}.${code}`)]).concat(none ? [["", none]] : []);

/** Villages of this seat. */
export function areas() {
  return live.current().areas.filter((one) => one.kind !== "sealed");
}

export async function villages() {
  const session = live.current();
  const places = await session.table("places");
  const list = [...places.values()].filter((one) => one.code.length === VILLAGE_SIGNS);
  const found = (list.length ? list : session.areas).map((one) => [one.code, one.name]);
  return found.sort((one, other) => one[1].localeCompare(other[1]));
}

export async function hamlets() {
  return [...(await live.current().table("hamlets")).values()];
}

export function placeAsks(all, homes, { need = true } = {}) {
  const inside = (a) => homes.filter((one) => !a.region || one.region === a.region).map((one) => [one.id, one.name]);
  return [
    all.length === 1 ? null : { key: "region", type: all.length > FEW ? "select" : "choice", label: t("village"), options: all, need, redraws: true, changed: (a) => delete a.hamlet },
    { key: "hamlet", type: "select", label: t("hamlet"), options: inside, when: (a) => inside(a).length > 0 },
  ];
}

export function regionOf(a, all) {
  return a.region || (all.length === 1 ? all[0][0] : "");
}

// --- Fields of the register --------------------------------------------------------------------------------------------------

/** A question for one field of the register. */
export async function fieldAsk(field, key = `f.${field.key}`) {
  const label = named(field);
  if (field.type === "code") {
    const options = await words.optionsOf(field.list || field.key);
    return options.length ? { key, type: options.length > FEW ? "select" : "choice", label, options } : null;
  }
  const bounds = { min: field.low || 0, max: field.high || undefined };
  const kinds = {
    yes_no: { type: "yesno" },
    number: { type: "number", ...bounds, max: field.high || 1_000_000 },
    year: { type: "number", min: 0, max: 2100 },
    money: { type: "amount", unit: "rupiah", ...bounds },
    area: { type: "amount", unit: "dm2", ...bounds },
    date: { type: "date", rough: false },
    sex: { type: "choice", options: codes(["P", "L"], "sex") },
    number_16: { type: "nik" },
    text: { type: "text", most: field.high || 150 },
  };
  return kinds[field.type] ? { key, label, ...kinds[field.type] } : null;
}

/** The answer as the history keeps it: "bdt/6", "750", "yes", "2026-11-25"; "" for unknown. */
export function toText(field, value) {
  if (value === null || value === undefined) return "";
  if (field.type === "area") return String(checks.amount(value, { unit: "dm2" }).value);
  if (field.type === "money") return String(checks.amount(value, { unit: "rupiah" }).value);
  if (field.type === "number" || field.type === "year") return String(Number(value));
  if (field.type === "date") return isoOf(value);
  return String(value).trim();
}

export function fromText(field, text) {
  if (text === "" || text === null || text === undefined) return undefined;
  if (field.type === "area") return String(Number(text) / 100).replace(".", ",");
  if (field.type === "date") return dateOf(text);
  return String(text);
}

/** Groups of the fields that a form asks: [{key, title, fields}]. */
export async function groupsOf(about) {
  const groups = new Map();
  for (const field of await words.fieldsOf(about)) {
    const key = String(field.step || field.group);
    if (!groups.has(key)) groups.set(key, { key, title: named(field, "group"), seen: Boolean(field.seen), fields: [] });
    groups.get(key).fields.push(field);
  }
  return [...groups.values()];
}

export async function stepsOfGroups(groups) {
  const steps = [];
  for (const group of groups) {
    const asks = (await Promise.all(group.fields.map((field) => fieldAsk(field)))).filter(Boolean);
    if (asks.length) steps.push({ key: group.key, title: group.title, asks });
  }
  return steps;
}

// --- Whose word it is -------------------------------------------------------------------------------------------------------------

export function sourceAsks() {
  return [
    { key: "source", type: "choice", label: t("source"), options: codes(["visit", "resident", "family", "officer", "document"], "source"), unknown: false },
    { key: "source_words", type: "text", label: t("source.paper"), most: 100, when: (a) => a.source === "document" },
    { key: "said_by", type: "name", label: t("source.who"), unknown: false, when: (a) => ["resident", "family"].includes(a.source) },
  ];
}

export function sourceOf(a) {
  return given({ source: a.source, source_words: a.source === "document" ? a.source_words : "", said_by: ["resident", "family"].includes(a.source) ? a.said_by : "", observed: todayIso() });
}

export const picked = (value) => (value && value.id ? value.id : undefined);
export const nameOf = (value) => (value ? value.title || value.name || "" : "");

export { dateOf, isoOf };
