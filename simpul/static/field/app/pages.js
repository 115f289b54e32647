// Which page stands at which address, and what is said when the vault, the phone or the server interrupts.

import * as live from "./live.js";
import * as router from "./router.js";
import { size, t, tn } from "./texts.js";
import { ask, toast } from "./ui.js";
import * as worker from "./worker.js";
import * as start from "./start.js";

const OPEN_TO_ALL = /^\/(mulai|daftar)/;
let workerState = "";

/** A page that only somebody with an open vault sees; others unlock first and then come back to it. Its module comes when it is first asked for. */
const later = (file, name) => async (given, query) => (live.isOpen() ? (await import(file))[name](given, query) : start.unlockPage());

export function declare() {
  const { route } = router;
  const today = later("./home.js", "today");
  route("/", today);
  route("daftar=(.+)", () => start.invited());
  route("/mulai", () => start.unlockPage());
  route("/mulai/semua", () => start.vaultsPage());
  route("/mulai/daftar", () => start.enrolPage());
  route("/mulai/buka/:id", ({ id }) => start.unlockOne(id));
  route("/mulai/titip/:id", ({ id }) => start.lockedPage(id));
  route("/hari-ini", today);
  route("/cari", later("./search.js", "searchPage"));
  route("/baru", later("./adding.js", "addPage"));
  route("/lainnya", later("./settings.js", "morePage"));
  route("/setelan", later("./settings.js", "settingsPage"));
  route("/setelan/sandi", later("./settings.js", "passphrasePage"));
  route("/setelan/hapus", later("./settings.js", "removePage"));
  route("/keluarga/:id", later("./household.js", "householdPage"));
  route("/orang/:id", later("./household.js", "personPage"));
  route("/perkara/:id", later("./cases.js", "casePage"));
  route("/resi/:id", later("./receipt.js", "receiptPage"));
  route("/perjalanan", later("./trips.js", "tripsPage"));
  route("/perjalanan/:id", later("./trips.js", "tripPage"));
  route("/perjalanan/:id/:stop", later("./trips.js", "stopPage"));
  route("/musyawarah/:id", later("./meetings.js", "meetingPage"));
  route("/musyawarah", later("./meetings.js", "meetingsPage"));
  route("/kotak-keluar", later("./outbox.js", "outboxPage"));
  route("/kotak-keluar/bawa", later("./outbox.js", "carryPage"));
  route("/kotak-keluar/qr", later("./outbox.js", "qrPage"));
  route("/kotak-keluar/:epoch/:seq", later("./outbox.js", "itemPage"));
  route("/pertanyaan", later("./questions.js", "questionsPage"));
  route("/konsep", later("./outbox.js", "draftsPage"));
  route("/isi/:form", later("./form.js", "openForm"));
  route("/isi/:form/:draft/:step", later("./form.js", "formPage"));
  route("/tersimpan", later("./saved.js", "savedPage"));
}

export function isOpenToAll(path) {
  return OPEN_TO_ALL.test(path);
}

let asking = null;

/** Half a minute before the vault locks itself. */
export async function stillThere() {
  if (asking) return;
  asking = ask({ title: t("lock.soon"), text: t("lock.soon.text"), answers: [["stay", t("lock.stay"), ""], ["lock", t("lock.now"), "plain"]] });
  const said = await asking;
  asking = null;
  if (said === "lock") await live.lock();
  else if (live.current()) live.current().touch();
}

/** Nothing of the page stays; the address stays, so that the same page opens after unlocking. */
export function locked(detail = {}) {
  document.querySelectorAll("dialog").forEach((dialog) => dialog.remove());
  asking = null;
  worker.formClosed();
  start.unlockPage(detail.why || "asked");
}

export function full({ used, quota } = {}) {
  return ask({ title: t("full.title"), text: t("full.text", { used: size(used || 0), quota: size(quota || 0) }), answers: [["ok", t("understood"), ""]] });
}

export function newEpoch({ why } = {}) {
  return ask({ title: t("epoch.title"), text: t(`epoch.${["canary", "fork", "restore", "damaged"].includes(why) ? why : "restore"}`), answers: [["ok", t("understood"), ""]] });
}

export function revoked() {
  return ask({ title: t("revoked.title"), text: t("revoked.text"), answers: [["ok", t("understood"), ""]] });
}

export function damaged() {
  return ask({ title: t("damaged.title"), text: t("damaged.text"), answers: [["ok", t("understood"), ""]] });
}

/** A refusal that no page caught, in words; what is not expected says that nothing was lost. */
export function fault(reason) {
  const said = reason && reason.code ? refusal(reason) : t("fault.unknown");
  toast(said, "bad");
}

export function refusal({ code, facts = {} }) {
  const key = `refusal.${code}`;
  const text = t(key, { ...facts, used: size(facts.used || 0), quota: size(facts.quota || 0), bytes: size(facts.bytes || 0) });
  if (text === key) return t("refusal.other", { code });
  return facts.wait ? `${text} ${tn("wait.seconds", facts.wait)}` : text;
}

export function workerSays(state) {
  workerState = state;
  if (state === "half") toast(t("worker.half"), "warn");
  if (state === "waiting" && start.isIdle()) worker.takeUpdate();
  const place = document.getElementById("worker-state");
  if (place) place.textContent = t(`worker.${state}`);
}

export function workerNow() {
  return workerState || (worker.isKept() ? "ready" : "");
}
