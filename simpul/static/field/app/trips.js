// Trips of this seat's team: stops in order, what is done at each, and coming back.

import * as frame from "./frame.js";
import * as going from "./going.js";
import * as home from "./home.js";
import * as live from "./live.js";
import * as router from "./router.js";
import { day, t, tn, todayIso } from "./texts.js";
import { el, empty, facts, icon, para, row, rows, section, tag } from "./ui.js";
import * as words from "./words.js";

export async function tripsPage() {
  const list = [...(await live.current().table("trips")).values()].sort((one, other) => String(one.from).localeCompare(String(other.from)));
  const today = todayIso();
  const lines = new Map(await Promise.all(list.map(async (trip) => [trip.id, await home.stopNames(trip)])));
  const line = (trip) => row({ href: `#/perjalanan/${trip.id}`, picture: "pin", title: trip.purpose || t("trip"), lines: [lines.get(trip.id), period(trip)], tag: trip.from <= today && (trip.until || trip.from) >= today ? tag(t("due.today"), "warn") : null });
  frame.show({ title: t("trips.title"), main: list.length ? rows(list.map(line)) : empty(t("trips.none"), t("trips.none.text"), "pin") });
}

const period = (trip) => (trip.until && trip.until !== trip.from ? `${day(trip.from)} – ${day(trip.until)}` : day(trip.from));

function acts(list) {
  return el("ul", { class: "acts" }, list.map(([href, picture, key]) => el("li", {}, el("a", { class: "act", href: `#/${href}` }, icon(picture), el("span", {}, t(key))))));
}

async function ownOf(subject) {
  const items = await live.current().outbox.items({ all: true });
  return items.filter((one) => one.subject === subject);
}

const doneRow = (one) => row({ href: `#/kotak-keluar/${one.epoch}/${one.seq}`, picture: "check", title: one.label || t(`kind.${one.kind.split("/")[0]}`), tag: one.step < 3 ? tag(t("tag.unsent"), "warn") : tag(t(`step.short.${one.step}`), "good") });

export async function tripPage({ id }) {
  const fresh = router.stamp();
  const trip = await live.current().row("trips", id);
  if (!trip) return frame.show({ title: t("gone.title"), main: empty(t("gone.title"), t("gone.text"), "pin") });
  const [own, done] = await Promise.all([ownOf(`trip:${id}`), doneHere()]);
  const stops = (trip.stops || []).map((stop) => ({ ...stop, ...done.get(stop.id) }));
  const names = await Promise.all(stops.map((stop) => words.stopName(stop)));
  if (!fresh()) return undefined;
  return frame.show({
    title: t("trip"),
    main: [
      trip.purpose && para(trip.purpose, "lead"),
      para(period(trip)),
      acts([[`isi/berangkat?trip=${id}`, "arrow", "act.start"], [`isi/janji?trip=${id}`, "clock", "act.promise"], [`isi/pulang?trip=${id}`, "house", "act.back"]]),
      section(
        tn("trip.stops", stops.length),
        rows(stops.map((stop, place) => row({ href: `#/perjalanan/${id}/${stop.id}`, picture: "pin", title: `${place + 1}. ${names[place]}`, lines: [stop.date && day(stop.date)], tag: tag(t(`stop.${stopState(stop)}`), stopState(stop) === "planned" ? "" : "good") }))),
      ),
      own.length ? section(t("household.own"), rows(own.map(doneRow))) : null,
    ],
  });
}

const workWords = (one) => (t(`work.${one.kind}`) === `work.${one.kind}` ? one.why : t(`work.${one.kind}`));

const MARKS = { "stop.arrive": "arrived", "stop.open": "opened", "stop.close": "closed" };

/** What was written down at each stop on this phone: shown before the server says it too. */
async function doneHere() {
  const done = new Map();
  for (const one of await live.current().outbox.items({ all: true })) {
    const mark = MARKS[one.kind.split("/")[0]];
    if (!mark || one.state === "quarantined") continue;
    const stop = String(one.subject).slice("stop:".length);
    done.set(stop, { ...done.get(stop), [mark]: one.at });
  }
  return done;
}

function stopState(stop) {
  if (stop.closed) return "closed";
  return stop.opened ? "open" : stop.arrived ? "arrived" : "planned";
}

export async function stopPage({ id, stop: stop_id }) {
  const session = live.current();
  const fresh = router.stamp();
  const trip = await session.row("trips", id);
  const stop = trip && (trip.stops || []).find((one) => one.id === stop_id);
  if (!stop) return frame.show({ title: t("gone.title"), main: empty(t("gone.title"), t("gone.text"), "pin") });
  const [own, work, households, name] = await Promise.all([ownOf(`stop:${stop_id}`), session.table("work"), session.table("households"), words.stopName(stop)]);
  const inside = (home) => home && home.region === stop.region && (!stop.hamlet || home.hamlet === stop.hamlet);
  const here = [...work.values()].filter((one) => inside(households.get(one.household))).slice(0, 40);
  going.standAt(trip, stop);
  const reasons = new Map();
  for (const one of here) reasons.set(one.household, [...(reasons.get(one.household) || []), workWords(one)]);
  const called = new Map(await Promise.all(here.map(async (one) => [one.household, await words.homeName(households.get(one.household))])));
  if (!fresh()) return undefined;
  const at = `trip=${id}&stop=${stop_id}`;
  return frame.show({
    title: name,
    main: [
      facts([[t("trip"), trip.purpose], [t("stop.date"), stop.date ? day(stop.date) : ""]]),
      acts([
        [`isi/tiba?${at}`, "pin", "act.arrive"],
        [`isi/tamu?${at}`, "user", "act.guest"],
        [`isi/penjelasan?${at}`, "people", "act.explain"],
        ["isi/perkara", "message", "act.case"],
        [`isi/janji?${at}`, "clock", "act.promise"],
        [`isi/pergi?${at}`, "exit", "act.close"],
      ]),
      here.length ? section(t("stop.work"), rows([...reasons].map(([id, why]) => row({ href: `#/keluarga/${id}`, picture: "house", title: called.get(id) || t("work.other"), lines: [[...new Set(why)].join(", ")] })))) : null,
      own.length ? section(t("household.own"), rows(own.map(doneRow))) : null,
    ],
  });
}
