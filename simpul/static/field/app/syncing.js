// The honest state of what was written here: four steps with numbers, and when the server was last heard.

import * as live from "./live.js";
import { ago, day, number, size, t, tn } from "./texts.js";
import { button, el, fill, icon, notice, toast } from "./ui.js";

const STEPS = [
  ["here", "phone"],
  ["carried", "box"],
  ["received", "globe"],
  ["safe", "lock"],
];

/** The four steps; stands on the home page and on that of the outbox, and repaints itself. */
export function panel() {
  const place = el("section", { class: "sync", "aria-label": t("sync.label") });
  const paint = () => paintPanel(place);
  const offs = ["outbox", "sync"].map((name) =>
    live.on(name, () => {
      if (place.isConnected) paint();
      else offs.forEach((off) => off());
    }),
  );
  paint();
  return place;
}

function paintPanel(place) {
  const session = live.current();
  if (!session) return;
  const sum = session.outbox.summary();
  const state = session.sync.state;
  const busy = !["idle", "wait"].includes(state.phase);
  const steps = STEPS.map(([key, picture]) =>
    el("li", { class: sum[key] ? "step step--on" : "step" }, icon(picture), el("span", { class: "step__n" }, number(sum[key] || 0)), el("span", { class: "step__words" }, t(`step.${key}`))),
  );
  fill(
    place,
    el("ol", { class: "four" }, steps),
    el("p", { class: "sync__line" }, [sum.unsent ? tn("unsent", sum.unsent) : t("unsent.none"), t("sync.contact", { ago: ago(state.last_ok) })].join(" · ")),
    busy ? el("p", { class: "sync__line" }, icon("clock"), doing(state)) : problem(state),
    sum.blobs ? el("p", { class: "sync__line" }, tn("sync.files", sum.blobs, { size: size(sum.blobBytes || 0) })) : null,
    button(t("sync.now"), syncNow, { icon: "send", kind: "plain", css: "btn--wide", disabled: busy }),
  );
}

function doing(state) {
  const { progress } = state;
  const words = t(`sync.${state.phase}`);
  if (!progress || !progress.total) return words;
  const [done, total] = progress.unit === "bytes" ? [size(progress.done), size(progress.total)] : [number(progress.done), number(progress.total)];
  return `${words} ${t("sync.progress", { done, total })}`;
}

function problem({ problem: what }) {
  return what ? el("p", { class: "sync__line" }, icon("warning"), t(`sync.problem.${what}`)) : null;
}

async function syncNow() {
  const session = live.current();
  const state = await session.sync.now();
  if (!live.isOpen()) return;
  if (state.problem) toast(t(`sync.problem.${state.problem}`), "warn");
  else toast(session.outbox.summary().unsent ? t("sync.partly") : t("sync.done"));
}

/** What stands in the way of new work: a lease that is over, a phone that was locked by the office. */
export function standing() {
  const session = live.current();
  if (session.revoked) return notice("bad", t("revoked.title"), t("revoked.text"));
  if (session.lease && session.lease.over) return notice("warn", t("lease.title"), t("lease.text"));
  if (session.lease && session.lease.until && session.lease.until - Date.now() < 3 * 86_400_000) return notice("warn", "", t("lease.soon", { day: day(session.lease.until) }));
  return null;
}
