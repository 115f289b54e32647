// Correcting what the register says: the person's own answer beside what they had before their eyes.

import { t } from "../texts.js";
import * as words from "../words.js";
import { fromText, given, groupsOf, household as householdRow, person as personRow, sourceAsks, sourceOf, stepsOfGroups, toText } from "./shared.js";

/** A form over groups of fields: which groups, then each group with what is known, then whose word it is. */
function correcting({ title, kind, about, load, current, doubt, key }) {
  return {
    title,
    async load(query) {
      const found = await load(query);
      if (!found) return null;
      const groups = (await Promise.all(about.map((one) => groupsOf(one)))).flat();
      const steps = await stepsOfGroups(groups);
      return { ...found, groups, steps, fields: groups.flatMap((group) => group.fields), values: current(found) };
    },
    start: (ctx) => Object.fromEntries(ctx.fields.map((field) => [`f.${field.key}`, fromText(field, ctx.values[field.key])]).filter(([, value]) => value !== undefined)),
    steps(ctx, a) {
      const chosen = new Set(a.groups || []);
      const several = ctx.steps.length > 1;
      return [
        several ? { key: "which", title: t("correct.which"), asks: [{ key: "groups", type: "choices", label: t("correct.groups"), options: ctx.steps.map((step) => [step.key, step.title]), need: true }] } : null,
        ...ctx.steps.filter((step) => !several || chosen.has(step.key)),
        { key: "source", title: t("source.title"), asks: sourceAsks() },
      ].filter(Boolean);
    },
    async save(ctx, a) {
      const asked = new Set(ctx.steps.filter((step) => ctx.steps.length === 1 || (a.groups || []).includes(step.key)).flatMap((step) => step.asks.map((ask) => ask.key)));
      const doubts = doubt(ctx) || {};
      const changed = ctx.fields.filter((field) => {
        const name = `f.${field.key}`;
        if (!asked.has(name) || a[name] === undefined) return false;
        return doubts[field.key] || toText(field, a[name]) !== String(ctx.values[field.key] ?? "");
      });
      const data = { ...key(ctx) };
      const seen = {};
      for (const field of changed) {
        data[`f.${field.key}`] = toText(field, a[`f.${field.key}`]);
        if (field.key in ctx.values || !ctx.partly || !ctx.partly.has(field.key)) seen[field.key] = doubts[field.key] || String(ctx.values[field.key] ?? "");
      }
      if (!changed.length) throw Object.assign(new Error("nothing"), { code: "form.unchanged", facts: {} });
      const label = `${t(title)}: ${ctx.title}`;
      const names = changed.map((field) => words.fieldName(field, field.key)).join(", ");
      return { items: [{ kind, subject: ctx.subject, data: { ...data, ...sourceOf(a) }, seen, label }], label: `${label} · ${names}`, next: ctx.next };
    },
  };
}

async function homeOf({ household: id }) {
  const home = await householdRow(id);
  return home && { home, title: await words.homeName(home), subject: `household:${home.id}`, next: `/keluarga/${home.id}` };
}

async function personOf({ person: id }) {
  const found = await personRow(id);
  return found && { person: found, title: words.personName(found), subject: `person:${found.id}`, next: `/orang/${found.id}`, partly: new Set(["nik", "birth_place", "address", "landmark"]) };
}

export const household = correcting({
  title: "form.correct",
  kind: "household.change",
  about: ["household"],
  load: homeOf,
  current: ({ home }) => ({ ...(home.f || {}), ...(home.name ? { name: home.name } : {}) }),
  doubt: ({ home }) => home.doubt,
  key: ({ home }) => given({ household_id: home.id }),
});

export const house = correcting({
  title: "form.house",
  kind: "house.change",
  about: ["house"],
  load: homeOf,
  current: ({ home }) => ({ ...(home.hf || {}), address: home.address || "", landmark: home.landmark || "" }),
  doubt: ({ home }) => home.doubt,
  key: ({ home }) => given({ household_id: home.id }),
});

export const person = correcting({
  title: "form.change_person",
  kind: "person.change",
  about: ["person"],
  load: personOf,
  current: ({ person: one }) => ({ full_name: one.name || "", called: one.called || "", sex: one.sex || "", birth_date: one.rough || String(one.birth || "").length === 4 ? "" : one.birth || "", ...(one.f || {}) }),
  doubt: ({ person: one }) => one.doubt,
  key: ({ person: one }) => given({ person_id: one.id }),
});

export const profile = correcting({
  title: "form.profile",
  kind: "profile.change",
  about: ["profile"],
  load: personOf,
  current: ({ person: one }) => ({ ...(one.f || {}) }),
  doubt: ({ person: one }) => one.doubt,
  key: ({ person: one }) => given({ person_id: one.id }),
});

