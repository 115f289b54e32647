// A visit to a door, and the ministry's verification of a household.

import * as live from "../live.js";
import { day, t, todayIso } from "../texts.js";
import * as words from "../words.js";
import { codes, dateOf, given, household, isoOf, members, own } from "./shared.js";

const OUTCOMES = ["met", "nobody_home", "refused", "moved", "died", "not_found"];
const MIDDAY = "T12:00:00";

export const visit = {
  title: "form.visit",
  async load({ household: id }) {
    const home = await household(id);
    if (!home) return null;
    return { id: home.id, subject: `household:${home.id}`, title: await words.homeName(home), home, members: await members(id), next: `/keluarga/${home.id}` };
  },
  start: () => ({ when: dateOf(todayIso()) }),
  steps(ctx) {
    return [
      {
        key: "found",
        title: t("visit.found"),
        asks: [
          { key: "outcome", type: "choice", label: t("visit.outcome"), options: codes(OUTCOMES, "outcome.visit"), need: true, redraws: true },
          { key: "spoke_to", type: "person", label: t("visit.spoke_to"), near: ctx.members, free: true, when: (a) => a.outcome === "met" },
        ],
      },
      {
        key: "words",
        title: t("visit.words.title"),
        asks: [
          { key: "words", type: "long", label: t("visit.words"), hint: t("visit.words.hint"), unknown: false },
          { key: "when", type: "date", label: t("visit.when"), recent: true, need: true },
        ],
      },
      {
        key: "proof",
        title: t("visit.proof"),
        asks: [
          { key: "photos", type: "photos", label: t("visit.photos"), hint: t("photo.hint") },
          { key: "place", type: "location", label: t("location"), hint: t("location.hint") },
        ],
      },
    ];
  },
  async save(ctx, a) {
    const iso = isoOf(a.when);
    const place = a.place || {};
    const data = given({
      visit_id: own(0),
      household_id: ctx.id,
      visited_ms: iso === todayIso() ? Date.now() : new Date(iso + MIDDAY).getTime(),
      outcome: a.outcome,
      spoke_to: a.outcome === "met" && a.spoke_to ? a.spoke_to.title || a.spoke_to.name : "",
      words: a.words || "",
      lat: place.lat,
      lon: place.lon,
      photos: a.photos,
    });
    const label = `${t("form.visit")}: ${ctx.title}`;
    return {
      items: [{ kind: a.photos && a.photos.length ? "visit.record/2" : "visit.record/1", subject: ctx.subject, data, label, blobs: a.photos || [] }],
      label: `${label} · ${day(iso)}`,
      next: ctx.next,
      next_words: t("saved.household"),
      more: [[t("act.case"), `/isi/perkara?household=${ctx.id}`, "message"], [t("act.correct"), `/isi/koreksi?household=${ctx.id}`, "note"]],
    };
  },
};

export const verification = {
  title: "form.verification",
  async load({ id, household: home_id }) {
    const session = live.current();
    const row = [...(await session.table("work")).values()].find((one) => one.kind === "verification" && one.ref === id);
    const home = await household(home_id || (row && row.household));
    return { id, subject: `verification:${id}`, title: home ? await words.homeName(home) : t("form.verification"), home, members: home ? await members(home.id) : [], options: await words.optionsOf("presence.verification"), next: home ? `/keluarga/${home.id}` : "/hari-ini" };
  },
  steps(ctx) {
    const presence = ctx.options.map(([code, label]) => [code.split("/").pop(), label]);
    return [
      { key: "home", title: t("verification.household"), asks: [{ key: "presence", type: "choice", label: t("verification.presence"), options: presence, need: "known", unknown: false }] },
      ...ctx.members.map((one) => ({
        key: `person-${one.id}`,
        title: one.title,
        asks: [
          { key: `p.${one.id}`, type: "choice", label: t("verification.person"), options: presence },
          { key: `n.${one.id}`, type: "nik", label: t("nik"), hint: t("verification.nik.hint") },
        ],
      })),
    ];
  },
  async save(ctx, a) {
    const persons = ctx.members
      .filter((one) => a[`p.${one.id}`])
      .map((one) => given({ person_id: one.id, presence: Number(a[`p.${one.id}`]), nik: a[`n.${one.id}`] || "" }));
    const data = given({ verification_id: ctx.id, presence: Number(a.presence), persons });
    const label = `${t("form.verification")}: ${ctx.title}`;
    return { items: [{ kind: "verification.submit", subject: ctx.subject, data, label }], label, next: ctx.next };
  },
};
