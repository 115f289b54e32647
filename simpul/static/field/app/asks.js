// The kinds of questions: how each is drawn, checked, asked again when it is strange, and said in words.
// An answer that is missing was not given; null is "tidak tahu".

import * as checks from "../core/checks.js";
import * as media from "./media.js";
import * as search from "./search.js";
import { languageNow, day, number, t, tn, todayIso } from "./texts.js";
import { button, choices, el, field, fill, icon, notice, para } from "./ui.js";

const UNKNOWN = "?";

export function draw(one, a, set, fault) {
  return KINDS[one.type].draw(one, a[one.key], set, fault, a);
}

export function check(one, a) {
  const value = a[one.key];
  if (KINDS[one.type].silent) return "";
  if (value === null) return one.need === "known" ? t("ask.needed") : "";
  if (isEmpty(value)) return one.need ? t(one.needWords || "ask.needed") : "";
  const own = KINDS[one.type].check ? KINDS[one.type].check(one, value, a) : "";
  return own || (one.check ? one.check(value, a) : "");
}

export function odd(one, a) {
  const value = a[one.key];
  if (isEmpty(value) || value === null) return "";
  const kind = KINDS[one.type];
  return (kind.odd ? kind.odd(one, value, a) : "") || (one.odd ? one.odd(value, a) : "");
}

export function words(one, a) {
  const value = a[one.key];
  if (KINDS[one.type].silent) return "";
  if (value === null) return t("unknown");
  return isEmpty(value) ? "" : KINDS[one.type].words(one, value, a);
}

export function isEmpty(value) {
  return value === undefined || value === "" || (Array.isArray(value) && !value.length) || (value && typeof value === "object" && !Array.isArray(value) && !Object.values(value).some((part) => part !== "" && part !== null && part !== undefined && part !== 0));
}

/** "Tidak tahu" beside a field that is typed. */
function unknownBox(one, value, set) {
  if (one.need || one.unknown === false) return null;
  return el("label", { class: "choice choice--small" }, el("input", { type: "checkbox", name: `${one.key}-unknown`, checked: value === null, on: { change: (event) => set(event.target.checked ? null : undefined, { redraw: true }) } }), el("span", {}, t("unknown")));
}

function typed(one, value, set, fault, props = {}) {
  const long = props.long;
  const attributes = { name: one.key, value: value || "", autocomplete: "off", spellcheck: "false", maxlength: String(one.most || (long ? 2000 : 150)), disabled: value === null, on: { input: (event) => set(event.target.value.trim() ? event.target.value : undefined) }, ...props.attributes };
  if (long) delete attributes.type;
  const control = long ? el("textarea", { rows: "4", ...attributes }) : el("input", { type: "text", ...attributes });
  return el("div", {}, field({ id: `f-${one.key}`, label: one.label, hint: one.hint || "", control, fault }), props.below, unknownBox(one, value, set));
}

