// Home: what is to be done today, overdue first, by household, each with its reason.

import * as draftList from "./drafts.js";
import * as frame from "./frame.js";
import * as live from "./live.js";
import * as router from "./router.js";
import * as syncing from "./syncing.js";
import { day, daysTo, due, size, t, tn, todayIso } from "./texts.js";
import { button, el, empty, icon, link, notice, para, row, rows, section, tag } from "./ui.js";
import * as words from "./words.js";

/** Where a line of work is done: the form for it, or the page of the household. */
const PLACES = {
  visit: (one) => `#/isi/kunjungan?household=${one.household}`,
  verification: (one) => `#/isi/verifikasi?id=${one.ref || one.id}&household=${one.household || ""}`,
  kis: (one) => `#/isi/kis?card=${one.ref || one.id}`,
  door: (one) => `#/isi/kis?card=${one.ref || one.id}`,
  delivery: (one) => `#/isi/penyerahan?entry=${one.ref || one.id}`,
  accompaniment: (one) => `#/isi/pendampingan?id=${one.ref || one.id}`,
  trip_door: (one) => `#/isi/kunjungan?household=${one.household}`,
  question: (one) => `#/perkara/${one.ref}`,
  call: () => "#/hari-ini",
  promise: (one) => (one.household ? `#/keluarga/${one.household}` : "#/perjalanan"),
};
const PICTURES = { visit: "house", verification: "check", kis: "heart", door: "heart", delivery: "box", accompaniment: "people", promise: "clock", trip_door: "pin", question: "message", call: "phone" };
const MOST = 60;

export async function today(_given, query = new URLSearchParams()) {
  const session = live.current();
  const fresh = router.stamp();
  const [work, households, persons, hamlets, trips, drafts] = await Promise.all([
    session.table("work"),
    session.table("households"),
    session.table("persons"),
    session.table("hamlets"),
    session.table("trips"),
    draftList.list(),
  ]);
  if (!fresh()) return;
  const hamlet = query.get("dusun") || "";
  const called = (home) => (home && (home.name || (persons.get(home.head) || {}).name)) || "";
  const groups = grouped([...work.values()], households, hamlet, called);
  const late = groups.filter((one) => one.days < 0);
  const now = groups.filter((one) => one.days === 0);
  const coming = groups.filter((one) => one.days > 0);
  const pictured = (title, list) => list.length ? section(title, el("ul", { class: "cards" }, list.slice(0, MOST).map((one) => card(one, households, persons, hamlets, called))), list.length > MOST && para(tn("home.more", list.length - MOST), "hint")) : null;
  frame.show({
    title: t("home.title"),
    back: "",
    at: "today",
    main: [
      el("p", { class: "lead" }, `${day(todayIso())} · ${session.seat.role_words || session.label}`),
      syncing.standing(),
      questions(session),
      searchBox(),
      !households.size && noPack(session),
      drafts.length ? link(tn("home.drafts", drafts.length), "#/konsep", { icon: "note", css: "btn--wide" }) : null,
      await todaysTrips([...trips.values()]),
      work.size ? counts(late, now, coming) : null,
      work.size ? filter(hamlet, groups, work, households, hamlets) : null,
      pictured(t("home.late"), late),
      pictured(t("home.today"), now),
      pictured(t("home.coming"), coming),
      households.size && !groups.length ? empty(t("home.empty"), t(hamlet ? "home.empty.hamlet" : "home.empty.text")) : null,
      syncing.panel(),
    ],
  });
  const off = live.on("change", ({ tables = [] } = {}) => {
    if (tables.some((name) => ["work", "households", "trips"].includes(name)) && fresh()) today(_given, query);
  });
  router.whenLeft(off);
}

function grouped(work, households, hamlet, called) {
  const groups = new Map();
  for (const one of work) {
    const home = households.get(one.household);
    if (hamlet && (!home || home.hamlet !== hamlet)) continue;
    const key = one.household || one.person || one.id;
    if (!groups.has(key)) groups.set(key, { household: one.household, items: [], days: Infinity });
    const group = groups.get(key);
    group.items.push(one);
    group.days = Math.min(group.days, one.due ? daysTo(one.due) : 0);
  }
  const name = (group) => called(households.get(group.household));
  return [...groups.values()].sort((one, other) => one.days - other.days || name(one).localeCompare(name(other)));
}

