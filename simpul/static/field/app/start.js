// Before a vault is open: who works on this phone, taking a phone into service, the passphrase.

import * as frame from "./frame.js";
import * as live from "./live.js";
import * as pages from "./pages.js";
import * as router from "./router.js";
import { chooseLanguage, languageNow, PLACE, t, tn, VERSION } from "./texts.js";
import { ask, button, download, el, field, fill, icon, link, notice, para, row, rows, section, toast } from "./ui.js";
import * as worker from "./worker.js";

const LAST_KEY = "lapangan.terakhir";
const KNOWN_KEY = "lapangan.nama";

function languages() {
  const other = languageNow() === "id" ? "en" : "id";
  const act = async () => {
    await chooseLanguage(other);
    router.run();
  };
  return button(t(`language.${other}`), act, { icon: "globe", kind: "quiet" });
}

function brandHead() {
  return el("div", { class: "brand" }, icon("knot", "brand__mark"), el("div", {}, el("p", { class: "brand__name" }, t("app.short")), el("p", { class: "brand__place" }, PLACE)));
}

/** Names on this phone as they were last time: they stand in the open beside the locked data, and let the first page come at once. */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KNOWN_KEY)) || [];
  } catch (fault) {
    return [];
  }
}

async function listed() {
  const vaults = await (await live.load()).listVaults();
  localStorage.setItem(KNOWN_KEY, JSON.stringify(vaults));
  return vaults;
}

/** The page for whoever has to unlock: the person of last time, a list when several share the phone, or the welcome. */
export async function unlockPage(why = "") {
  const fresh = router.stamp();
  const known = remembered();
  if (known.length) paint(known, why);
  const vaults = await listed();
  const same = JSON.stringify(vaults) === JSON.stringify(known);
  if (fresh() && !live.isOpen() && (!known.length || (!same && !hasBegun()))) paint(vaults, why);
  if (worker.isWaiting() && isIdle()) worker.takeUpdate();
}

function paint(vaults, why) {
  performance.mark("lapangan-ready");
  if (!vaults.length) welcome();
  else {
    const last = vaults.find((one) => one.id === localStorage.getItem(LAST_KEY));
    if (last) unlockForm(last, vaults, why);
    else if (vaults.length === 1) unlockForm(vaults[0], vaults, why);
    else vaultList(vaults);
  }
}

function hasBegun() {
  const input = document.querySelector("#unlock input[name=passphrase]");
  return Boolean(input && input.value);
}

/** True while the page for unlocking stands there and nobody has begun to type: the moment for a new version. */
export function isIdle() {
  return !live.isOpen() && Boolean(document.getElementById("unlock")) && !hasBegun();
}

export async function vaultsPage() {
  vaultList(await listed());
}

export async function unlockOne(id) {
  const vaults = await listed();
  const one = vaults.find((vault) => vault.id === id);
  if (one) unlockForm(one, vaults, "");
  else router.go("/mulai", { replace: true });
}

function welcome() {
  frame.show({
    title: t("welcome.title"),
    back: "",
    bare: true,
    main: [
      brandHead(),
      para(t("welcome.lead"), "lead"),
      el("ul", { class: "plain" }, ["offline", "code", "safe"].map((key) => el("li", {}, icon({ offline: "box", code: "phone", safe: "lock" }[key]), el("span", {}, t(`welcome.${key}`))))),
      el("p", { class: "hint", id: "worker-state" }, t(`worker.${pages.workerNow() || "coming"}`)),
      installHint(),
      languages(),
    ],
    foot: link(t("enrol.start"), "#/mulai/daftar", { icon: "plus", kind: "main" }),
  });
}

