// The receipt: number and PIN large, read aloud, printed or shared as a slip.

import * as ids from "../core/ids.js";
import * as frame from "./frame.js";
import * as live from "./live.js";
import * as receipts from "./receipts.js";
import * as router from "./router.js";
import { BASE, day, languageNow, PLACE, t } from "./texts.js";
import { button, el, icon, link, notice, para, share, toast } from "./ui.js";

const SOUNDS = `${BASE.replace(/[^/]+\/$/, "")}suara/`;

export async function receiptPage({ id }) {
  const receipt = receipts.find(id);
  if (!receipt) {
    const row = await live.current().row("cases", id);
    return frame.show({ title: t("receipt.title"), main: [row ? big(t("receipt.number"), row.number, "number") : null, notice("warn", t("receipt.closed"), t("receipt.closed.text"))], foot: link(t("saved.today"), "#/hari-ini", { icon: "calendar", kind: "main" }) });
  }
  const only16 = receipt.secret || !receipt.number;
  const shown = only16 ? receipt.receipt16 : receipt.number;
  const slip = el(
    "section",
    { class: "slip", id: "slip" },
    el("p", { class: "slip__place" }, icon("knot"), PLACE),
    shown ? big(t(only16 ? "receipt.sixteen" : "receipt.number"), only16 ? ids.groupDigits(shown) : shown, only16 ? "sixteen" : "number") : notice("warn", t("receipt.none"), t("receipt.none.text")),
    !only16 && receipt.pin ? big(t("receipt.pin"), receipt.pin, "pin") : null,
    el("dl", { class: "facts" }, el("div", {}, el("dt", {}, t("receipt.kind")), el("dd", {}, receipt.kind)), el("div", {}, el("dt", {}, t("receipt.day")), el("dd", {}, day(receipt.at))), el("div", {}, el("dt", {}, t("receipt.follow")), el("dd", {}, t("receipt.follow.how", { where: `${location.host}/lacak/` })))),
    para(t("receipt.keep"), "hint"),
  );
  const text = slipText(receipt, shown, only16);
  const send = async () => {
    if (!(await share({ title: t("receipt.title"), text }))) {
      await navigator.clipboard.writeText(text).then(() => toast(t("receipt.copied")), () => toast(t("share.cannot"), "warn"));
    }
  };
  return frame.show({
    title: t("receipt.title"),
    back: "",
    bare: true,
    main: [
      para(t("saved.title"), "lead"),
      slip,
      el("div", { class: "buttons no-print" }, shown && button(t("receipt.read"), () => readAloud(receipt, shown, only16), { icon: "speaker", kind: "plain" }), shown && button(t("receipt.share"), send, { icon: "send", kind: "plain" }), shown && button(t("receipt.print"), () => print(), { icon: "printer", kind: "plain" })),
      notice("", "", t("receipt.said")),
    ],
    foot: button(t("receipt.done"), () => router.go(receipt.next || "/hari-ini", { replace: true }), { icon: "check" }),
  });
}

function big(label, value, kind) {
  return el("div", { class: `big big--${kind}` }, el("p", { class: "big__label" }, label), el("p", { class: "big__value", id: `receipt-${kind}` }, value));
}

function slipText(receipt, shown, only16) {
  const lines = [PLACE, receipt.kind, `${t(only16 ? "receipt.sixteen" : "receipt.number")}: ${only16 ? ids.groupDigits(shown) : shown}`];
  if (!only16 && receipt.pin) lines.push(`${t("receipt.pin")}: ${receipt.pin}`);
  return [...lines, t("receipt.follow.how", { where: `${location.host}/lacak/` }), t("receipt.keep")].join("\n");
}

/** First a recording in the language of the place, when there is one; then the figures, sign by sign. */
async function readAloud(receipt, shown, only16) {
  const played = await playSound("tanda-terima");
  const pieces = [played ? "" : t("receipt.spoken"), t(only16 ? "receipt.sixteen" : "receipt.number"), ids.groupForSpeech(shown, languageNow())];
  if (!only16 && receipt.pin) pieces.push(t("receipt.pin"), receipt.pin.split("").join(", "));
  if (!window.speechSynthesis) {
    if (!played) toast(t("speech.none"), "warn");
    return;
  }
  speechSynthesis.cancel();
  for (const piece of pieces.filter(Boolean)) {
    const speech = new SpeechSynthesisUtterance(piece);
    speech.lang = languageNow() === "en" ? "en-GB" : "id-ID";
    speech.rate = 0.85;
    speechSynthesis.speak(speech);
  }
  router.whenLeft(() => speechSynthesis.cancel());
}

/** A recording laid into static/field/audio (tanda-terima.mp3 and the like), or that came with the pack. */
async function playSound(name) {
  for (const ending of ["mp3", "ogg", "m4a"]) {
    const answer = await fetch(`${SOUNDS}${name}.${ending}`, { credentials: "omit" }).catch(() => null);
    if (!answer || !answer.ok) continue;
    const url = URL.createObjectURL(await answer.blob());
    const sound = new Audio(url);
    await new Promise((resolve) => {
      sound.onended = resolve;
      sound.onerror = resolve;
      sound.play().catch(resolve);
    });
    URL.revokeObjectURL(url);
    return true;
  }
  return false;
}
