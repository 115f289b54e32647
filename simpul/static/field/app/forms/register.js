// Writing a household and its people down. Everything may be unknown but something to call them by.

import { t } from "../texts.js";
import * as words from "../words.js";
import { codes, given, groupsOf, hamlets, household as householdRow, isoOf, own, person as personRow, picked, placeAsks, regionOf, sourceAsks, sourceOf, stepsOfGroups, toText, villages } from "./shared.js";

export const household = {
  title: "form.household",
  async load(query) {
    const groups = (await groupsOf("house")).filter((group) => group.seen && !group.fields.some((field) => field.key === "address"));
    return { title: "", subject: "", villages: await villages(), hamlets: await hamlets(), groups, houseSteps: await stepsOfGroups(groups), fields: (await groupsOf("household")).flatMap((group) => group.fields), query };
  },
  start: ({ query }) => given({ name: query.name, region: query.region }),
  steps(ctx, a) {
    return [
      { key: "who", title: t("household.who"), hint: t("household.who.hint"), asks: [{ key: "name", type: "name", label: t("household.name"), hint: t("household.name.hint"), need: true }, ...personAsks("head.", { head: true })] },
      {
        key: "where",
        title: t("household.where"),
        asks: [
          ...placeAsks(ctx.villages, ctx.hamlets),
          { key: "address", type: "text", label: t("address"), most: 200 },
          { key: "landmark", type: "text", label: t("landmark"), hint: t("landmark.hint"), most: 200 },
          { key: "place", type: "location", label: t("location"), hint: t("location.hint") },
        ],
      },
      { key: "count", title: t("household.count"), asks: [{ key: "members_said", type: "number", label: t("household.count.members"), min: 1, max: 60, usual: [1, 15] }, { key: "now", type: "yesno", label: t("household.house.now"), hint: t("household.house.now.hint"), unknown: false, redraws: true }] },
      ...(a.now === "yes" ? ctx.houseSteps : []),
      { key: "source", title: t("source.title"), asks: sourceAsks() },
    ];
  },
  async save(ctx, a) {
    const region = regionOf(a, ctx.villages);
    const said = sourceOf(a);
    const headNamed = a["head.name"] || a["head.called"];
    const headData = headNamed ? personData("head.", a, { region, hamlet: a.hamlet, address: a.address }) : null;
    const open = given({ household_id: own(0), house_id: own(1), name: a.name, region, hamlet: a.hamlet || "", address: a.address || "", landmark: a.landmark || "", "f.members_said": a.members_said ? String(Number(a.members_said)) : "", ...said });
    const houseFields = a.now === "yes" ? filled(ctx.groups.flatMap((group) => group.fields), a) : {};
    const label = `${t("form.household")}: ${a.name}`;
    const items = [{ kind: "household.open", subject: ["household", own(0)], data: open, label }];
    if (Object.keys(houseFields).length) items.push(([home]) => ({ kind: "house.change", subject: `household:${home.ids[0]}`, data: { household_id: home.ids[0], ...houseFields, ...said }, label: `${t("form.house")}: ${a.name}` }));
    if (headData) items.push(([home]) => ({ kind: "person.register", subject: `household:${home.ids[0]}`, data: { ...headData, person_id: own(0), household_id: home.ids[0], relation: "bdt/1", ...said }, label: `${t("form.person")}: ${headNamed}` }));
    return { items, label, after: (done) => `/keluarga/${done[0].ids[0]}` };
  },
};

/** Texts of the fields that were answered. */
function filled(fields, a) {
  const texts = fields.filter((field) => a[`f.${field.key}`] !== undefined && a[`f.${field.key}`] !== null).map((field) => [`f.${field.key}`, toText(field, a[`f.${field.key}`])]);
  return Object.fromEntries(texts.filter(([, text]) => text !== ""));
}

function personAsks(before, { head = false } = {}) {
  return [
    { key: `${before}name`, type: "name", label: t(head ? "household.head" : "person.name"), hint: t(head ? "household.head.hint" : "person.name.hint") },
    { key: `${before}called`, type: "text", label: t("person.called"), most: 60 },
    { key: `${before}sex`, type: "choice", label: t("sex"), options: codes(["P", "L"], "sex") },
  ].filter((one) => !head || one.key !== `${before}called`);
}

function personData(before, a, more) {
  const birth = a[`${before}birth`];
  return given({
    person_id: own(0),
    name: a[`${before}name`] || "",
    called: a[`${before}called`] || "",
    sex: a[`${before}sex`] || "",
    birth: isoOf(birth),
    rough: birth && birth.rough ? true : undefined,
    nik: a[`${before}nik`] || "",
    ...more,
  });
}

