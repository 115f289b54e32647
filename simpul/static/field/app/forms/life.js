// Births, deaths, moves, leaving a household; a consent; a category of need.

import { isoOf } from "../asks.js";
import * as live from "../live.js";
import { named, t, todayIso } from "../texts.js";
import * as words from "../words.js";
import { codes, dateOf, given, household as householdRow, members, own, person as personRow, picked, sourceAsks, sourceOf, villages } from "./shared.js";

export const event = {
  title: "form.life",
  async load({ household: home_id, person: person_id }) {
    const found = await personRow(person_id);
    const home = await householdRow(home_id || (found && found.household));
    if (!home && !found) return null;
    return { home, person: found, members: home ? await members(home.id) : [{ ...found, title: words.personName(found) }], villages: await villages(), title: found ? words.personName(found) : await words.homeName(home), subject: home ? `household:${home.id}` : `person:${found.id}`, next: home ? `/keluarga/${home.id}` : `/orang/${found.id}` };
  },
  start: (ctx) => given({ day: dateOf(todayIso()), who: ctx.person ? { id: ctx.person.id, title: ctx.title } : undefined, people: ctx.person ? [ctx.person.id] : undefined }),
  steps: (ctx) => [
    { key: "what", title: t("form.life"), asks: [{ key: "what", type: "choice", label: t("life.what"), options: codes(["birth", "death", "move", "back"].filter((one) => ctx.home || one !== "birth"), "life"), need: "known", unknown: false, redraws: true }] },
    {
      key: "birth",
      title: t("life.birth"),
      when: (a) => a.what === "birth",
      asks: [
        { key: "name", type: "name", label: t("person.name") },
        { key: "sex", type: "choice", label: t("sex"), options: codes(["P", "L"], "sex") },
        { key: "day", type: "date", label: t("birth"), recent: true, need: true },
        { key: "mother", type: "person", label: t("life.mother"), near: ctx.members.filter((one) => one.sex !== "L") },
        { key: "birth_place", type: "text", label: t("life.birth_place"), most: 60 },
      ],
    },
    {
      key: "death",
      title: t("life.death"),
      when: (a) => a.what === "death",
      asks: [
        { key: "who", type: "person", label: t("life.who"), near: ctx.members, need: true },
        { key: "day", type: "date", label: t("life.died"), recent: true, need: true },
        { key: "words", type: "text", label: t("life.words"), most: 300, unknown: false },
      ],
    },
    {
      key: "move",
      title: t("life.move"),
      when: (a) => ["move", "back"].includes(a.what),
      asks: [
        { key: "people", type: "choices", label: t("life.people"), options: ctx.members.map((one) => [one.id, one.title]), need: true },
        { key: "day", type: "date", label: t("life.moved"), recent: true, need: true },
        { key: "to", type: "select", label: t("life.to"), options: ctx.villages, when: (a) => a.what === "move" },
        { key: "words", type: "text", label: t("life.words"), hint: t("life.words.move"), most: 300, unknown: false },
      ],
    },
    { key: "source", title: t("source.title"), asks: sourceAsks() },
  ],
  async save(ctx, a) {
    const label = `${t(`life.${a.what}`)}: ${ctx.title}`;
    const said = sourceOf(a);
    const items = {
      birth: () => ({ kind: "birth.record", subject: ctx.subject, data: given({ person_id: own(0), household_id: ctx.home && ctx.home.id, name: a.name || "", birth: isoOf(a.day), birth_place: a.birth_place || "", sex: a.sex || "", mother_id: picked(a.mother), ...said }) }),
      death: () => ({ kind: "death.record", subject: `person:${picked(a.who)}`, data: given({ person_id: picked(a.who), died: isoOf(a.day), words: a.words || "", ...said }) }),
      move: () => ({ kind: "move.record", subject: ctx.subject, data: given({ person_ids: a.people, on: isoOf(a.day), to: a.to || "", words: a.words || "", ...said }) }),
      back: () => ({ kind: "move.record", subject: ctx.subject, data: given({ person_ids: a.people, on: isoOf(a.day), back: true, words: a.words || "", ...said }) }),
    };
    return { items: [{ ...items[a.what](), label }], label, next: ctx.next };
  },
};