function vaultList(vaults) {
  const line = (one) => {
    const waiting = one.unsent && one.unsent.events ? tn("unsent", one.unsent.events) : t("unsent.none");
    return row({ href: `#/mulai/buka/${one.id}`, picture: "user", title: one.label, lines: [vaults.some((other) => other.server !== one.server) ? one.server : "", waiting] });
  };
  frame.show({
    title: t("vaults.title"),
    back: "",
    bare: true,
    main: [brandHead(), para(t("vaults.lead")), rows(vaults.map(line)), link(t("vaults.another"), "#/mulai/daftar", { icon: "plus" }), languages(), para(t("version", { version: VERSION }), "hint")],
  });
}

const WHY = { timer: "lock.why.timer", elsewhere: "lock.why.elsewhere", hidden: "lock.why.hidden" };

function unlockForm(vault, vaults, why) {
  const input = el("input", { type: "password", name: "passphrase", autocomplete: "current-password", autocapitalize: "off", spellcheck: "false", required: true });
  const place = el("div", {});
  const fault = el("div", { "aria-live": "polite" });
  const eye = showPassword([input]);
  const send = button(t("unlock"), null, { icon: "lock", type: "submit" });
  const opened = async (how, takeOver = false) => {
    send.disabled = true;
    fill(send, icon("clock"), el("span", {}, t("unlocking")));
    try {
      await enter(await (await live.load()).unlock(vault.id, how, { takeOver, app: VERSION }));
    } catch (refused) {
      fill(send, icon("lock"), el("span", {}, t("unlock")));
      send.disabled = false;
      if (!refused.code) throw refused;
      if (refused.code === "vault.elsewhere" && (await ask({ title: t("elsewhere.title"), text: t("elsewhere.text"), answers: [["take", t("elsewhere.take"), ""], [null, t("cancel")]] })) === "take") return opened(how, true);
      fill(fault, notice("bad", "", pages.refusal(refused)));
      input.value = "";
      input.focus();
    }
    return undefined;
  };
  const submit = (event) => {
    event.preventDefault();
    opened({ passphrase: input.value });
  };
  const waiting = vault.unsent && vault.unsent.events ? para(tn("unlock.waiting", vault.unsent.events), "hint") : null;
  fill(place, field({ id: "passphrase", label: t("passphrase"), control: input }), eye);
  frame.show({
    title: vault.label,
    back: "",
    bare: true,
    main: [
      brandHead(),
      WHY[why] && notice("", "", t(WHY[why])),
      el("form", { id: "unlock", on: { submit } }, place, fault, waiting, el("div", { class: "buttons" }, send, vault.passkey && button(t("unlock.passkey"), () => opened({ passkey: true }), { icon: "hand", kind: "plain" }))),
      el(
        "div",
        { class: "buttons buttons--quiet" },
        vaults.length > 1 && link(t("vaults.switch"), "#/mulai/semua", { icon: "people", kind: "quiet" }),
        link(t("vaults.another"), "#/mulai/daftar", { icon: "plus", kind: "quiet" }),
        link(t("forgot"), `#/mulai/titip/${vault.id}`, { icon: "idea", kind: "quiet" }),
        languages(),
      ),
    ],
  });
}

function showPassword(inputs) {
  const act = (event) => {
    for (const input of inputs) input.type = event.target.checked ? "text" : "password";
  };
  return el("label", { class: "choice choice--small" }, el("input", { type: "checkbox", on: { change: act } }), el("span", {}, t("passphrase.show")));
}

async function enter(session) {
  live.open(session);
  localStorage.setItem(LAST_KEY, session.id);
  const { path } = router.here();
  if (path === "/" || pages.isOpenToAll(path) || path.startsWith("daftar=")) router.go("/hari-ini", { replace: true });
  else await router.run();
}