/** Large keys for numbers: the phone's own keyboard is not needed. */
function keypad(input, { comma = false } = {}) {
  const press = (sign) => {
    const from = input.selectionStart ?? input.value.length;
    const to = input.selectionEnd ?? from;
    if (sign === "del") input.value = input.value.slice(0, from === to ? Math.max(0, from - 1) : from) + input.value.slice(to);
    else if (!input.maxLength || input.maxLength < 0 || input.value.length < input.maxLength) input.value = input.value.slice(0, from) + sign + input.value.slice(to);
    const place = sign === "del" ? (from === to ? Math.max(0, from - 1) : from) : from + 1;
    input.setSelectionRange(place, place);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const key = (sign, label) => el("button", { type: "button", class: "key", "aria-label": label || sign, on: { click: () => press(sign) } }, sign === "del" ? icon("arrow-back") : sign);
  return el("div", { class: "keypad", hidden: true, role: "group", "aria-label": t("keypad") }, ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((sign) => key(sign)), comma ? key(",", t("keypad.comma")) : el("span", {}), key("0"), key("del", t("keypad.delete")));
}

function numeric(one, value, set, fault, { comma = false, tell = null, change }) {
  const line = el("p", { class: "hint tell", "aria-live": "polite" });
  const input = el("input", { type: "text", name: one.key, inputmode: "none", value: value === null || value === undefined ? "" : String(value), autocomplete: "off", disabled: value === null, maxlength: String(one.most || 14), class: "figure" });
  const say = () => tell && fill(line, tell(input.value));
  input.addEventListener("input", () => {
    change(input.value);
    say();
  });
  say();
  const keys = value === null ? null : keypad(input, { comma });
  const box = el("div", { class: "numeric" }, field({ id: `f-${one.key}`, label: one.label, hint: one.hint || "", control: input, fault }), line, keys, unknownBox(one, value, set));
  box.addEventListener("focusin", () => {
    for (const other of document.querySelectorAll(".keypad")) other.hidden = other !== keys;
  });
  return box;
}

const withUnknown = (one, options) => (one.need || one.unknown === false ? options : [...options, [UNKNOWN, t("unknown")]]);
const optionsOf = (one, a) => (typeof one.options === "function" ? one.options(a) : one.options) || [];
const labelOf = (one, value, a) => (optionsOf(one, a).find(([code]) => code === value) || [0, String(value)])[1];

const YES_NO = () => [
  ["yes", t("yes")],
  ["no", t("no")],
];

function unitTell(one) {
  return (text) => {
    if (!text.trim()) return "";
    const { value } = checks.amount(text, { unit: one.unit });
    return value === null || value === undefined ? t("amount.unreadable") : t("amount.is", { amount: checks.showAmount(value, one.unit, languageNow()) });
  };
}

const KINDS = {
  info: { silent: true, draw: (one) => (one.node ? one.node() : notice(one.tone || "", one.label, one.hint || "")), words: () => "" },
  text: { draw: (one, value, set, fault) => typed(one, value, set, fault, { attributes: one.attributes }), words: (_one, value) => value },
  name: { draw: (one, value, set, fault) => typed(one, value, set, fault, { attributes: { autocapitalize: "words" } }), words: (_one, value) => value, check: (_one, value) => (value.trim().length < 2 ? t("name.short") : "") },
  long: {
    draw: (one, value, set, fault) => typed(one, value, set, fault, { long: true }),
    words: (_one, value) => value,
    check: (one, value) => (one.least && value.trim().length < one.least ? t("text.short") : ""),
  },
  choice: {
    draw: (one, value, set, fault, a) => choices({ name: one.key, legend: one.label, hint: one.hint, options: withUnknown(one, optionsOf(one, a)), value: value === null ? UNKNOWN : value, fault, pick: (code) => set(code === UNKNOWN ? null : code, { redraw: true }) }),
    words: (one, value, a) => labelOf(one, value, a),
  },
  choices: {
    draw: (one, value, set, fault, a) => choices({ name: one.key, legend: one.label, hint: one.hint, options: optionsOf(one, a), value: value || [], many: true, fault, pick: (list) => set(list.length ? list : undefined) }),
    words: (one, value, a) => value.map((code) => labelOf(one, code, a)).join(", "),
  },
  yesno: {
    draw: (one, value, set, fault) => choices({ name: one.key, legend: one.label, hint: one.hint, options: withUnknown(one, YES_NO()), value: value === null ? UNKNOWN : value, fault, inline: true, pick: (code) => set(code === UNKNOWN ? null : code, { redraw: true }) }),
    words: (_one, value) => t(value),
  },
  select: {
    draw: (one, value, set, fault, a) => {
      const control = el("select", { name: one.key, on: { change: (event) => set(event.target.value === UNKNOWN ? null : event.target.value || undefined, { redraw: true }) } }, el("option", { value: "" }, t("select.choose")), withUnknown(one, optionsOf(one, a)).map(([code, label]) => el("option", { value: code, selected: value === null ? code === UNKNOWN : code === value }, label)));
      return field({ id: `f-${one.key}`, label: one.label, hint: one.hint || "", control, fault });
    },
    words: (one, value, a) => labelOf(one, value, a),
  },
  number: {
    draw: (one, value, set, fault) => numeric(one, value, set, fault, { change: (text) => set(text.trim() ? text.trim() : undefined) }),
    check: (one, value) => {
      if (!/^\d{1,12}$/.test(value)) return t("number.whole");
      const n = Number(value);
      return (one.min !== undefined && n < one.min) || (one.max !== undefined && n > one.max) ? t("number.between", { min: number(one.min || 0), max: number(one.max || 0) }) : "";
    },
    odd: (one, value) => (one.usual && (Number(value) > one.usual[1] || Number(value) < one.usual[0]) ? t("number.odd", { n: number(Number(value)), label: one.label }) : ""),
    words: (one, value) => number(Number(value)) + (one.suffix ? ` ${one.suffix}` : ""),
  },
  amount: {
    draw: (one, value, set, fault) => numeric(one, value, set, fault, { comma: one.unit !== "rupiah" && one.unit !== "whole", tell: unitTell(one), change: (text) => set(text.trim() ? text.trim() : undefined) }),
    check: (one, value) => {
      const read = checks.amount(value, { unit: one.unit });
      if (read.value === null || read.value === undefined) return t("amount.unreadable");
      return (one.min !== undefined && read.value < one.min) || (one.max !== undefined && one.max > 0 && read.value > one.max) ? t("amount.between", { min: checks.showAmount(one.min || 0, one.unit, languageNow()), max: checks.showAmount(one.max || 0, one.unit, languageNow()) }) : "";
    },
    odd: (one, value) => {
      const read = checks.amount(value, { unit: one.unit });
      return read.odd ? t(`amount.odd.${read.odd}`, { amount: checks.showAmount(read.value, one.unit, languageNow()) }) : "";
    },
    words: (one, value) => checks.showAmount(checks.amount(value, { unit: one.unit }).value, one.unit, languageNow()),
  },
  nik: {
    draw: (one, value, set, fault, a) => numeric({ ...one, most: 19 }, value, set, fault, { tell: (text) => nikTell(text, one, a), change: (text) => set(text.trim() ? text.replace(/\D/g, "") : undefined) }),
    check: (_one, value) => (/^\d{16}$/.test(value) ? "" : t("nik.length", { n: value.length })),
    odd: (one, value, a) => nikOdd(value, one, a),
    words: (_one, value) => checks.maskNik(value),
  },
  digits: {
    draw: (one, value, set, fault) => numeric(one, value, set, fault, { change: (text) => set(text.trim() ? text.replace(/\D/g, "") : undefined) }),
    check: (one, value) => (one.length && value.length !== one.length ? t("digits.length", { n: one.length, have: value.length }) : ""),
    words: (_one, value) => value,
  },
  phone: {
    draw: (one, value, set, fault) => numeric({ ...one, most: 20 }, value, set, fault, { change: (text) => set(text.trim() ? text.trim() : undefined) }),
    odd: (_one, value) => (checks.phone(value).e164 ? "" : t("phone.odd", { typed: value })),
    words: (_one, value) => (checks.phone(value).e164 ? checks.showPhone(checks.phone(value).e164) : value),
  },
  date: { draw: drawDate, check: checkDate, words: (_one, value) => dateWords(value) },
  person: {
    draw: (one, value, set, fault) => drawPick(one, value, set, fault, ["person"]),
    words: (_one, value) => value.title || value.name || "",
  },
  household: {
    draw: (one, value, set, fault) => drawPick(one, value, set, fault, ["household"]),
    words: (_one, value) => value.title || "",
  },
  counts: {
    draw: (one, value, set, fault) => drawCounts(one, value || {}, set, fault),
    words: (one, value) => one.items.filter((item) => Number(value[item.key])).map((item) => `${item.label}: ${value[item.key]}${item.unit ? ` ${item.unit}` : ""}`).join(", "),
  },
  photos: { draw: media.drawPhotos, words: (_one, value) => tn("photos.n", value.length) },
  signature: { draw: media.drawSignature, words: () => t("sign.done") },
  voice: { draw: media.drawVoice, words: () => t("voice.done") },
  location: { draw: media.drawLocation, words: (_one, value) => t("location.have", { within: number(value.within || 0) }) },
};

// --- NIK --------------------------------------------------------------------------------------------------------------

function nikRead(text, a, one) {
  return checks.nik(text, { today: todayIso(), birth: isoOf(a.birth) || undefined, sex: { L: "male", P: "female" }[a.sex], area: one.area });
}

function nikTell(text, one, a) {
  const digits = text.replace(/\D/g, "");
  if (!digits) return "";
  if (digits.length < 16) return tn("nik.still", 16 - digits.length);
  const read = nikRead(digits, a, one);
  if (!read.ok16) return t("nik.length", { n: digits.length });
  return read.birth ? t("nik.says", { day: day(read.birth), sex: t(`sex.${read.sex === "female" ? "P" : "L"}`) }) : "";
}

function nikOdd(value, one, a) {
  const wrong = nikRead(value, a, one).warnings.filter((code) => !["empty", "not_digits", "length"].includes(code));
  return wrong.length ? t("nik.odd", { why: wrong.map((code) => t(`nik.${code}`)).join(" ") }) : "";
}

// --- Dates ------------------------------------------------------------------------------------------------------------

/** The answer of a date: {d, m, y} as typed, or {y, rough: true}. */
export function isoOf(value) {
  if (!value || !value.y) return "";
  const two = (n) => String(n).padStart(2, "0");
  if (value.rough) return `${value.y}-07-01`;
  return value.d && value.m ? `${value.y}-${two(value.m)}-${two(value.d)}` : "";
}

export function dateOf(iso, rough = false) {
  const [y, m, d] = String(iso || "").split("-");
  if (!y) return undefined;
  return rough ? { y, rough: true } : { y, m: String(Number(m)), d: String(Number(d)) };
}

function dateWords(value) {
  return value.rough ? t("date.about", { year: value.y }) : day(isoOf(value));
}

function checkDate(one, value) {
  const text = value.rough ? `${value.y}-07-01` : isoOf(value);
  const [y, m, d] = text.split("-").map(Number);
  const read = new Date(Date.UTC(y, m - 1, d));
  if (!text || !/^\d{4}$/.test(value.y) || read.getUTCMonth() !== m - 1 || read.getUTCDate() !== d) return t("date.unreadable");
  if (!one.ahead && !value.rough && text > todayIso()) return t("date.ahead");
  if (value.rough && Number(value.y) > Number(todayIso().slice(0, 4))) return t("date.ahead");
  return Number(value.y) < 1900 ? t("date.old") : "";
}

function drawDate(one, value, set, fault) {
  const now = value || {};
  const change = (part, text) => {
    const next = { ...now, [part]: text.replace(/\D/g, "") };
    Object.assign(now, next);
    set(next.d || next.m || next.y ? next : undefined);
  };
  const box = (part, label, width) => {
    const input = el("input", { type: "text", inputmode: "numeric", name: `${one.key}-${part}`, value: now[part] || "", maxlength: String(width), class: `box box--${width}`, "aria-invalid": fault ? "true" : null, autocomplete: "off", disabled: value === null, on: { input: (event) => change(part, event.target.value) } });
    return el("label", { class: "boxed" }, el("span", {}, label), input);
  };
  const quick = (label, days) => button(label, () => {
    const date = new Date(Date.now() + days * 86_400_000);
    set(dateOf(todayIso(date)), { redraw: true });
  }, { kind: "plain" });
  return el(
    "fieldset",
    { class: fault ? "field field--bad" : "field" },
    el("legend", {}, one.label),
    one.hint && el("p", { class: "hint" }, one.hint),
    el("p", { class: "fault", hidden: !fault }, fault && icon("warning"), fault),
    one.recent ? el("div", { class: "buttons buttons--row" }, quick(t("due.today"), 0), quick(t("date.yesterday"), -1)) : null,
    one.soon ? el("div", { class: "buttons buttons--row" }, quick(t("due.tomorrow"), 1), quick(t("date.week"), 7)) : null,
    el("div", { class: "boxes" }, now.rough ? null : [box("d", t("date.day"), 2), box("m", t("date.month"), 2)], box("y", t("date.year"), 4)),
    one.rough ? el("label", { class: "choice choice--small" }, el("input", { type: "checkbox", checked: Boolean(now.rough), on: { change: (event) => set(event.target.checked ? { y: now.y || "", rough: true } : { y: now.y || "" }, { redraw: true }) } }), el("span", {}, t("date.rough"))) : null,
    unknownBox(one, value, set),
  );
}

// --- Choosing people and households ---------------------------------------------------------------------------------------

function drawPick(one, value, set, fault, kinds) {
  const head = [el("p", { class: "legend" }, one.label), one.hint && el("p", { class: "hint" }, one.hint), el("p", { class: "fault", hidden: !fault, "aria-live": "polite" }, fault && icon("warning"), fault)];
  if (value) {
    return el("div", { class: "field" }, head, el("div", { class: "picked" }, icon(kinds[0] === "person" ? "user" : "house"), el("span", {}, value.title || value.name), button(t("form.change"), () => set(undefined, { redraw: true }), { kind: "quiet" })));
  }
  const near = (one.near || []).map((person) => el("button", { type: "button", class: "btn btn--plain", on: { click: () => set({ id: person.id, title: person.title }, { redraw: true }) } }, el("span", {}, person.title)));
  const free = one.free && typed({ key: `${one.key}-name`, label: t("person.other"), hint: t("person.other.hint"), unknown: false }, "", () => undefined, "", { attributes: { on: { change: (event) => event.target.value.trim() && set({ name: event.target.value.trim() }, { redraw: true }) } } });
  return el("div", { class: fault ? "field field--bad" : "field" }, head, near.length ? el("div", { class: "buttons" }, near) : null, search.picker({ kinds, pick: ({ id, title }) => set({ id, title }, { redraw: true }), hint: one.label }), free, one.need ? null : para(t("ask.may_skip"), "hint"));
}

// --- Counting -----------------------------------------------------------------------------------------------------------------

/** Several numbers at once: goods, groups of people. Each has large minus and plus keys. */
function drawCounts(one, value, set, fault) {
  const lines = one.items.map((item) => {
    const input = el("input", { type: "text", inputmode: "numeric", name: `${one.key}-${item.key}`, value: value[item.key] === undefined ? "" : String(value[item.key]), class: "figure figure--small", "aria-label": item.label, maxlength: "6", autocomplete: "off" });
    const put = (text) => {
      value[item.key] = text;
      set({ ...value });
    };
    const step = (by) => {
      const next = Math.max(0, (Number(input.value) || 0) + by);
      input.value = String(item.most === undefined ? next : Math.min(item.most, next));
      put(input.value);
    };
    input.addEventListener("input", () => put(input.value.replace(/\D/g, "")));
    const key = (sign, by, label) => el("button", { type: "button", class: "key", "aria-label": label, on: { click: () => step(by) } }, sign);
    return el("li", { class: "counter" }, el("span", { class: "counter__words" }, item.label, item.hint && el("span", { class: "hint" }, item.hint)), el("span", { class: "counter__keys" }, key("−", -1, t("count.less", { label: item.label })), input, key("+", 1, t("count.more", { label: item.label }))), item.unit && el("span", { class: "hint" }, item.unit));
  });
  return el("fieldset", { class: fault ? "field field--bad" : "field" }, el("legend", {}, one.label), one.hint && el("p", { class: "hint" }, one.hint), el("p", { class: "fault", hidden: !fault }, fault && icon("warning"), fault), el("ul", { class: "counters" }, lines));
}

