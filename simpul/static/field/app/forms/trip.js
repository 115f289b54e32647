// On the way: leaving, arriving, the guest book, explaining to groups, promises, accompaniment, coming back.

import { isoOf } from "../asks.js";
import * as live from "../live.js";
import { t } from "../texts.js";
import * as words from "../words.js";
import { codes, given, household as householdRow, nameOf, own, person as personRow, picked } from "./shared.js";

const GROUPS = ["women", "men", "elderly", "disabled", "youth"];

async function stopOf({ trip: trip_id, stop: stop_id }) {
  const trip = await live.current().row("trips", trip_id);
  if (!trip) return null;
  const stop = (trip.stops || []).find((one) => one.id === stop_id);
  return { trip, stop, title: stop ? await words.stopName(stop) : trip.purpose || t("trip"), subject: stop ? `stop:${stop.id}` : `trip:${trip.id}`, next: stop ? `/perjalanan/${trip.id}/${stop.id}` : `/perjalanan/${trip.id}` };
}

/** A short form of one stop or trip. */
function short({ title, asks, kind, data }) {
  return {
    title,
    load: stopOf,
    steps: (ctx) => [{ key: "all", title: t(title), asks: asks(ctx) }],
    async save(ctx, a) {
      const label = `${t(title)}: ${ctx.title}`;
      const made = data(ctx, a);
      return { items: [{ kind, subject: ctx.subject, data: given(made), label, blobs: made.photos || [] }], label, next: ctx.next, next_words: t(ctx.stop ? "saved.stop" : "saved.trip") };
    },
  };
}

export const start = short({
  title: "form.start",
  kind: "trip.start",
  asks: () => [{ key: "note", type: "info", label: t("start.lead") }],
  data: (ctx) => ({ trip_id: ctx.trip.id, started_ms: Date.now() }),
});

export const arrive = short({
  title: "form.arrive",
  kind: "stop.arrive",
  asks: () => [
    { key: "official", type: "name", label: t("arrive.official"), hint: t("arrive.official.hint") },
    { key: "office", type: "text", label: t("arrive.office"), most: 100, unknown: false },
  ],
  data: (ctx, a) => ({ stop_id: ctx.stop.id, arrived_ms: Date.now(), official: a.official || "", office: a.office || "" }),
});

export const close = short({
  title: "form.close",
  kind: "stop.close",
  asks: () => [
    { key: "not_done", type: "long", shows: true, label: t("close.not_done"), unknown: false },
    { key: "why", type: "long", label: t("close.why"), unknown: false, when: (a) => Boolean(a.not_done) },
  ],
  data: (ctx, a) => ({ stop_id: ctx.stop.id, left_ms: Date.now(), not_done: a.not_done || "", why: a.not_done ? a.why || "" : "" }),
});

export const back = short({
  title: "form.back",
  kind: "trip.return",
  asks: () => [
    { key: "fuel", type: "amount", unit: "rupiah", label: t("back.fuel") },
    { key: "cost", type: "amount", unit: "rupiah", label: t("back.cost") },
    { key: "words", type: "long", label: t("back.words"), unknown: false },
  ],
  data: (ctx, a) => ({ trip_id: ctx.trip.id, returned_ms: Date.now(), fuel: rupiah(a.fuel), cost: rupiah(a.cost), words: a.words || "" }),
});

const rupiah = (text) => (text ? Number(String(text).replace(/\D/g, "")) : undefined);

export const guest = short({
  title: "form.guest",
  kind: "guest.sign",
  asks: () => [
    { key: "who", type: "person", label: t("guest.who"), free: true, need: true },
    { key: "origin", type: "text", label: t("guest.origin"), most: 100 },
    { key: "purpose", type: "text", label: t("guest.purpose"), most: 200, unknown: false },
  ],
  data: (ctx, a) => ({ guest_id: own(0), stop_id: ctx.stop.id, name: a.who.id ? "" : nameOf(a.who), person_id: picked(a.who), origin: a.origin || "", purpose: a.purpose || "", came_ms: Date.now() }),
});

