// A household and a person: what every room knows of them for this seat, and what can be done here.

import * as frame from "./frame.js";
import * as home from "./home.js";
import * as live from "./live.js";
import * as router from "./router.js";
import { ago, day, due, named, t, tn } from "./texts.js";
import { el, empty, facts, icon, link, notice, para, row, rows, section, tag } from "./ui.js";
import * as words from "./words.js";

/** The whole rows of a household come with the next answer of the server; until then the short line is shown. */
function wanted(id) {
  const session = live.current();
  if (session.want) session.want(id);
}

function missing() {
  frame.show({ title: t("gone.title"), main: empty(t("gone.title"), t("gone.text"), "house") });
}

export async function householdPage({ id }) {
  const session = live.current();
  const fresh = router.stamp();
  const found = await session.row("households", id);
  if (!found) return missing();
  await words.ready();
  const name = await words.homeName(found);
  if (!words.isWhole(found)) wanted(id);
  const of = (name) => session.rows(name, { household: id });
  const [members, cases, cards, work, entries, benefits, families] = await Promise.all(["persons", "cases", "kis", "work", "entries", "benefits", "families"].map(of));
  const persons = new Map(members.map((one) => [one.id, one]));
  const [doubt, house, place, contacts, verdicts, own] = await Promise.all([
    doubtOf(found, "household"),
    houseFacts(found),
    words.placeOf(found),
    contactsOf(members),
    verdictsOf(id, members),
    ownActs(`household:${id}`, members),
  ]);
  const round = await roundNames(entries);
  if (!fresh()) return undefined;
  frame.show({
    title: name,
    main: [
      el("p", { class: "lead" }, icon("pin"), place),
      words.unsentTag(found),
      words.isWhole(found) ? null : notice("", "", t("household.short")),
      para(found.last_date ? t("contact.last", { day: day(found.last_date), what: kindWords(found.last_kind) }) : t("contact.never"), "hint"),
      doubt,
      acts(id),
      work.length ? section(t("household.work"), rows(work.map((one) => home.workLine(one, persons)))) : null,
      own.length ? section(t("household.own"), rows(own.map(ownRow))) : null,
      section(
        tn("household.members", members.length),
        members.length ? rows(sorted(members).map((one) => row({ href: `#/orang/${one.id}`, picture: "user", title: words.personName(one), lines: [words.personLine(one), one.needs], tag: words.unsentTag(one) || (one.doubt && Object.keys(one.doubt).length ? tag(t("tag.doubt"), "warn") : null) }))) : empty(t("household.no_members"), "", "people"),
        link(t("add.person"), `#/isi/orang?household=${id}`, { icon: "plus" }),
      ),
      contacts.length ? section(t("contacts.title"), rows(contacts)) : null,
      cases.length ? section(t("cases.title"), rows(cases.map(caseRow))) : null,
      cards.length ? section(t("kis.title"), rows(cards.map((one) => kisRow(one, persons)))) : null,
      entries.length ? section(t("rounds.title"), rows(entries.map((one) => entryRow(one, round, persons)))) : null,
      benefits.length ? section(t("benefits.title"), rows(benefits.map((one) => row({ picture: "heart", title: one.name || one.programme, lines: [one.since && t("benefits.since", { day: day(one.since) }), (persons.get(one.person) || {}).name] })))) : null,
      verdicts,
      families.length ? section(t("families.title"), facts(families.map((one) => [t("families.kk", { last: one.kk || "—" }), (persons.get(one.head) || {}).name || "—"]))) : null,
      house,
    ],
  });
  return undefined;
}

function sorted(members) {
  const rank = (one) => (words.isHead(one) ? 0 : 1);
  return members.slice().sort((one, other) => rank(one) - rank(other) || String(one.birth || "9").localeCompare(String(other.birth || "9")));
}

function acts(id) {
  const list = [
    ["kunjungan", "house", "act.visit"],
    ["perkara", "message", "act.case"],
    ["koreksi", "note", "act.correct"],
    ["rumah", "house", "act.house"],
    ["penyerahan", "box", "act.deliver"],
    ["surat", "letter", "act.letter"],
    ["peristiwa", "calendar", "act.life"],
    ["kontak", "phone", "act.contact"],
  ];
  return el("ul", { class: "acts" }, list.map(([form, picture, key]) => el("li", {}, el("a", { class: "act", href: `#/isi/${form}?household=${id}` }, icon(picture), el("span", {}, t(key))))));
}

export function kindWords(kind) {
  const key = `work.${kind}`;
  return kind ? (t(key) === key ? kind : t(key)) : t("work.other");
}