function card(group, households, persons, hamlets, called) {
  const home = households.get(group.household);
  const place = home && [home.address, (hamlets.get(home.hamlet) || {}).name, home.landmark].filter(Boolean).join(" · ");
  const lines = group.items
    .slice()
    .sort((one, other) => (one.due || "").localeCompare(other.due || ""))
    .map((one) => workLine(one, persons));
  return el(
    "li",
    { class: "card" },
    home ? el("a", { class: "card__head", href: `#/keluarga/${home.id}` }, icon("house"), el("span", {}, el("span", { class: "card__title" }, called(home) || t("household.unnamed")), place && el("span", { class: "row__line" }, place)), icon("chevron", "row__go")) : null,
    rows(lines),
  );
}

export function workLine(one, persons) {
  const person = persons.get(one.person);
  const days = one.due ? daysTo(one.due) : 0;
  const where = PLACES[one.kind] || ((line) => (line.household ? `#/keluarga/${line.household}` : "#/hari-ini"));
  return row({
    href: where(one),
    picture: PICTURES[one.kind] || "note",
    title: one.kind && t(`work.${one.kind}`) !== `work.${one.kind}` ? t(`work.${one.kind}`) : t("work.other"),
    lines: [one.why, person && person.name],
    tag: one.due ? tag(due(one.due), days < 0 ? "bad" : days === 0 ? "warn" : "") : null,
  });
}

function counts(late, now, coming) {
  const one = (n, key, tone) => el("li", { class: `count count--${tone}` }, el("strong", {}, String(n)), el("span", {}, t(key)));
  return el("ul", { class: "counts" }, one(late.length, "home.count.late", late.length ? "bad" : ""), one(now.length, "home.count.today", "warn"), one(coming.length, "home.count.coming", ""));
}

function filter(chosen, groups, work, households, hamlets) {
  const used = new Set([...work.values()].map((one) => (households.get(one.household) || {}).hamlet).filter(Boolean));
  if (used.size < 2) return null;
  const names = [...used].map((id) => [id, (hamlets.get(id) || {}).name || id]).sort((one, other) => one[1].localeCompare(other[1]));
  const pick = (event) => router.go(event.target.value ? `/hari-ini?dusun=${event.target.value}` : "/hari-ini");
  return el(
    "div",
    { class: "field" },
    el("label", { for: "hamlet" }, t("hamlet")),
    el("select", { id: "hamlet", on: { change: pick } }, el("option", { value: "" }, t("home.all_hamlets")), names.map(([id, name]) => el("option", { value: id, selected: id === chosen }, name))),
  );
}

export function searchBox(value = "") {
  const submit = (event) => {
    event.preventDefault();
    router.go(`/cari?q=${encodeURIComponent(event.target.elements.q.value)}`);
  };
  return el(
    "form",
    { class: "search", role: "search", on: { submit } },
    el("label", { for: "q", class: "unseen" }, t("search.label")),
    el("input", { id: "q", name: "q", type: "search", value, placeholder: t("search.hint"), autocomplete: "off", spellcheck: "false", enterkeyhint: "search" }),
    el("button", { type: "submit", class: "btn btn--plain", "aria-label": t("search.do") }, icon("search")),
  );
}

function questions(session) {
  const { questions: n } = session.outbox.summary();
  return n ? link(tn("home.questions", n), "#/pertanyaan", { icon: "warning", kind: "warn", css: "btn--wide" }) : null;
}

function noPack(session) {
  const { phase, progress } = session.sync.state;
  const coming = ["pack", "pull", "hello"].includes(phase);
  const words = coming && progress && progress.unit === "bytes" ? t("pack.progress", { done: size(progress.done), total: size(progress.total) }) : t(coming ? "pack.coming" : "pack.none.text");
  return notice("warn", t("pack.none"), words, para(t("pack.still"), "hint"), !coming && button(t("sync.now"), () => session.sync.now(), { icon: "send" }));
}

async function todaysTrips(trips) {
  const today = todayIso();
  const now = trips.filter((trip) => trip.from <= today && (trip.until || trip.from) >= today && trip.state !== "returned");
  if (!now.length) return null;
  const lines = new Map(await Promise.all(now.map(async (trip) => [trip.id, await stopNames(trip)])));
  return section(
    t("trips.today"),
    rows(now.map((trip) => row({ href: `#/perjalanan/${trip.id}`, picture: "pin", title: trip.purpose || t("trip"), lines: [lines.get(trip.id), `${day(trip.from)}${trip.until && trip.until !== trip.from ? ` – ${day(trip.until)}` : ""}`] }))),
  );
}

export async function stopNames(trip) {
  const named = await Promise.all((trip.stops || []).map((stop) => words.stopName(stop)));
  return named.join(" → ");
}