export const socialisation = short({
  title: "form.socialisation",
  kind: "socialisation.record",
  asks: () => [
    { key: "topic", type: "text", label: t("socialisation.topic"), need: true, most: 200 },
    { key: "there", type: "counts", label: t("socialisation.there"), hint: t("socialisation.there.hint"), items: GROUPS.map((key) => ({ key, label: t(`people.${key}`) })), need: true, check: (value) => (Number(value.women || 0) + Number(value.men || 0) ? "" : t("socialisation.nobody")) },
    { key: "words", type: "long", label: t("socialisation.words"), unknown: false },
    { key: "photos", type: "photos", label: t("case.photos") },
  ],
  data: (ctx, a) => ({ socialisation_id: own(0), stop_id: ctx.stop.id, topic: a.topic, held_ms: Date.now(), ...Object.fromEntries(GROUPS.map((key) => [key, Number(a.there[key] || 0)])), words: a.words || "", photos: a.photos }),
});

export const promise = short({
  title: "form.promise",
  kind: "promise.record",
  asks: () => [
    { key: "words", type: "long", label: t("promise.words"), need: true, unknown: false },
    { key: "due", type: "date", label: t("promise.due"), ahead: true, soon: true, need: true },
    { key: "to", type: "person", label: t("promise.to"), free: true },
  ],
  data: (ctx, a) => ({ promise_id: own(0), trip_id: ctx.trip.id, words: a.words, promised_ms: Date.now(), due: isoOf(a.due), name: a.to && !a.to.id ? nameOf(a.to) : "", person_id: picked(a.to), stop_id: ctx.stop ? ctx.stop.id : "" }),
});

export const accompaniment = {
  title: "form.accompaniment",
  async load({ id }) {
    const session = live.current();
    const row = [...(await session.table("work")).values()].find((one) => one.kind === "accompaniment" && one.ref === id);
    if (!row) return null;
    const whose = (await personRow(row.person)) || (await householdRow(row.household));
    return { id: row.ref || row.id, why: row.why, title: whose ? whose.name || (await words.homeName(whose)) : t("form.accompaniment"), subject: `accompaniment:${row.ref || row.id}`, next: row.household ? `/keluarga/${row.household}` : "/hari-ini" };
  },
  steps: (ctx) => [
    {
      key: "all",
      title: t("form.accompaniment"),
      asks: [
        ctx.why ? { key: "why", type: "info", label: ctx.why } : null,
        { key: "how", type: "choice", label: t("accompany.how"), options: codes(["visit", "phone", "office"], "accompany.how"), need: "known", unknown: false },
        { key: "outcome", type: "choice", label: t("accompany.outcome"), options: codes(["progress", "waiting", "obstacle", "said_done"], "accompany.outcome"), need: "known", unknown: false },
        { key: "words", type: "long", label: t("visit.words"), unknown: false },
        { key: "next", type: "date", label: t("accompany.next"), ahead: true, soon: true },
      ],
    },
  ],
  async save(ctx, a) {
    const label = `${t("form.accompaniment")}: ${ctx.title}`;
    return { items: [{ kind: "accompaniment.record", subject: ctx.subject, data: given({ visit_id: own(0), accompaniment_id: ctx.id, seen_ms: Date.now(), how: a.how, outcome: a.outcome, words: a.words || "", next: isoOf(a.next) }), label }], label, next: ctx.next };
  },
};

export const accompany = {
  title: "form.accompany",
  async load({ household: home_id, person: person_id, stop }) {
    const found = await personRow(person_id);
    const home = await householdRow(home_id || (found && found.household));
    if (!home && !found) return null;
    return { home, person: found, stop, title: found ? found.name : await words.homeName(home), subject: found ? `person:${found.id}` : `household:${home.id}`, next: home ? `/keluarga/${home.id}` : `/orang/${found.id}` };
  },
  steps: () => [
    {
      key: "all",
      title: t("form.accompany"),
      asks: [
        { key: "what", type: "choice", label: t("accompany.what"), options: codes(["kis", "house", "document", "aid", "health", "school", "other"], "accompany.what"), need: "known", unknown: false },
        { key: "words", type: "text", label: t("visit.words"), most: 300, unknown: false },
        { key: "next", type: "date", label: t("accompany.next"), ahead: true, soon: true, need: true },
      ],
    },
  ],
  async save(ctx, a) {
    const label = `${t("form.accompany")}: ${ctx.title}`;
    return { items: [{ kind: "accompaniment.open", subject: ctx.subject, data: given({ accompaniment_id: own(0), what: a.what, household_id: ctx.home ? ctx.home.id : "", person_id: ctx.person ? ctx.person.id : "", words: a.words || "", stop_id: ctx.stop || "", next: isoOf(a.next) }), label }], label, next: ctx.next };
  },
};