/** Two values that two people wrote without having seen each other's: both are shown, nobody's is dropped. */
export async function doubtOf(found, about) {
  const doubts = Object.entries(found.doubt || {});
  if (!doubts.length) return null;
  const fields = [...(await words.fieldsOf(about, { all: true })), ...(await words.fieldsOf(about === "person" ? "profile" : "house"))];
  const lines = await Promise.all(
    doubts.map(async ([key, texts]) => {
      const field = fields.find((one) => one.key === key);
      const said = await Promise.all(texts.map((text) => words.valueWords(field, text)));
      return el("li", {}, t("doubt.line", { field: words.fieldName(field, key), values: said.map((one) => `“${one || t("unknown")}”`).join(` ${t("doubt.or")} `) }));
    }),
  );
  return notice("warn", t("doubt.title"), el("ul", {}, lines), t("doubt.text"));
}

async function houseFacts(found) {
  const [about, house] = await Promise.all([words.fieldsOf("household"), words.fieldsOf("house")]);
  const lines = async (fields, values) => Promise.all(Object.entries(values || {}).filter(([, text]) => text !== "" && text !== null).map(async ([key, text]) => [words.fieldName(fields.find((one) => one.key === key), key), await words.valueWords(fields.find((one) => one.key === key), text)]));
  const all = [...(await lines(house, found.hf)), ...(await lines(about, found.f))];
  if (!all.length) return section(t("household.facts"), para(t("household.no_facts"), "hint"));
  return section(t("household.facts"), el("details", { class: "more" }, el("summary", {}, tn("household.facts.n", all.length)), facts(all)));
}

async function contactsOf(members) {
  const session = live.current();
  const found = await Promise.all(members.map(async (one) => (await session.rows("contacts", { person: one.id })).map((contact) => [one, contact])));
  return found.flat().map(([person, contact]) => {
    const channel = t(`channel.${contact.channel}`) === `channel.${contact.channel}` ? contact.channel : t(`channel.${contact.channel}`);
    const safe = contact.safe_call === false || contact.safe_call === "no" ? t("contact.not_safe") : "";
    return row({ href: `#/isi/ubah-kontak?id=${contact.id}`, picture: "phone", title: contact.address, lines: [`${person.name} · ${channel}`, safe, contact.owner && t(`owner.${contact.owner}`) !== `owner.${contact.owner}` ? t(`owner.${contact.owner}`) : ""], tag: words.unsentTag(contact) });
  });
}

export function caseRow(one) {
  const late = one.due && one.due < new Date().toISOString().slice(0, 10);
  return row({ href: `#/perkara/${one.id}`, picture: "message", title: one.title || one.number, lines: [one.number, one.state_words, one.due && due(one.due)], tag: words.unsentTag(one) || (late ? tag(t("tag.late"), "bad") : null) });
}

function kisRow(one, persons) {
  return row({ href: `#/isi/kis?card=${one.id}`, picture: "heart", title: (persons.get(one.person) || {}).name || one.name || t("kis.card"), lines: [one.state_words || one.state, one.why, one.due && due(one.due)], tag: words.unsentTag(one) });
}

async function roundNames(entries) {
  const session = live.current();
  const names = new Map();
  for (const one of entries) if (!names.has(one.round)) names.set(one.round, await session.row("rounds", one.round));
  return names;
}

function entryRow(one, rounds, persons) {
  const round = rounds.get(one.round) || {};
  return row({ href: `#/isi/penyerahan?entry=${one.id}`, picture: "box", title: round.name || round.programme || t("rounds.one"), lines: [(persons.get(one.person) || {}).name, t(one.given ? "rounds.given" : "rounds.not_given")], tag: words.unsentTag(one) || tag(t(one.given ? "tag.given" : "tag.waiting"), one.given ? "good" : "") });
}

const SHOWN_RULES = ["aid", "poverty", "house"];

/** What the rules say on this phone, with the reason; a verdict here decides nothing. */
async function verdictsOf(household, members) {
  const session = live.current();
  const rules = await session.table("rules").catch(() => new Map());
  if (!rules || !rules.size || !members.some((one) => one.f)) return null;
  const head = members.find((one) => words.isHead(one)) || members[0];
  const lines = [];
  const { facts = {} } = rules.get("book") || {};
  for (const [code, rule] of rules) {
    if (!rule.criteria || !SHOWN_RULES.includes(rule.kind)) continue;
    const asked = rule.unit === "person" ? { household, person: head && head.id } : { household };
    const verdict = await session.verdict(code, asked).catch(() => null);
    if (verdict) lines.push(row({ picture: "scales", title: named(rule, "name") || code, lines: [verdictReason(verdict, facts)], tag: tag(t(`verdict.${verdict.word}`), { yes: "good", no: "", unknown: "warn" }[verdict.word]) }));
  }
  return lines.length ? section(t("verdict.title"), para(t("verdict.lead"), "hint"), rows(lines)) : null;
}