export const person = {
  title: "form.person",
  async load({ household: id, name }) {
    const home = await householdRow(id);
    const relations = (await words.optionsOf("relation")).filter(([code]) => !code.includes("/") || code.startsWith("bdt/"));
    return { home, id, title: home ? await words.homeName(home) : "", subject: home ? `household:${home.id}` : "", villages: await villages(), hamlets: await hamlets(), relations, name, next: home ? `/keluarga/${home.id}` : "/hari-ini" };
  },
  start: ({ name, home }) => given({ name, region: home ? home.region : undefined, hamlet: home ? home.hamlet : undefined, address: home ? home.address : undefined }),
  steps(ctx) {
    return [
      { key: "name", title: t("person.who"), check: (a) => (a.name || a.called ? {} : { name: t("person.name.needed") }), asks: [personAsks("")[0], { key: "called", type: "text", label: t("person.called"), hint: t("person.called.hint"), most: 60 }, { key: "sex", type: "choice", label: t("sex"), options: codes(["P", "L"], "sex") }, ctx.home && ctx.relations.length ? { key: "relation", type: ctx.relations.length > 8 ? "select" : "choice", label: t("person.relation"), options: ctx.relations } : null] },
      {
        key: "birth",
        title: t("person.birth"),
        asks: [
          { key: "birth", type: "date", label: t("birth"), rough: true },
          { key: "nik", type: "nik", label: t("nik"), hint: t("nik.hint") },
        ],
      },
      ctx.home ? null : { key: "where", title: t("person.where"), asks: [...placeAsks(ctx.villages, ctx.hamlets), { key: "address", type: "text", label: t("address"), most: 200 }] },
      {
        key: "reach",
        title: t("person.reach"),
        asks: [
          { key: "phone", type: "phone", shows: true, label: t("phone"), hint: t("phone.none") },
          { key: "safe_call", type: "yesno", label: t("contact.safe_call"), hint: t("contact.safe.hint"), when: (a) => Boolean(a.phone) },
          { key: "safe_write", type: "yesno", label: t("contact.safe_write"), when: (a) => Boolean(a.phone) },
          { key: "needs", type: "text", label: t("person.needs"), hint: t("person.needs.hint"), most: 200 },
          ...sourceAsks(),
        ],
      },
    ].filter(Boolean);
  },
  async save(ctx, a) {
    const region = ctx.home ? ctx.home.region : regionOf(a, ctx.villages);
    const yes = (value) => (value === "yes" ? true : value === "no" ? false : undefined);
    const data = personData("", a, { region, hamlet: a.hamlet || "", address: a.address || "", needs: a.needs || "", phone: a.phone || "", safe_call: yes(a.safe_call), safe_write: yes(a.safe_write), household_id: ctx.home ? ctx.home.id : "", relation: a.relation || "", ...sourceOf(a) });
    const label = `${t("form.person")}: ${a.name || a.called || t("person.unnamed")}`;
    return { items: [{ kind: "person.register", subject: ctx.subject || ["person", own(0)], data, label }], label, next: ctx.next, next_words: ctx.home ? t("saved.household") : undefined, more: ctx.home ? [[t("add.person.another"), `/isi/orang?household=${ctx.home.id}`, "plus"]] : [] };
  },
};

export const join = {
  title: "form.join",
  async load({ person: id }) {
    const found = await personRow(id);
    if (!found) return null;
    const relations = (await words.optionsOf("relation")).filter(([code]) => !code.includes("/") || code.startsWith("bdt/"));
    return { person: found, relations, title: words.personName(found), subject: `person:${found.id}`, next: `/orang/${found.id}` };
  },
  steps: (ctx) => [
    {
      key: "join",
      title: t("form.join"),
      asks: [
        { key: "home", type: "household", label: t("household.one"), need: true },
        { key: "relation", type: ctx.relations.length > 8 ? "select" : "choice", label: t("person.relation"), options: ctx.relations, when: () => ctx.relations.length > 0 },
        { key: "since", type: "date", label: t("since"), recent: true },
        ...sourceAsks(),
      ],
    },
  ],
  async save(ctx, a) {
    const label = `${t("form.join")}: ${ctx.title}`;
    const data = given({ household_id: picked(a.home), person_id: ctx.person.id, relation: a.relation || "", since: isoOf(a.since), ...sourceOf(a) });
    return { items: [{ kind: "household.join", subject: ctx.subject, data, seen: { household_id: ctx.person.household || "" }, label }], label, next: `/keluarga/${picked(a.home)}` };
  },
};

