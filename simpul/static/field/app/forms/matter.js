// A matter of a resident, taken in at the door, with a number and a PIN that were made beforehand.

import { isoOf } from "../asks.js";
import * as live from "../live.js";
import * as receipts from "../receipts.js";
import { named, t, languageNow } from "../texts.js";
import * as words from "../words.js";
import { codes, given, hamlets, household as householdRow, members, own, person as personRow, picked, placeAsks, regionOf, villages } from "./shared.js";

const LETTER = "letter_request";
const ASKED_FIRST = ["complaint", "aid_complaint", "social_problem", "information", "complaint_light", "idea", "aspiration"];
const yes = (value) => (value === "yes" ? true : value === "no" ? false : undefined);

async function kinds() {
  const table = await live.current().table("kinds");
  const place = (one) => (ASKED_FIRST.includes(one.code) ? ASKED_FIRST.indexOf(one.code) : ASKED_FIRST.length);
  return [...table.values()].sort((one, other) => place(one) - place(other));
}

async function loaded({ household: home_id, person: person_id, visit }) {
  const found = await personRow(person_id);
  const home = await householdRow(home_id || (found && found.household));
  const list = await kinds();
  return {
    home,
    person: found,
    visit,
    kinds: list,
    members: home ? await members(home.id) : [],
    villages: await villages(),
    hamlets: await hamlets(),
    title: found ? words.personName(found) : home ? await words.homeName(home) : "",
    subject: home ? `household:${home.id}` : "",
    next: home ? `/keluarga/${home.id}` : "/hari-ini",
  };
}

function kindStep(ctx) {
  const options = ctx.kinds.filter((one) => one.code !== LETTER).map((one) => [one.code, named(one, "name"), languageNow() === "en" ? one.about_en : one.about]);
  return { key: "kind", title: t("case.kind"), asks: [{ key: "kind", type: "choice", label: t("case.kind.ask"), options, need: "known", unknown: false }] };
}

function textStep(ctx, letter) {
  return {
    key: "text",
    title: t(letter ? "letter.what" : "case.what"),
    asks: [
      { key: "text", type: "long", label: t(letter ? "letter.words" : "case.words"), hint: t("case.words.hint"), need: true, least: 10, most: 5000, unknown: false },
      { key: "voices", type: "voice", label: t("voice"), hint: t("voice.hint") },
      letter ? null : { key: "happened", type: "date", label: t("case.happened"), recent: true },
      letter ? null : { key: "where", type: "text", label: t("case.where"), most: 200 },
      ctx.home ? null : placeAsks(ctx.villages, ctx.hamlets)[0],
    ],
  };
}

const FIELD_TYPES = { text: "text", long: "long", choice: "choice", choices: "choices", date: "date", number: "number", yes_no: "yesno", money: "amount" };

/** The kind's own questions. */
function kindFields(ctx, a) {
  const kind = ctx.kinds.find((one) => one.code === a.kind);
  const asks = ((kind && kind.fields) || []).map((field) => {
    const options = (field.options || []).map((one) => (Array.isArray(one) ? [String(one[0]), languageNow() === "en" ? one[2] || one[1] : one[1]] : [String(one.value ?? one.code), named(one)]));
    const bounds = field.type === "number" ? { min: 0, max: 1_000_000_000 } : field.type === "money" ? { unit: "rupiah" } : {};
    return { key: `a.${field.key}`, type: FIELD_TYPES[field.type] || "text", label: named(field), hint: (languageNow() === "en" && field.hint_en) || field.hint, options, need: field.required ? true : undefined, ...bounds };
  });
  const steps = [];
  for (let from = 0; from < asks.length; from += 4) steps.push({ key: `own-${from}`, title: named(kind, "name"), asks: asks.slice(from, from + 4) });
  return steps;
}

