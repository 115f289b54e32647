// Kotak keluar: every entry that the server has not got, with its age, size, step and reason; and the roads without a network.

import * as frame from "./frame.js";
import * as drafts from "./drafts.js";
import * as form from "./form.js";
import * as live from "./live.js";
import * as pages from "./pages.js";
import * as qr from "./qr.js";
import * as router from "./router.js";
import * as syncing from "./syncing.js";
import { ago, clock, day, size, t, tn } from "./texts.js";
import { ask, button, chooseFile, download, el, empty, facts, field, fill, icon, link, notice, para, row, rows, section, share, tag, toast } from "./ui.js";
import * as capture from "./capture.js";
import * as words from "./words.js";

const MOST = 200;

export function kindOf(item) {
  const name = item.kind.split("/")[0];
  return t(`kind.${name}`) === `kind.${name}` ? name : t(`kind.${name}`);
}

export function stateTag(item) {
  if (item.state === "quarantined") return tag(t("state.quarantined"), "bad");
  if (["conflict", "flagged", "held"].includes(item.state)) return tag(t(`state.${item.state}`), "warn");
  return tag(t(`step.short.${item.step}`), item.step >= 3 ? "good" : item.step === 2 ? "" : "warn");
}

export function itemRow(item) {
  return row({ href: `#/kotak-keluar/${item.epoch}/${item.seq}`, picture: item.step >= 3 ? "check" : "send", title: item.label || kindOf(item), lines: [`${kindOf(item)} · ${ago(item.at)}${item.bytes ? ` · ${size(item.bytes)}` : ""}`, item.words && item.step >= 3 ? item.words : ""], tag: stateTag(item) });
}

export async function outboxPage() {
  const session = live.current();
  const fresh = router.stamp();
  const [items, everything] = await Promise.all([session.outbox.items(), session.outbox.items({ all: true })]);
  if (!fresh()) return;
  const unsent = items.filter((one) => one.step < 3);
  const asked = items.filter((one) => ["conflict", "flagged", "quarantined", "held"].includes(one.state) && !one.told);
  const done = everything.filter((one) => one.step >= 3).sort((one, other) => other.at - one.at);
  frame.show({
    title: t("outbox.title"),
    back: "",
    at: "outbox",
    main: [
      syncing.panel(),
      asked.length ? link(tn("home.questions", asked.length), "#/pertanyaan", { icon: "warning", kind: "warn", css: "btn--wide" }) : null,
      unsent.length ? section(tn("outbox.unsent", unsent.length), rows(unsent.slice(0, MOST).map(itemRow)), unsent.length > MOST ? para(tn("home.more", unsent.length - MOST), "hint") : null) : empty(t("outbox.empty"), t("outbox.empty.text"), "check"),
      section(t("carry.title"), para(t("carry.lead")), link(t("carry.open"), "#/kotak-keluar/bawa", { icon: "box" })),
      done.length ? section(t("outbox.done"), rows(done.slice(0, 30).map(itemRow))) : null,
    ],
  });
  let timer = 0;
  const off = live.on("outbox", () => {
    clearTimeout(timer);
    timer = setTimeout(() => fresh() && live.isOpen() && outboxPage(), 600);
  });
  router.whenLeft(() => {
    clearTimeout(timer);
    off();
  });
}

