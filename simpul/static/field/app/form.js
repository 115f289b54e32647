// Forms: one group of questions at a time; every change is kept as a draft at once; going back loses nothing.

import * as asks from "./asks.js";
import * as drafts from "./drafts.js";
import * as forms from "./forms/all.js";
import * as frame from "./frame.js";
import * as live from "./live.js";
import * as pages from "./pages.js";
import * as router from "./router.js";
import { clock, t } from "./texts.js";
import { ask, button, el, empty, fill, icon, notice, para } from "./ui.js";
import * as saved from "./saved.js";
import * as worker from "./worker.js";

const REVIEW = "periksa";
const SHORT = 2;
let ready = { draft: "", ctx: null, a: null };

/** A new draft of a form, with what the address gives; the address then names the draft, so that a reload comes back to it. */
export async function openForm({ form }, query) {
  const session = live.current();
  const made = await forms.find(form);
  if (!made) return router.go("/baru", { replace: true });
  const given = Object.fromEntries(query);
  const ctx = await made.load(given);
  if (!ctx) return frame.show({ title: t(made.title), main: empty(t("gone.title"), t("gone.text"), "note") });
  const a = made.start ? await made.start(ctx) : {};
  const draft = crypto.randomUUID();
  ready = { draft, ctx, a };
  await session.drafts.put(draft, { kind: form, subject: ctx.subject || "", title: ctx.title || t(made.title), data: { given, a, touched: false } });
  await drafts.sweep(draft);
  return router.go(`/isi/${form}/${draft}/0`, { replace: true });
}

async function prepared(made, draftId) {
  if (ready.draft === draftId) return ready;
  const draft = await live.current().drafts.get(draftId);
  if (!draft) return null;
  const ctx = await made.load(draft.data.given);
  if (!ctx) return null;
  ready = { draft: draftId, ctx, a: draft.data.a, given: draft.data.given };
  return ready;
}

export async function formPage({ form, draft: draftId, step }) {
  const session = live.current();
  const fresh = router.stamp();
  const made = await forms.find(form);
  const found = made && (await prepared(made, draftId));
  if (!fresh()) return undefined;
  if (!found) return router.go("/hari-ini", { replace: true });
  const { ctx, a } = found;
  worker.formOpened();
  router.whenLeft(() => {
    worker.formClosed();
    if (live.isOpen()) session.drafts.flush();
  });
  const page = { made, form, draftId, ctx, a, given: found.given, faults: {} };
  if (step === REVIEW) return reviewPage(page);
  page.step = Math.max(0, Number(step) || 0);
  return paint(page);
}

const stepsOf = ({ made, ctx, a }) => made.steps(ctx, a).filter((step) => !step.when || step.when(a));
const asksOf = (step, a) => step.asks.filter((one) => one && (!one.when || one.when(a)));

async function keep(page) {
  const { form, draftId, ctx, a, made } = page;
  const before = ready.given || page.given;
  const given = before || ((await live.current().drafts.get(draftId)) || { data: { given: {} } }).data.given;
  ready.given = given;
  await live.current().drafts.put(draftId, { kind: form, subject: ctx.subject || "", title: ctx.title || t(made.title), data: { given, a, touched: true } });
  const note = document.getElementById("kept");
  if (note) note.textContent = t("draft.kept", { at: clock(Date.now()) });
}

function paint(page) {
  const steps = stepsOf(page);
  const place = Math.min(page.step, steps.length - 1);
  const step = steps[place];
  const body = el("form", { class: "asks", novalidate: true, on: { submit: (event) => next(event, page, steps, place) }, id: "step" });
  const draw = () => {
    const focus = document.activeElement && document.activeElement.name;
    fill(
      body,
      Object.keys(page.faults).length ? notice("bad", t("form.faults"), t("form.faults.text")) : null,
      asksOf(step, page.a).map((one) => asks.draw(one, page.a, (value, how) => set(page, one, value, how, draw), page.faults[one.key] || "")),
      el("button", { type: "submit", hidden: true, tabindex: "-1" }),
    );
    const again = focus && body.elements.namedItem(focus);
    if (!again || !again.focus || !body.contains(again)) return;
    again.focus({ preventScroll: true });
    if (again.setSelectionRange && again.type === "text") again.setSelectionRange(again.value.length, again.value.length);
  };
  draw();
  const last = place === steps.length - 1;
  const short = steps.length <= SHORT;
  frame.show({
    title: step.title || t(page.made.title),
    bare: true,
    main: [
      el("p", { class: "hint" }, [page.ctx.title, steps.length > 1 && t("form.step", { n: place + 1, of: steps.length })].filter(Boolean).join(" · ")),
      step.hint && para(step.hint),
      body,
      el("p", { class: "hint", id: "kept", "aria-live": "off" }, t("draft.note")),
      leaveButton(page),
    ],
    foot: el("button", { class: "btn btn--main", type: "submit", form: "step" }, icon(last && short ? "check" : "arrow"), el("span", {}, last && short ? t("form.save") : t("next"))),
  });
}

