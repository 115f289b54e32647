// Rows of the pack in words: names, ages, places, values of fields with their lists, doubts.

import * as live from "./live.js";
import { day, named, number, rupiah, t, tn, todayIso } from "./texts.js";
import { tag } from "./ui.js";

let relations = new Map();
let questions = new Map();

/** Words of the short lists that many lines need at once; asked for by pages before they draw. */
export async function ready() {
  const [lists, fields] = await Promise.all([live.current().table("lists"), live.current().table("fields")]);
  questions = new Map([...fields.values()].map((one) => [one.key.split(".").pop(), one]));
  relations = new Map([...lists.values()].filter((one) => one.field === "relation").map((one) => [String(one.code), one]));
}

/** What the register calls one of its questions, by the column that an entry names. */
export function questionName(key) {
  return fieldName(questions.get(key), key);
}

export function relationWords(code) {
  return code ? named(relations.get(String(code))) : "";
}

export function isHead(person) {
  return /(^|\/)1$|^head$/.test(String(person.relation || ""));
}

/** What a household is called: its own name, or that of its head. */
export async function homeName(home) {
  if (!home) return "";
  if (home.name) return home.name;
  const head = home.head && (await live.current().row("persons", home.head));
  return (head && head.name) || t("household.unnamed");
}

/** The index of an area is short; the whole row comes for one's own work, or when it is asked for. */
export function isWhole(row) {
  return row.f !== undefined || Boolean(row._ && row._.unsent);
}

export function personName(person) {
  return person.called && person.called !== person.name ? `${person.name} (${person.called})` : person.name;
}

/** Whole years from a birth date or a year; null when nothing is known. */
export function age(person) {
  const birth = person.birth ? String(person.birth) : "";
  if (!/^\d{4}/.test(birth)) return null;
  const [year, month = "07", date = "01"] = birth.split("-");
  const [nowYear, nowMonth, nowDate] = todayIso().split("-");
  const had = `${nowMonth}-${nowDate}` >= `${month}-${date}`;
  return Number(nowYear) - Number(year) - (had ? 0 : 1);
}

export function personLine(person) {
  const years = age(person);
  const parts = [
    relationWords(person.relation),
    years !== null && (person.rough || String(person.birth).length === 4 ? tn("age.about", years) : tn("age", years)),
    person.sex && t(`sex.${person.sex}`) !== `sex.${person.sex}` ? t(`sex.${person.sex}`) : "",
    person.life === "dead" || person.life === "died" ? t("life.dead") : "",
    person.nik ? t("nik.ends", { last: String(person.nik).slice(-4) }) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/** What a stop is called: its place, hamlet or village. */
export async function stopName(stop) {
  const session = live.current();
  const [hamlet, region] = await Promise.all([stop.hamlet && session.row("hamlets", stop.hamlet), stop.region && session.row("places", stop.region)]);
  return [stop.place, hamlet && hamlet.name, region && region.name].filter(Boolean).join(", ") || t("trip.stop");
}

export async function placeOf(home) {
  const session = live.current();
  const [hamlet, region] = await Promise.all([home.hamlet && session.row("hamlets", home.hamlet), home.region && session.row("places", home.region)]);
  return [home.address, hamlet && hamlet.name, region && region.name, home.landmark].filter(Boolean).join(" · ");
}

/** "belum terkirim" beside what the person's own unsent acts touch; "disisihkan" when one was put aside. */
export function unsentTag(row) {
  const own = row && row._;
  if (!own) return null;
  if (own.put_aside) return tag(t("tag.put_aside"), "bad");
  return own.unsent ? tag(t("tag.unsent"), "warn") : null;
}

export async function fieldsOf(about, { all = false } = {}) {
  const fields = await live.current().table("fields");
  const own = [...fields.values()].filter((one) => one.about === about && (all || one.asked !== false));
  return own.map((one) => ({ ...one, key: one.key.split(".").pop() }));
}

/** The options of a code field: [code, words]. */
export async function optionsOf(name) {
  const lists = await live.listOf(name);
  return lists.map((one) => [String(one.code), named(one)]);
}

/** A stored text of a field as a person reads it. */
export async function valueWords(field, text) {
  if (text === "" || text === null || text === undefined) return "";
  const session = live.current();
  const type = field ? field.type : "";
  if (type === "code") {
    const found = await session.row("lists", `${field.list || field.key}:${text}`);
    return found ? named(found) : String(text);
  }
  if (type === "yes_no") return yesNo(text);
  if (type === "money") return rupiah(Number(text));
  if (type === "area") return t("area.m2", { n: number(Number(text) / 100) });
  if (type === "number") return number(Number(text));
  if (type === "date") return day(String(text));
  if (type === "region") return ((await session.row("places", text)) || {}).name || String(text);
  if (type === "hamlet") return ((await session.row("hamlets", text)) || {}).name || String(text);
  return String(text);
}

export function yesNo(text) {
  if (["true", "yes", "1", "ya"].includes(String(text).toLowerCase())) return t("yes");
  if (["false", "no", "0", "tidak"].includes(String(text).toLowerCase())) return t("no");
  return t("unknown");
}

export function fieldName(field, key) {
  return field ? named(field) : t(`field.${key}`) === `field.${key}` ? key : t(`field.${key}`);
}
