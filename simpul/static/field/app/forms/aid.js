// Aid at the door: goods handed over with proof, and cards of health insurance that were switched off.

import * as going from "../going.js";
import * as live from "../live.js";
import * as receipts from "../receipts.js";
import { number as figure, t } from "../texts.js";
import * as words from "../words.js";
import { codes, given, household as householdRow, members, nameOf, own, person as personRow } from "./shared.js";

const HUNDREDTHS = 100;
const FOUND = ["visited_found", "not_found", "moved", "dead", "refused_to_ask"];

export const delivery = {
  title: "form.delivery",
  async load({ entry: entry_id, household: home_id, round: round_id, trip, stop }) {
    const session = live.current();
    const entry = entry_id ? await entryOf(entry_id) : null;
    const rounds = [...(await session.table("rounds")).values()];
    const home = await householdRow((entry && entry.household) || home_id);
    const whose = await personRow(entry && entry.person);
    if (!home && !whose) return null;
    const listed = entry ? [] : (await session.rows("entries", { household: home.id })).filter((one) => rounds.some((round) => round.id === one.round));
    const chosen = rounds.find((one) => one.id === ((entry && entry.round) || round_id)) || (rounds.length === 1 ? rounds[0] : null);
    const at = stop ? { trip, stop } : going.here((home || whose).region) || {};
    return { entry, listed, rounds, round: chosen, home, person: whose, members: home ? await members(home.id) : [], trip: at.trip, stop: at.stop, title: whose ? words.personName(whose) : await words.homeName(home), subject: home ? `household:${home.id}` : `person:${whose.id}`, next: home ? `/keluarga/${home.id}` : `/orang/${whose.id}` };
  },
  start: (ctx) => given({ round: ctx.round ? ctx.round.id : undefined, outcome: "delivered", lines: amountsOf(ctx, ctx.round) }),
  steps(ctx, a) {
    if (!ctx.rounds.length) return [{ key: "none", title: t("form.delivery"), asks: [{ key: "none", type: "info", tone: "warn", label: t("delivery.no_rounds"), hint: t("delivery.no_rounds.text") }, { key: "x", type: "text", label: t("delivery.no_rounds"), need: true, when: () => false }] }];
    const round = ctx.rounds.find((one) => one.id === a.round);
    const gave = a.outcome === "delivered";
    return [
      {
        key: "round",
        title: t("delivery.what"),
        asks: [
          ctx.rounds.length > 1 && !ctx.entry ? { key: "round", type: "choice", label: t("rounds.one"), options: ctx.rounds.map((one) => [one.id, one.name || one.programme]), need: "known", unknown: false, redraws: true, changed: (b) => (b.lines = amountsOf(ctx, ctx.rounds.find((one) => one.id === b.round))) } : null,
          already(ctx, round),
          { key: "outcome", type: "choice", label: t("delivery.outcome"), options: codes(["delivered", "absent", "refused", "moved", "dead", "not_found"], "outcome.delivery"), need: "known", unknown: false, redraws: true },
          gave && round ? { key: "lines", type: "counts", label: t("delivery.lines"), items: itemsOf(ctx, round), need: true, check: (value) => linesFault(value, round) , odd: (value) => linesOdd(ctx, value, round) } : null,
        ],
      },
      gave
        ? {
            key: "to",
            title: t("delivery.to"),
            asks: [
              { key: "to", type: "choice", label: t("delivery.to.ask"), options: codes(["self", "family", "proxy"], "receiver"), need: "known", unknown: false, redraws: true },
              { key: "proxy", type: "person", label: t("delivery.proxy"), near: ctx.members, free: true, need: true, when: (b) => b.to && b.to !== "self" },
              { key: "authority", type: "text", label: t("delivery.authority"), hint: t("delivery.authority.hint"), need: true, most: 200, when: (b) => b.to === "proxy" },
            ],
          }
        : null,
      gave
        ? {
            key: "proof",
            title: t("delivery.proof"),
            hint: t("delivery.proof.hint"),
            asks: [
              { key: "signature", type: "signature", label: t("sign"), statement: statement(ctx, a, round) },
              { key: "thumbs", type: "photos", label: t("thumb"), hint: t("thumb.hint"), photos: 1, blob: "paper" },
              { key: "photos", type: "photos", label: t("delivery.photos"), photos: 3 },
              { key: "witness", type: "name", label: t("witness"), hint: t("witness.hint"), unknown: false },
            ],
            check: (b) => (b.signature || b.thumbs || (b.photos && b.witness) ? {} : { witness: t("delivery.proof.needed") }),
          }
        : {
            key: "why",
            title: t("delivery.why"),
            asks: [
              { key: "words", type: "long", label: t("delivery.words"), unknown: false, need: ["refused", "moved", "dead"].includes(a.outcome) },
              { key: "witness", type: "name", label: t("witness"), unknown: false },
              { key: "photos", type: "photos", label: t("delivery.photos.absent"), photos: 2 },
            ],
          },
      { key: "place", title: t("delivery.place"), asks: [{ key: "at", type: "text", label: t("delivery.at"), most: 150, unknown: false }, { key: "place", type: "location", label: t("location"), hint: t("location.hint") }] },
    ].filter(Boolean);
  },
  async save(ctx, a) {
    const gave = a.outcome === "delivered";
    const place = a.place || {};
    const entry = ctx.entry || ctx.listed.find((one) => one.round === a.round);
    const lines = gave ? Object.fromEntries(Object.entries(a.lines || {}).filter(([, n]) => Number(n)).map(([item, n]) => [`l.${item}`, Math.round(Number(n) * HUNDREDTHS)])) : {};
    const data = given({
      delivery_id: own(0),
      round_id: a.round,
      household_id: ctx.person && !ctx.home ? "" : entry && entry.person && !entry.household ? "" : ctx.home && ctx.home.id,
      person_id: ctx.person ? ctx.person.id : "",
      ...lines,
      outcome: a.outcome,
      to: gave ? a.to : "",
      proxy_name: gave && a.to !== "self" ? nameOf(a.proxy) : "",
      proxy_authority: gave && a.to === "proxy" ? a.authority : "",
      proof: a.witness ? ["witness"] : [],
      witness: a.witness || "",
      words: gave ? "" : a.words || "",
      delivered_ms: Date.now(),
      place: a.at || "",
      lat: place.lat,
      lon: place.lon,
      trip_id: ctx.trip || "",
      stop_id: ctx.stop || "",
      photos: a.photos,
      thumbs: gave ? a.thumbs : [],
      signature: gave ? a.signature : [],
    });
    const label = `${t("form.delivery")}: ${ctx.title} · ${t(`outcome.delivery.${a.outcome}`)}`;
    return { items: [{ kind: "delivery.record", subject: ctx.subject, data, label, blobs: [...(data.photos || []), ...(data.thumbs || []), ...(data.signature || [])] }], label, next: ctx.next, next_words: t("saved.household"), more: ctx.stop ? [[t("saved.stop"), `/perjalanan/${ctx.trip}/${ctx.stop}`, "pin"]] : [] };
  },
};