export async function itemPage({ epoch, seq }) {
  const session = live.current();
  const fresh = router.stamp();
  const item = await session.outbox.item(epoch, Number(seq));
  if (!item) return frame.show({ title: t("gone.title"), main: empty(t("gone.title"), t("outbox.forgotten"), "send") });
  const steps = [1, 2, 3, 4].map((n) => el("li", { class: item.step >= n ? "step step--on" : "step", "aria-current": item.step === n ? "step" : null }, icon({ 1: "phone", 2: "box", 3: "globe", 4: "lock" }[n]), el("span", { class: "step__words" }, t(`step.${["here", "carried", "received", "safe"][n - 1]}`))));
  await words.ready();
  if (!fresh()) return undefined;
  const put = typeof item.subject === "string" && item.subject.startsWith("household:") ? item.subject.slice(10) : "";
  return frame.show({
    title: item.label || kindOf(item),
    main: [
      el("ol", { class: "four" }, steps),
      explained(item),
      facts([
        [t("item.kind"), kindOf(item)],
        [t("item.at"), `${day(item.at)} ${clock(item.at)} (${ago(item.at)})`],
        [t("item.size"), item.bytes ? size(item.bytes) : ""],
        [t("item.state"), item.state ? t(`state.${item.state}`) : t("state.none")],
        [t("item.name"), `${item.epoch.slice(0, 4)}-${item.seq}`],
      ]),
      put && link(t("saved.household"), `#/keluarga/${put}`, { icon: "house" }),
      ["conflict", "flagged", "quarantined"].includes(item.state) && !item.told ? button(t("question.read"), async () => {
        await session.outbox.tell(item.epoch, item.seq);
        router.back("/pertanyaan");
      }, { icon: "check" }) : null,
    ],
  });
}

/** What became of an entry and what to do, in words. */
export function explained(item) {
  if (item.state === "quarantined") return notice("bad", t("aside.title"), item.words || t(`reason.${item.reason}`) || "", t("aside.text"));
  if (item.state === "conflict") return notice("warn", t("conflict.title"), conflictWords(item), t("conflict.text"));
  if (item.state === "flagged") return notice("warn", t("flagged.title"), item.words || (t(`reason.${item.reason}`) === `reason.${item.reason}` ? "" : t(`reason.${item.reason}`)), t("flagged.text"));
  if (item.state === "held") return notice("warn", t("held.title"), t("held.text"));
  if (item.step === 1) return para(t("item.here"));
  return null;
}

export function conflictWords(item) {
  const fields = Object.entries((item.facts && item.facts.fields) || {});
  if (!fields.length) return item.words || t("conflict.some");
  return el("ul", {}, fields.map(([name, values]) => el("li", {}, t("conflict.line", { field: words.questionName(name), values: (values || []).map((one) => `“${one || t("unknown")}”`).join(` ${t("doubt.or")} `) }))));
}

// --- Roads without a network ---------------------------------------------------------------------------------------------

export async function carryPage() {
  const session = live.current();
  const sum = session.outbox.summary();
  const stampName = `simpul-${session.device.slice(0, 8)}-${new Date().toISOString().slice(0, 10)}`;
  const safely = (act) => async () => {
    try {
      await act();
    } catch (refused) {
      if (!refused.code) throw refused;
      await ask({ title: t("carry.cannot"), text: pages.refusal(refused), answers: [["ok", t("understood"), ""]] });
    }
  };
  const copy = safely(async () => {
    download(await session.bundle.file(), `${stampName}.simpul`);
    toast(t("carry.copied"));
  });
  const send = safely(async () => {
    const text = await session.bundle.text();
    const file = new File([text], `${stampName}.txt`, { type: "text/plain" });
    if (!(await share({ title: t("carry.share.title"), file }))) {
      download(file, file.name);
      toast(t("share.cannot_file"), "warn");
    }
  });
  const take = safely(async () => {
    const file = await chooseFile(".simpul,.txt,.smplb,application/octet-stream,text/plain");
    if (file) await taken(await session.bundle.take(file.name.endsWith(".txt") ? await file.text() : file));
  });
  const address = el("input", { type: "url", name: "carrier", inputmode: "url", autocomplete: "off", value: localStorage.getItem("lapangan.laptop") || "", placeholder: t("carrier.example") });
  const laptop = safely(async () => {
    const base = address.value.trim().replace(/\/+$/, "");
    if (!base) return address.focus();
    localStorage.setItem("lapangan.laptop", base);
    const told = await session.sync.carry(base).catch((refused) => {
      if (refused.code === "net.failed") return null;
      throw refused;
    });
    if (!told) return ask({ title: t("carry.cannot"), text: t("carrier.silent"), answers: [["ok", t("understood"), ""]] });
    toast(t("carrier.done", { held: (told.held || 0) + (told.stored || 0) + (told.duplicate || 0) }));
    router.run();
    return undefined;
  });
  frame.show({
    title: t("carry.title"),
    main: [
      para(t("carry.lead"), "lead"),
      para(tn("carry.waiting", sum.unsent)),
      section(t("carry.laptop"), para(t("carry.laptop.text")), field({ id: "carrier", label: t("carrier.address"), control: address }), button(t("carry.laptop.do"), laptop, { icon: "box" })),
      section(t("carry.file"), para(t("carry.file.text")), el("div", { class: "buttons" }, button(t("carry.file.do"), copy, { icon: "paperclip", kind: "plain" }), button(t("carry.share"), send, { icon: "send", kind: "plain" }))),
      section(t("carry.qr"), para(t("carry.qr.text")), link(t("carry.qr.do"), "#/kotak-keluar/qr", { icon: "eye" })),
      section(t("carry.take"), para(t("carry.take.text")), el("div", { class: "buttons" }, button(t("carry.take.do"), take, { icon: "paperclip", kind: "plain" }), capture.canScan() ? button(t("carry.scan"), safely(scanPages), { icon: "eye", kind: "plain" }) : null)),
      section(t("carry.daily"), para(t("carry.daily.text")), button(t("carry.file.do"), copy, { icon: "lock", kind: "plain" })),
    ],
  });
}