function whoStep(ctx, a) {
  const kind = ctx.kinds.find((one) => one.code === a.kind);
  const modes = ["self", "proxy", "group", "anonymous"].filter((mode) => mode !== "anonymous" || !kind || kind.anonymous !== false);
  return {
    key: "who",
    title: t("case.who"),
    asks: [
      { key: "mode", type: "choice", label: t("case.mode"), options: codes(modes, "mode"), need: "known", unknown: false, redraws: true },
      { key: "reporter", type: "person", label: t("case.reporter"), near: ctx.members, free: true, need: true, when: (a) => a.mode && a.mode !== "anonymous" },
      { key: "phone", type: "phone", shows: true, label: t("phone"), hint: t("phone.none"), when: (a) => a.mode && a.mode !== "anonymous" },
      { key: "safe_call", type: "yesno", label: t("contact.safe_call"), hint: t("contact.safe.hint"), when: (a) => Boolean(a.phone) && a.mode !== "anonymous" },
      { key: "safe_write", type: "yesno", label: t("contact.safe_write"), when: (a) => Boolean(a.phone) && a.mode !== "anonymous" },
      { key: "about", type: "person", label: t("case.about"), near: ctx.members, free: true, when: (a) => a.mode === "proxy" },
      { key: "relation", type: "text", label: t("case.relation"), most: 60, unknown: false, when: (a) => a.mode === "proxy" },
      { key: "group_size", type: "number", label: t("case.group"), min: 2, max: 5000, unknown: false, when: (a) => a.mode === "group" },
      { key: "hide_name", type: "yesno", label: t("case.hide"), hint: t("case.hide.hint"), unknown: false, when: (a) => a.mode && a.mode !== "anonymous" },
    ],
  };
}

function lastStep(ctx, a) {
  const kind = ctx.kinds.find((one) => one.code === a.kind);
  return {
    key: "last",
    title: t("case.last"),
    asks: [
      { key: "urgency", type: "choice", label: t("case.urgency"), options: codes(["normal", "urgent", "danger"], "urgency"), need: "known", unknown: false },
      kind && kind.asks_consent ? { key: "consent", type: "choice", label: t("case.consent"), hint: t("case.consent.hint"), options: codes(["spoken", "ticked", "paper"], "consent", t("consent.none")), unknown: false } : null,
      { key: "photos", type: "photos", label: t("case.photos"), hint: t("photo.hint") },
      { key: "numbers", type: "info", label: t(live.current().numbers.left() ? "numbers.left" : "numbers.none", { n: live.current().numbers.left() }), tone: live.current().numbers.left() ? "" : "warn" },
    ],
  };
}

function opening(letter) {
  return {
    title: letter ? "form.letter" : "form.case",
    load: loaded,
    start: (ctx) => given({ kind: letter ? LETTER : undefined, mode: "self", urgency: "normal", region: ctx.home ? ctx.home.region : undefined, hamlet: ctx.home ? ctx.home.hamlet : undefined, reporter: ctx.person ? { id: ctx.person.id, title: words.personName(ctx.person) } : undefined }),
    steps(ctx, a) {
      return [letter ? null : kindStep(ctx), textStep(ctx, letter), ...kindFields(ctx, a), whoStep(ctx, a), lastStep(ctx, a)].filter(Boolean);
    },
    async save(ctx, a) {
      const number = await live.current().numbers.take();
      try {
        return await opened(ctx, a, number, letter);
      } catch (fault) {
        if (number) await live.current().numbers.release(number.number);
        throw fault;
      }
    },
  };
}

async function opened(ctx, a, number, letter) {
  const anonymous = a.mode === "anonymous";
  const kind = ctx.kinds.find((one) => one.code === a.kind);
  const id = number ? number.case_id : own(0);
  const answers = Object.fromEntries(((kind && kind.fields) || []).map((field) => [`a.${field.key}`, answerOf(field, a[`a.${field.key}`])]).filter(([, value]) => value !== undefined));
  const secret = anonymous || Boolean(kind && kind.sealed);
  const data = given({
    case_id: id,
    number: number && !secret ? number.number : "",
    kind: a.kind,
    text: a.text,
    region: regionOf(a, ctx.villages) || (ctx.home && ctx.home.region),
    hamlet: a.hamlet || "",
    place: a.where || "",
    mode: a.mode,
    reporter_id: anonymous ? "" : picked(a.reporter),
    reporter_name: anonymous || !a.reporter ? "" : a.reporter.id ? "" : a.reporter.name,
    reporter_phone: anonymous ? "" : a.phone || "",
    safe_call: a.phone && !anonymous ? yes(a.safe_call) : undefined,
    safe_write: a.phone && !anonymous ? yes(a.safe_write) : undefined,
    about_id: a.mode === "proxy" ? picked(a.about) : "",
    about_name: a.mode === "proxy" && a.about && !a.about.id ? a.about.name : "",
    relation: a.mode === "proxy" ? a.relation || "" : "",
    group_size: a.mode === "group" && a.group_size ? Number(a.group_size) : undefined,
    happened: isoOf(a.happened),
    urgency: a.urgency,
    consent: a.consent || "",
    hide_name: yes(a.hide_name),
    language: "id",
    visit_id: ctx.visit || "",
    ...answers,
    photos: a.photos,
    voices: a.voices,
  });
  const label = `${t(letter ? "form.letter" : "form.case")}: ${named(kind, "name")}`;
  const receipt = { number: number ? number.number : "", pin: number ? number.pin : "", receipt16: number ? number.receipt16 : "", secret, kind: named(kind, "name"), at: Date.now(), next: ctx.next };
  return {
    items: [{ kind: "case.open", subject: secret || !ctx.subject ? "" : ctx.subject, data, label: secret ? t("form.case") : label, number: number ? number.number : undefined, blobs: [...(a.photos || []), ...(a.voices || [])] }],
    label,
    next: ctx.next,
    after: (done) => {
      const key = number ? number.case_id : done[0].ids[0];
      receipts.remember(key, receipt);
      return `/resi/${key}`;
    },
  };
}