/** A line of work names the entry by its whole key, the list by its last ten signs. */
async function entryOf(id) {
  const short = id.replace(/-/g, "").slice(-10);
  const table = await live.current().table("entries");
  return table.get(id) || table.get(short) || null;
}

function dueOf(ctx, round, item) {
  const entry = ctx.entry || ctx.listed.find((one) => one.round === (round && round.id));
  const listed = entry && entry.amounts && entry.amounts[item.id];
  return (listed !== undefined && listed !== null ? Number(listed) : Number(item.each || 0)) / HUNDREDTHS;
}

function amountsOf(ctx, round) {
  if (!round) return undefined;
  return Object.fromEntries((round.items || []).map((item) => [item.id, String(dueOf(ctx, round, item))]));
}

function itemsOf(ctx, round) {
  return (round.items || []).map((item) => ({ key: item.id, label: item.what || item.name, unit: item.unit, hint: t("delivery.due", { n: figure(dueOf(ctx, round, item)), unit: item.unit || "" }) }));
}

function linesFault(value, round) {
  return (round.items || []).some((item) => Number(value[item.id]) > 0) ? "" : t("delivery.nothing");
}

/** "50" for a sack of 5 kg is asked again before it is saved. */
function linesOdd(ctx, value, round) {
  const more = (round.items || []).filter((item) => Number(value[item.id]) > dueOf(ctx, round, item));
  return more.length ? t("delivery.more", { lines: more.map((item) => `${item.what || item.name}: ${value[item.id]} ${item.unit || ""}`).join(", ") }) : "";
}

function already(ctx, round) {
  const entry = ctx.entry || ctx.listed.find((one) => round && one.round === round.id);
  if (!round) return null;
  if (!entry) return { key: "unlisted", type: "info", tone: "warn", label: t("delivery.unlisted"), hint: t("delivery.unlisted.text") };
  return entry.given ? { key: "again", type: "info", tone: "warn", label: t("delivery.again"), hint: t("delivery.again.text") } : null;
}

function statement(ctx, a, round) {
  const lines = round ? (round.items || []).filter((item) => Number((a.lines || {})[item.id])).map((item) => `${item.what || item.name} ${a.lines[item.id]} ${item.unit || ""}`.trim()) : [];
  return t("sign.received", { who: a.to === "self" || !a.proxy ? ctx.title : nameOf(a.proxy), what: lines.join(", ") });
}

// --- KIS ---------------------------------------------------------------------------------------------------------------------

const NEEDS = ["emergency", "catastrophic", "treatment", "chronic", "pregnant", "child", "elderly", "disabled", "none"];

async function needs() {
  const listed = await words.optionsOf("need.door");
  return listed.length ? listed : codes(NEEDS, "kisneed");
}