/** The passphrase is forgotten: what is sealed can still be carried to the office, and the phone enrolled anew. */
export async function lockedPage(id) {
  const vault = (await listed()).find((one) => one.id === id);
  if (!vault) return router.go("/mulai", { replace: true });
  const waiting = vault.unsent ? vault.unsent.events : 0;
  const copy = async () => {
    download(await live.field.exportLocked(id), `simpul-${id.slice(0, 8)}.simpul`);
    toast(t("forgot.copied"));
  };
  const remove = async () => {
    const sure = await ask({ title: t("remove.sure"), text: t("remove.sure.text"), answers: [["yes", t("remove.yes"), "bad"], [null, t("cancel")]] });
    if (sure !== "yes") return;
    await live.field.removeVault(id, { copied: true });
    localStorage.removeItem(LAST_KEY);
    await listed();
    router.go("/mulai", { replace: true });
  };
  frame.show({
    title: t("forgot.title"),
    back: "/mulai",
    bare: true,
    main: [
      para(t("forgot.lead"), "lead"),
      waiting ? notice("warn", tn("forgot.waiting", waiting), t("forgot.sealed"), button(t("forgot.copy"), copy, { icon: "box" })) : notice("good", "", t("forgot.nothing")),
      para(t("forgot.again")),
      section(t("remove.title"), para(t("remove.lead")), button(t("remove.do"), remove, { icon: "cross", kind: "bad" })),
    ],
  });
  return undefined;
}

// --- Taking the phone into service -------------------------------------------------------------------------------------