function leaveButton(page) {
  const act = async () => {
    const said = await ask({ title: t("draft.leave"), text: t("draft.leave.text"), answers: [["keep", t("draft.keep"), ""], ["drop", t("draft.drop"), "bad"], [null, t("cancel")]] });
    if (!said) return;
    if (said === "drop") await dropDraft(page.draftId);
    else await live.current().drafts.flush();
    router.go(page.ctx.next || "/hari-ini");
  };
  return button(t("draft.leave"), act, { icon: "cross", kind: "quiet" });
}

export async function dropDraft(draftId) {
  if (ready.draft === draftId) ready = { draft: "", ctx: null, a: null };
  await live.current().drafts.remove(draftId);
}

function set(page, one, value, { redraw = false } = {}, draw = () => undefined) {
  const flips = asks.isEmpty(page.a[one.key]) !== asks.isEmpty(value);
  if (value === undefined) delete page.a[one.key];
  else page.a[one.key] = value;
  delete page.faults[one.key];
  if (one.changed) one.changed(page.a, value);
  keep(page);
  if (redraw || one.redraws || (one.shows && flips)) draw();
}

/** Every question of a group: what is wrong is said beside it; what is strange is asked once more. */
async function sound(page, step) {
  page.faults = {};
  const asked = asksOf(step, page.a);
  for (const one of asked) {
    const fault = asks.check(one, page.a);
    if (fault) page.faults[one.key] = fault;
  }
  if (step.check) Object.assign(page.faults, step.check(page.a));
  if (Object.keys(page.faults).length) return false;
  for (const one of asked) {
    const odd = asks.odd(one, page.a);
    if (!odd || page.a[`ok.${one.key}`] === String(page.a[one.key])) continue;
    const said = await ask({ title: t("odd.title"), text: odd, answers: [["yes", t("odd.yes"), "plain"], ["no", t("odd.no"), ""]] });
    if (said !== "yes") return false;
    page.a[`ok.${one.key}`] = String(page.a[one.key]);
    await keep(page);
  }
  return true;
}

async function next(event, page, steps, place) {
  event.preventDefault();
  if (!(await sound(page, steps[place]))) {
    paint(page);
    const bad = document.querySelector("[aria-invalid=true], .field--bad input");
    if (bad) bad.focus();
    return undefined;
  }
  await live.current().drafts.flush();
  const after = stepsOf(page);
  if (place + 1 < after.length) return router.go(`/isi/${page.form}/${page.draftId}/${place + 1}`);
  if (after.length <= SHORT) return finish(page);
  return router.go(`/isi/${page.form}/${page.draftId}/${REVIEW}`);
}

/** All answers on one page, each with a way back to its question. */
function reviewPage(page) {
  const steps = stepsOf(page);
  const parts = steps.map((step, place) => {
    const lines = asksOf(step, page.a)
      .map((one) => [one.label, asks.words(one, page.a)])
      .filter(([, said]) => said);
    if (!lines.length) return null;
    return el(
      "section",
      { class: "review" },
      el("div", { class: "review__head" }, el("h2", {}, step.title || t(page.made.title)), el("a", { href: `#/isi/${page.form}/${page.draftId}/${place}` }, t("form.change"), el("span", { class: "unseen" }, ` ${step.title || ""}`))),
      el("dl", { class: "facts" }, lines.map(([label, said]) => el("div", {}, el("dt", {}, label), el("dd", {}, said)))),
    );
  });
  frame.show({
    title: t("form.review"),
    bare: true,
    main: [para(page.ctx.title || t(page.made.title), "hint"), parts, leaveButton(page)],
    foot: button(t("form.save"), () => finish(page), { icon: "check", kind: "main" }),
  });
}

async function finish(page) {
  const session = live.current();
  for (const [place, step] of stepsOf(page).entries()) {
    if (!(await sound(page, step))) return router.go(`/isi/${page.form}/${page.draftId}/${place}`);
  }
  const began = performance.now();
  try {
    const made = await page.made.save(page.ctx, page.a);
    const items = made.items.map((item, place) => withDraft(item, place === 0 ? page.draftId : ""));
    const done = await session.saveAll(items);
    ready = { draft: "", ctx: null, a: null };
    worker.formClosed();
    saved.remember({ ...made, done, ms: performance.now() - began });
    const after = made.after ? made.after(done) : "";
    router.go(after || "/tersimpan", { replace: true });
  } catch (refused) {
    if (!refused.code) throw refused;
    await ask({ title: t("form.not_saved"), text: `${pages.refusal(refused)} ${t("form.draft_stays")}`, answers: [["ok", t("understood"), ""]] });
  }
  return undefined;
}

function withDraft(item, draft) {
  if (!draft) return item;
  return typeof item === "function" ? (made) => ({ ...item(made), draft }) : { ...item, draft };
}

export function draftHref(draft) {
  return `#/isi/${draft.kind}/${draft.id}/0`;
}