export const kis = {
  title: "form.kis",
  async load({ card }) {
    const session = live.current();
    const row = await session.row("kis", card);
    if (!row) return null;
    const whose = await personRow(row.person);
    return { row, person: whose, needs: await needs(), title: whose ? words.personName(whose) : row.name || t("kis.card"), subject: `card:${row.id}`, next: row.household ? `/keluarga/${row.household}` : "/hari-ini" };
  },
  steps: (ctx) => [
    {
      key: "found",
      title: t("kis.found"),
      asks: [
        { key: "state", type: "info", label: ctx.row.state_words || ctx.row.state || "", hint: ctx.row.why || "" },
        { key: "outcome", type: "choice", label: t("kis.found.ask"), options: codes(FOUND, "outcome.door"), need: "known", unknown: false, redraws: true },
      ],
    },
    {
      key: "need",
      title: t("kis.need"),
      when: (a) => a.outcome === "visited_found",
      asks: [
        { key: "need", type: "choice", label: t("kis.need.ask"), options: ctx.needs.filter(([code]) => code !== "unknown") },
        { key: "need_words", type: "text", label: t("kis.need.words"), most: 200, unknown: false },
        { key: "consent", type: "choice", label: t("kis.consent"), hint: t("kis.consent.hint"), options: codes(["spoken", "ticked", "paper"], "consent", t("consent.none")), unknown: false, redraws: true },
        { key: "ask", type: "yesno", label: t("kis.ask_now"), hint: t("kis.ask_now.hint"), unknown: false, when: (a) => Boolean(a.consent) },
        { key: "phone", type: "phone", label: t("phone"), hint: t("phone.none"), when: (a) => a.ask === "yes" },
      ],
    },
    { key: "words", title: t("kis.words"), asks: [{ key: "words", type: "long", label: t("visit.words"), unknown: false }] },
  ],
  async save(ctx, a) {
    const label = `${t("form.kis")}: ${ctx.title}`;
    const found = a.outcome === "visited_found";
    const data = given({ door_id: own(0), card_id: ctx.row.id, outcome: a.outcome, found_ms: Date.now(), need: found ? a.need || "" : "", need_words: found ? a.need_words || "" : "", consent: found ? a.consent || "" : "", words: a.words || "" });
    const items = [{ kind: "door.record", subject: ctx.subject, data, label }];
    if (!found || a.ask !== "yes" || !a.consent) return { items, label, next: ctx.next };
    const asked = await asking(ctx, a, label);
    return { ...asked, items: [...items, ...asked.items] };
  },
};

async function asking(ctx, a, label) {
  const taken = await live.current().numbers.take();
  const data = given({ card_id: ctx.row.id, case_id: taken ? taken.case_id : own(0), number: taken ? taken.number : "", consent: a.consent, need: a.need || "", words: a.words || "", phone: a.phone || "", asker: nameOf(a.asker), relation: a.relation || "" });
  const receipt = { number: taken ? taken.number : "", pin: taken ? taken.pin : "", receipt16: taken ? taken.receipt16 : "", secret: false, kind: t("form.ask_card"), at: Date.now(), next: ctx.next };
  return {
    items: [{ kind: "card.ask", subject: ctx.subject, data, label: `${t("form.ask_card")}: ${ctx.title}`, number: taken ? taken.number : undefined }],
    label,
    next: ctx.next,
    after: (done) => {
      const key = taken ? taken.case_id : done[done.length - 1].ids[0];
      receipts.remember(key, receipt);
      return `/resi/${key}`;
    },
  };
}

export const askCard = {
  title: "form.ask_card",
  async load({ card, person: person_id }) {
    const session = live.current();
    const row = card ? await session.row("kis", card) : (await session.rows("kis", { person: person_id }))[0];
    if (!row) return null;
    const whose = await personRow(row.person);
    return { row, person: whose, needs: await needs(), title: whose ? words.personName(whose) : row.name || t("kis.card"), subject: `card:${row.id}`, next: row.household ? `/keluarga/${row.household}` : "/hari-ini" };
  },
  steps: (ctx) => [
    {
      key: "ask",
      title: t("form.ask_card"),
      asks: [
        { key: "need", type: "choice", label: t("kis.need.ask"), options: ctx.needs.filter(([code]) => code !== "unknown") },
        { key: "consent", type: "choice", label: t("kis.consent"), hint: t("kis.consent.hint"), options: codes(["spoken", "ticked", "paper"], "consent"), need: "known", unknown: false },
        { key: "asker", type: "person", label: t("kis.asker"), free: true },
        { key: "relation", type: "text", label: t("case.relation"), most: 60, unknown: false, when: (a) => Boolean(a.asker) },
        { key: "phone", type: "phone", label: t("phone"), hint: t("phone.none") },
        { key: "words", type: "long", label: t("visit.words"), unknown: false },
      ],
    },
  ],
  save: (ctx, a) => asking(ctx, a, `${t("form.ask_card")}: ${ctx.title}`),
};