function verdictReason(verdict, facts) {
  const said = (list) => [...new Set(list.map((one) => [named(facts[one.fact], "name"), one.name].filter(Boolean).join(": ")))].filter(Boolean).slice(0, 3).join("; ");
  if (verdict.word === "unknown" && verdict.missing && verdict.missing.length) return t("verdict.missing", { facts: said(verdict.missing) });
  return said((verdict.reasons || []).filter((one) => one.state !== "unknown"));
}

/** The person's own acts that the server has not got yet. */
async function ownActs(subject, members) {
  const items = await live.current().outbox.items();
  const subjects = new Set([subject, ...members.map((one) => `person:${one.id}`)]);
  return items.filter((one) => subjects.has(one.subject) && one.step < 3);
}

export function ownRow(one) {
  const kind = one.kind.split("/")[0];
  return row({ href: `#/kotak-keluar/${one.epoch}/${one.seq}`, picture: "send", title: one.label || t(`kind.${kind}`), lines: [t(`kind.${kind}`), ago(one.at)], tag: tag(t("tag.unsent"), "warn") });
}

// --- One person -------------------------------------------------------------------------------------------------------

export async function personPage({ id }) {
  const session = live.current();
  const fresh = router.stamp();
  const person = await session.row("persons", id);
  if (!person) return missing();
  await words.ready();
  if (!words.isWhole(person) && person.household) wanted(person.household);
  const of = (name) => session.rows(name, { person: id });
  const [cases, cards, benefits, contacts, home_] = await Promise.all([of("cases"), of("kis"), of("benefits"), contactsOf([person]), person.household && session.row("households", person.household)]);
  const fields = [...(await words.fieldsOf("person", { all: true })), ...(await words.fieldsOf("profile"))];
  const shown = Object.entries(person.f || {}).filter(([key, text]) => text !== "" && text !== null && !["full_name", "called", "sex", "nik", "region_code", "hamlet_id", "language", "needs"].includes(key));
  const profile = await Promise.all(shown.map(async ([key, text]) => {
    const field = fields.find((one) => one.key === key);
    return [words.fieldName(field, key), await words.valueWords(field, text)];
  }));
  const purposes = await live.listOf("purpose");
  const flags = new Map(await words.optionsOf("flag"));
  const doubt = await doubtOf(person, "person");
  if (!fresh()) return undefined;
  const act = (form, picture, key) => el("li", {}, el("a", { class: "act", href: `#/isi/${form}?person=${id}&household=${person.household || ""}` }, icon(picture), el("span", {}, t(key))));
  frame.show({
    title: words.personName(person),
    main: [
      para(words.personLine(person), "lead"),
      words.unsentTag(person),
      doubt,
      person.needs && notice("", "", person.needs),
      el("ul", { class: "acts" }, act("perkara", "message", "act.case"), act("ubah-orang", "note", "act.correct"), act("profil", "idea", "act.profile"), act("kontak", "phone", "act.contact"), act("peristiwa", "calendar", "act.life"), cards.length ? act("minta-kis", "heart", "act.kis") : null, purposes.length ? act("persetujuan", "check", "act.consent") : null, act("tanda", "flag", "act.flag"), act("keluar", "exit", "act.leave")),
      home_ ? section(t("household.one"), rows([row({ href: `#/keluarga/${home_.id}`, picture: "house", title: await words.homeName(home_), lines: [await words.placeOf(home_)] })])) : link(t("act.join"), `#/isi/gabung?person=${id}`, { icon: "house" }),
      person.flags && person.flags.length ? section(t("flags.title"), el("p", {}, person.flags.map((one) => tag(flags.get(String(one)) || String(one))))) : null,
      contacts.length ? section(t("contacts.title"), rows(contacts)) : null,
      cases.length ? section(t("cases.title"), rows(cases.map(caseRow))) : null,
      cards.length ? section(t("kis.title"), rows(cards.map((one) => kisRow(one, new Map([[id, person]]))))) : null,
      benefits.length ? section(t("benefits.title"), facts(benefits.map((one) => [one.name || one.programme, one.since ? day(one.since) : "—"]))) : null,
      profile.length ? section(t("person.facts"), facts(profile)) : null,
    ],
  });
  return undefined;
}