function answerOf(field, value) {
  if (value === undefined || value === null || value === "") return undefined;
  if (field.type === "yes_no") return value === "yes";
  if (field.type === "number") return Number(value);
  if (field.type === "money") return Number(String(value).replace(/\D/g, ""));
  if (field.type === "date") return isoOf(value) || undefined;
  return value;
}

export const open = opening(false);
export const letter = opening(true);

async function caseOf({ id }) {
  const row = await live.current().row("cases", id);
  return row && { row, title: row.title || row.number, subject: `case:${row.id}`, next: `/perkara/${row.id}` };
}

export const addition = {
  title: "form.addition",
  load: caseOf,
  steps: () => [
    {
      key: "words",
      title: t("form.addition"),
      asks: [
        { key: "whose", type: "choice", label: t("addition.whose"), options: codes(["resident", "officer"], "addition"), need: "known", unknown: false, redraws: true },
        { key: "text", type: "long", label: t("addition.words"), need: true, unknown: false },
        { key: "photos", type: "photos", label: t("case.photos"), when: (a) => a.whose === "resident" },
        { key: "voices", type: "voice", label: t("voice"), when: (a) => a.whose === "resident" },
      ],
    },
  ],
  async save(ctx, a) {
    const label = `${t("form.addition")}: ${ctx.title}`;
    const theirs = a.whose === "resident";
    const data = theirs ? given({ addition_id: own(0), case_id: ctx.row.id, text: a.text, photos: a.photos, voices: a.voices }) : { note_id: own(0), case_id: ctx.row.id, text: a.text };
    return { items: [{ kind: theirs ? "case.add" : "case.note", subject: ctx.subject, data, label, blobs: theirs ? [...(a.photos || []), ...(a.voices || [])] : [] }], label, next: ctx.next, next_words: t("saved.case") };
  },
};

export const referral = {
  title: "form.referral",
  async load(query) {
    const found = await caseOf(query);
    const desks = [...(await live.current().table("desks")).values()];
    return found && { ...found, desks };
  },
  steps: (ctx) => [
    { key: "desk", title: t("referral.to"), asks: [{ key: "desk", type: ctx.desks.length > 12 ? "select" : "choice", label: t("referral.desk"), options: ctx.desks.map((one) => [one.id, one.name]), need: "known", unknown: false }] },
    {
      key: "why",
      title: t("referral.why"),
      asks: [
        { key: "words", type: "long", label: t("referral.words"), need: true, unknown: false },
        { key: "consent", type: "choice", label: t("case.consent"), hint: t("case.consent.hint"), options: codes(["spoken", "ticked", "paper"], "consent", t("consent.none")), unknown: false },
        { key: "shares_contact", type: "yesno", label: t("referral.contact"), unknown: false },
      ],
    },
  ],
  async save(ctx, a) {
    const label = `${t("form.referral")}: ${ctx.title}`;
    return { items: [{ kind: "case.refer", subject: ctx.subject, data: given({ hop_id: own(0), case_id: ctx.row.id, desk_id: a.desk, words: a.words, consent: a.consent || "", shares_contact: yes(a.shares_contact) }), label }], label, next: ctx.next, next_words: t("saved.case") };
  },
};
