// A way to reach somebody, and whether it is safe to use.

import * as live from "../live.js";
import { t } from "../texts.js";
import * as words from "../words.js";
import { codes, given, household, members, nameOf, own, person as personRow, picked } from "./shared.js";

const yes = (value) => (value === "yes" ? true : value === "no" ? false : undefined);
const said = (value) => (value === true ? "yes" : value === false ? "no" : undefined);

function asksOf(ctx) {
  return [
    { key: "channel", type: "choice", label: t("contact.channel"), options: codes(["phone", "whatsapp", "telegram", "email", "visit"], "channel"), need: true, redraws: true },
    { key: "address", type: "phone", label: t("phone"), need: true, when: (a) => !["email", "visit", "telegram"].includes(a.channel) },
    { key: "words", type: "text", label: t("contact.address"), need: true, when: (a) => ["email", "visit", "telegram"].includes(a.channel) },
    { key: "owner", type: "choice", label: t("contact.owner"), options: codes(["own", "family", "neighbour", "officer"], "owner"), redraws: true },
    { key: "owner_name", type: "name", label: t("contact.owner_name"), when: (a) => a.owner && a.owner !== "own" },
    ctx.safety && { key: "safe_call", type: "yesno", label: t("contact.safe_call"), hint: t("contact.safe.hint") },
    ctx.safety && { key: "safe_write", type: "yesno", label: t("contact.safe_write") },
  ];
}

const addressOf = (a) => (["email", "visit", "telegram"].includes(a.channel) ? a.words : a.address);

export const add = {
  title: "form.contact",
  async load({ person: id, household: home_id }) {
    const found = await personRow(id);
    const home = await household(home_id || (found && found.household));
    if (!found && !home) return null;
    return { person: found, members: home ? await members(home.id) : [], title: found ? words.personName(found) : await words.homeName(home), subject: found ? `person:${found.id}` : `household:${home.id}`, safety: true, next: found ? `/orang/${found.id}` : `/keluarga/${home.id}` };
  },
  start: () => ({ channel: "phone", owner: "own" }),
  steps(ctx) {
    const [channel, phone, address, ...rest] = asksOf(ctx);
    return [
      { key: "number", title: t("form.contact"), asks: [ctx.person ? null : { key: "whose", type: "person", label: t("contact.whose"), near: ctx.members, need: true }, channel, phone, address] },
      { key: "safe", title: t("contact.safe"), asks: rest },
    ];
  },
  async save(ctx, a) {
    const whose = ctx.person ? ctx.person.id : picked(a.whose);
    const known = await live.current().rows("contacts", { person: whose });
    const data = given({ contact_id: own(0), person_id: whose, channel: a.channel, address: addressOf(a), owner: a.owner || "unknown", owner_name: a.owner && a.owner !== "own" ? a.owner_name : "", safe_call: yes(a.safe_call), safe_write: yes(a.safe_write), seen_contacts: known.map((one) => one.id).filter((key) => key.length === 36) });
    const label = `${t("form.contact")}: ${ctx.person ? ctx.title : nameOf(a.whose)}`;
    return { items: [{ kind: "contact.add", subject: `person:${whose}`, data, label }], label, next: ctx.next };
  },
};

export const change = {
  title: "form.contact_change",
  async load({ id }) {
    const contact = await live.current().row("contacts", id);
    const whose = contact && (await personRow(contact.person));
    return contact && { contact, title: whose ? words.personName(whose) : contact.address, subject: `contact:${contact.id}`, safety: true, next: whose ? `/orang/${whose.id}` : "/hari-ini" };
  },
  start: ({ contact }) => given({ channel: contact.channel, address: contact.address, words: contact.address, owner: contact.owner, safe_call: said(contact.safe_call), safe_write: said(contact.safe_write), current: "yes" }),
  steps(ctx) {
    const [channel, phone, address, ...rest] = asksOf(ctx);
    return [{ key: "number", title: t("form.contact_change"), asks: [{ key: "current", type: "yesno", label: t("contact.current"), redraws: true, need: true }, { ...channel, when: (a) => a.current === "yes" }, { ...phone, when: (a) => a.current === "yes" && phone.when(a) }, { ...address, when: (a) => a.current === "yes" && address.when(a) }] }, { key: "safe", title: t("contact.safe"), when: (a) => a.current === "yes", asks: rest }];
  },
  async save(ctx, a) {
    const was = ctx.contact;
    const now = { channel: a.channel, address: addressOf(a), owner: a.owner, safe_call: yes(a.safe_call), safe_write: yes(a.safe_write), current: a.current === "yes" ? undefined : false };
    const fields = Object.keys(now).filter((name) => now[name] !== undefined && now[name] !== was[name]);
    if (!fields.length) throw Object.assign(new Error("nothing"), { code: "form.unchanged", facts: {} });
    const data = { contact_id: was.id, ...Object.fromEntries(fields.map((name) => [name, now[name]])) };
    const text = (value) => (value === true ? "yes" : value === false ? "no" : value || "");
    const seen = Object.fromEntries(fields.map((name) => [name, name === "current" ? "yes" : (was.doubt && was.doubt[name]) || text(was[name])]));
    const label = `${t("form.contact_change")}: ${ctx.title}`;
    return { items: [{ kind: "contact.change", subject: ctx.subject, data, seen, label }], label, next: ctx.next };
  },
};