async function taken(told) {
  const lines = [
    told.receipts ? tn("take.receipts", told.receipts) : "",
    told.letters ? tn("take.letters", told.letters) : "",
    told.envelopes ? tn("take.envelopes", told.envelopes) : "",
    told.pack ? t("take.pack") : "",
    ...(told.notes || []).map((code) => (t(`note.${code}`) === `note.${code}` ? "" : t(`note.${code}`))),
  ].filter(Boolean);
  await ask({ title: t("take.title"), kids: lines.length ? el("ul", {}, lines.map((line) => el("li", {}, line))) : para(t("take.nothing")), answers: [["ok", t("understood"), ""]] });
}

async function scanPages() {
  const { PageReader } = await import("../core/bundle.js");
  const reader = new PageReader();
  const more = (text, line) => {
    try {
      const { have, of, done } = reader.add(text);
      fill(line, t("qr.have", { have, of }));
      return done;
    } catch (fault) {
      return false;
    }
  };
  const done = await capture.scanQr(t("carry.scan"), more);
  if (done) await taken(await live.current().bundle.take(reader.text()));
}

/** A few entries as pictures that another phone or the laptop reads, page after page. */
export async function qrPage() {
  let list;
  try {
    list = await live.current().bundle.pages();
  } catch (refused) {
    if (!refused.code) throw refused;
    return frame.show({ title: t("carry.qr"), main: notice("warn", t("carry.cannot"), pages.refusal(refused)) });
  }
  if (!list.length) return frame.show({ title: t("carry.qr"), main: empty(t("outbox.empty"), t("outbox.empty.text"), "check") });
  const place = el("div", { class: "qr" });
  const count = el("p", { class: "lead", "aria-live": "polite" });
  let now = 0;
  const paint = () => {
    fill(place, qr.picture(list[now], t("qr.page", { n: now + 1, of: list.length })));
    fill(count, t("qr.page", { n: now + 1, of: list.length }));
  };
  const step = (by) => () => {
    now = (now + by + list.length) % list.length;
    paint();
  };
  paint();
  return frame.show({ title: t("carry.qr"), main: [para(t("carry.qr.show")), place, count, list.length > 1 ? el("div", { class: "buttons buttons--row" }, button(t("qr.before"), step(-1), { icon: "arrow-back", kind: "plain" }), button(t("next"), step(1), { icon: "arrow", kind: "plain" })) : null] });
}

// --- Drafts ------------------------------------------------------------------------------------------------------------------

export async function draftsPage() {
  const list = await drafts.list();
  const line = (one) => row({ href: form.draftHref(one), picture: "note", title: one.title, lines: [t("draft.kind", { kind: t(`draftkind.${one.kind}`) === `draftkind.${one.kind}` ? one.kind : t(`draftkind.${one.kind}`) }), ago(one.at)] });
  frame.show({ title: t("drafts.title"), main: list.length ? [para(t("drafts.lead")), rows(list.map(line))] : empty(t("drafts.none"), "", "note") });
}