export function invited() {
  const code = decodeURIComponent(location.hash.replace(/^#daftar=/, ""));
  history.replaceState(null, "", "#/mulai/daftar");
  return enrolPage(code);
}

export async function enrolPage(code = "") {
  const health = await (await live.load()).health();
  const lacking = ["indexedDB", "crypto", "compression"].filter((need) => health[need] === false);
  if (lacking.length) return frame.show({ title: t("enrol.title"), back: "/mulai", bare: true, main: notice("bad", t("enrol.cannot"), t("enrol.cannot.text")) });
  return codeStep({ code: typeof code === "string" ? code : "", server: "" }, health);
}

const tidyCode = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, "");

/** What a QR or a typed line says: a code, and the server when the invitation came from another address. */
function readInvitation(text) {
  const found = /^(https?:\/\/[^/]+)?.*#daftar=([^&\s]+)$/.exec(text.trim());
  if (!found) return { code: tidyCode(text), server: "" };
  const server = found[1] && found[1] !== location.origin ? found[1] : "";
  return { code: tidyCode(decodeURIComponent(found[2])), server };
}

async function codeStep(wish, health) {
  const capture = await import("./capture.js");
  const input = el("input", { type: "text", name: "code", value: wish.code, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", class: "code", maxlength: "80" });
  const fault = el("div", { "aria-live": "polite" });
  const next = (event) => {
    event.preventDefault();
    const said = readInvitation(input.value);
    if (said.code.length < 8) return fill(fault, notice("bad", "", t("enrol.code.short")));
    return passphraseStep({ ...wish, ...said }, health);
  };
  const scan = async () => {
    const text = await capture.scanQr(t("enrol.scan"));
    if (!text) return;
    const said = readInvitation(text);
    if (said.server) fill(fault, notice("warn", t("enrol.other"), t("enrol.other.text", { server: said.server })));
    input.value = said.code;
    if (!said.server) passphraseStep({ ...wish, ...said }, health);
  };
  frame.show({
    title: t("enrol.title"),
    back: "/mulai",
    bare: true,
    main: [
      para(t("enrol.lead"), "lead"),
      capture.canScan() && button(t("enrol.scan"), scan, { icon: "eye", kind: "plain", css: "btn--wide" }),
      el("form", { id: "code-form", on: { submit: next } }, field({ id: "code", label: t("enrol.code"), hint: t("enrol.code.hint"), control: input }), fault),
      installHint(health),
    ],
    foot: el("button", { class: "btn btn--main", type: "submit", form: "code-form" }, el("span", {}, t("next")), icon("arrow")),
  });
}

const STRENGTH = { "": "good", short: "bad", digits: "bad", common: "bad", same: "bad" };

function passphraseStep(wish, health) {
  const first = el("input", { type: "password", name: "one", autocomplete: "new-password", autocapitalize: "off", spellcheck: "false" });
  const second = el("input", { type: "password", name: "two", autocomplete: "new-password", autocapitalize: "off", spellcheck: "false" });
  const strength = el("p", { class: "strength", "aria-live": "polite" });
  const fault = el("div", { "aria-live": "polite" });
  const judge = () => {
    const said = live.field.checkPassphrase(first.value);
    strength.className = `strength strength--${first.value ? STRENGTH[said.reason] || "bad" : ""}`;
    fill(strength, first.value ? [icon(said.ok ? "check" : "warning"), t(said.ok ? "strength.ok" : `strength.${said.reason || "short"}`)] : t("strength.hint"));
    return said.ok;
  };
  const changed = () => {
    judge();
    fill(fault);
  };
  first.addEventListener("input", changed);
  second.addEventListener("input", () => fill(fault));
  const send = el("button", { class: "btn btn--main", type: "submit", form: "pass-form" }, icon("check"), el("span", {}, t("enrol.do")));
  const submit = async (event) => {
    event.preventDefault();
    if (!judge()) return fill(fault, notice("bad", "", t("strength.not_yet")));
    if (first.value !== second.value) return fill(fault, notice("bad", "", t("passphrase.differ")));
    send.disabled = true;
    fill(fault, notice("", "", t("enrol.working")));
    return enrolNow(wish, first.value, health).catch((refused) => {
      send.disabled = false;
      if (!refused.code) throw refused;
      fill(fault, notice("bad", "", pages.refusal(refused)));
    });
  };
  frame.show({
    title: t("passphrase.choose"),
    back: "",
    bare: true,
    main: [
      para(t("passphrase.lead"), "lead"),
      el(
        "form",
        { id: "pass-form", on: { submit } },
        field({ id: "pass-one", label: t("passphrase.new"), hint: t("passphrase.hint"), control: first }),
        strength,
        field({ id: "pass-two", label: t("passphrase.again"), control: second }),
        showPassword([first, second]),
        fault,
      ),
    ],
    foot: send,
  });
  judge();
}

async function enrolNow(wish, passphrase, health) {
  const session = await live.field.enrol({ server: wish.server, code: wish.code, passphrase, app: VERSION, keepAsked: true });
  live.open(session);
  localStorage.setItem(LAST_KEY, session.id);
  const kept = health.persisted || (await live.field.askToKeep());
  enrolledPage(session, passphrase, kept, health.installed);
}

function enrolledPage(session, passphrase, kept, installed) {
  const passkey = el("div", {});
  const add = async () => {
    const done = await session.addPasskey(passphrase).catch((refused) => refused);
    fill(passkey, done === true ? notice("good", "", t("passkey.done")) : notice("warn", "", t("passkey.cannot")));
  };
  if (window.PublicKeyCredential) fill(passkey, section(t("passkey.title"), para(t("passkey.lead")), button(t("passkey.add"), add, { icon: "hand", kind: "plain" })));
  frame.show({
    title: t("enrolled.title"),
    back: "",
    bare: true,
    main: [
      notice("good", session.label, [session.seat.role_words, session.areas.map((area) => area.name).join(", ")].filter(Boolean).join(" · ")),
      !kept && notice("warn", t("persist.title"), t("persist.text")),
      !installed && installHint({ installed }),
      passkey,
      para(t("enrolled.next")),
    ],
    foot: button(t("enrolled.go"), () => router.go("/hari-ini", { replace: true }), { icon: "arrow" }),
  });
}

let installer = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installer = event;
});

/** The browser may throw a page's storage away; of an installed app it does not. */
export function installHint(health = {}) {
  if (health.installed || matchMedia("(display-mode: standalone)").matches) return null;
  const act = async () => {
    installer.prompt();
    await installer.userChoice;
    installer = null;
    router.run();
  };
  return notice("warn", t("install.title"), t(/iPhone|iPad/.test(navigator.userAgent) ? "install.apple" : "install.text"), installer && button(t("install.do"), act, { icon: "plus" }));
}