async function personOf({ person: id }) {
  const found = await personRow(id);
  return found && { person: found, title: words.personName(found), subject: `person:${found.id}`, next: `/orang/${found.id}` };
}

export const leave = {
  title: "form.leave",
  load: personOf,
  start: () => ({ day: dateOf(todayIso()) }),
  steps: () => [
    { key: "leave", title: t("form.leave"), asks: [{ key: "why", type: "choice", label: t("leave.why"), options: codes(["moved", "married", "corrected"], "leave"), need: "known", unknown: false }, { key: "day", type: "date", label: t("life.moved"), recent: true }, ...sourceAsks()] },
  ],
  async save(ctx, a) {
    const label = `${t("form.leave")}: ${ctx.title}`;
    return { items: [{ kind: "household.leave", subject: ctx.subject, data: given({ person_id: ctx.person.id, on: isoOf(a.day), why: a.why, ...sourceOf(a) }), label }], label, next: ctx.next };
  },
};

export const consent = {
  title: "form.consent",
  async load(query) {
    const found = await personOf(query);
    return found && { ...found, purposes: await live.listOf("purpose") };
  },
  start: (ctx) => ({ given_by: ctx.title, relation: "" }),
  steps(ctx, a) {
    const chosen = ctx.purposes.find((one) => one.code === a.purpose);
    return [
      { key: "purpose", title: t("form.consent"), asks: [ctx.purposes.length ? { key: "purpose", type: "choice", label: t("consent.purpose"), options: ctx.purposes.map((one) => [one.code, named(one)]), need: "known", unknown: false } : { key: "none", type: "info", tone: "warn", label: t("consent.no_purposes") }, ctx.purposes.length ? null : { key: "purpose", type: "text", label: t("consent.purpose"), need: true }] },
      {
        key: "how",
        title: t("consent.how"),
        asks: [
          chosen && chosen.words ? { key: "read", type: "info", label: t("consent.read"), hint: named(chosen, "words") } : null,
          { key: "how", type: "choice", label: t("consent.how.ask"), options: codes(["tick", "paper", "voice"], "consentmode"), need: "known", unknown: false, redraws: true },
          { key: "paper", type: "photos", label: t("consent.paper_photo"), photos: 1, blob: "paper", need: true, when: (b) => b.how === "paper" },
          { key: "voice", type: "voice", label: t("consent.voice"), need: true, when: (b) => b.how === "voice" },
          { key: "relation", type: "choice", label: t("consent.who"), options: [["", t("consent.self")], ...codes(["parent", "guardian", "proxy"], "consentrelation")], unknown: false, redraws: true },
          { key: "given_by", type: "name", label: t("consent.given_by"), need: true, when: (b) => Boolean(b.relation) },
        ],
      },
    ];
  },
  async save(ctx, a) {
    const label = `${t("form.consent")}: ${ctx.title}`;
    const proof = a.how === "paper" ? a.paper : a.how === "voice" ? a.voice : [];
    return { items: [{ kind: "consent.give", subject: ctx.subject, data: given({ consent_id: own(0), person_id: ctx.person.id, purpose: a.purpose, how: a.how, given_by: a.relation ? a.given_by : "", relation: a.relation || "", language: "id", proof }), label, blobs: proof || [] }], label, next: ctx.next };
  },
};

export const flag = {
  title: "form.flag",
  async load(query) {
    const found = await personOf(query);
    return found && { ...found, options: await words.optionsOf("flag") };
  },
  steps: (ctx) => [
    { key: "flag", title: t("form.flag"), asks: [ctx.options.length ? { key: "category", type: "select", label: t("flag.category"), options: ctx.options, need: "known", unknown: false } : { key: "category", type: "number", label: t("flag.number"), min: 1, max: 26, need: true }, { key: "note", type: "text", label: t("flag.note"), most: 300, unknown: false }, ...sourceAsks()] },
  ],
  async save(ctx, a) {
    const label = `${t("form.flag")}: ${ctx.title}`;
    return { items: [{ kind: "flag.set", subject: ctx.subject, data: given({ person_id: ctx.person.id, category: Number(a.category), since: todayIso(), note: a.note || "", ...sourceOf(a) }), label }], label, next: ctx.next };
  },
};
