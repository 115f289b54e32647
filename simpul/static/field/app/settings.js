// More, and settings: the person, the phone, the app.

import * as draftList from "./drafts.js";
import * as frame from "./frame.js";
import * as live from "./live.js";
import * as pages from "./pages.js";
import * as router from "./router.js";
import * as start from "./start.js";
import { chooseLanguage, day, languageNow, size, t, tn, VERSION } from "./texts.js";
import { ask, button, choices, download, el, facts, field, fill, link, notice, para, row, rows, section, toast } from "./ui.js";
import * as worker from "./worker.js";

const SIZE_KEY = "lapangan.ukuran";

export async function morePage() {
  const session = live.current();
  const drafts = await draftList.list();
  frame.show({
    title: t("bar.more"),
    back: "",
    at: "more",
    main: [
      el("p", { class: "lead" }, session.label),
      para([session.seat.role_words, session.areas.map((one) => one.name).join(", ")].filter(Boolean).join(" · "), "hint"),
      rows([
        row({ href: "#/perjalanan", picture: "pin", title: t("trips.title") }),
        row({ href: "#/musyawarah", picture: "people", title: t("meetings.title") }),
        row({ href: "#/pertanyaan", picture: "warning", title: t("questions.title") }),
        row({ href: "#/konsep", picture: "note", title: t("drafts.title"), lines: [drafts.length ? tn("home.drafts", drafts.length) : ""] }),
        row({ href: "#/kotak-keluar/bawa", picture: "box", title: t("carry.title") }),
        row({ href: "#/setelan", picture: "gear", title: t("settings.title") }),
      ]),
      el("div", { class: "buttons" }, button(t("lock.now"), () => live.lock(), { icon: "lock" }), button(t("vaults.switch"), async () => {
        await live.lock();
        router.go("/mulai/semua", { replace: true });
      }, { icon: "people", kind: "plain" })),
    ],
  });
}

export async function settingsPage() {
  const session = live.current();
  const health = await live.field.health();
  const { pack } = session;
  const language = choices({ name: "language", legend: t("settings.language"), options: [["id", t("language.id")], ["en", t("language.en")]], value: languageNow(), pick: async (code) => {
    await chooseLanguage(code);
    router.run();
  } });
  const sizes = choices({ name: "size", legend: t("settings.size"), options: ["1", "2", "3"].map((code) => [code, t(`settings.size.${code}`)]), value: localStorage.getItem(SIZE_KEY) || "1", pick: (code) => {
    localStorage.setItem(SIZE_KEY, code);
    document.documentElement.dataset.size = code;
  } });
  const keep = async () => {
    const kept = await live.field.askToKeep();
    toast(t(kept ? "persist.done" : "persist.no"), kept ? "good" : "warn");
    router.run();
  };
  const update = async () => {
    if (!(await worker.takeUpdate())) toast(t("update.busy"), "warn");
  };
  const passkey = el("div", {});
  frame.show({
    title: t("settings.title"),
    main: [
      language,
      sizes,
      section(t("settings.lock"), el("div", { class: "buttons" }, link(t("passphrase.change"), "#/setelan/sandi", { icon: "lock" }), passkeyPart(session, passkey))),
      section(
        t("settings.phone"),
        facts([
          [t("settings.persisted"), health.persisted ? t("yes") : t("no")],
          [t("settings.installed"), health.installed ? t("yes") : t("no")],
          [t("settings.used"), health.used !== null && health.quota ? t("settings.used.of", { used: size(health.used), quota: size(health.quota) }) : ""],
          [t("settings.pack"), pack && pack.at ? t("settings.pack.at", { n: pack.households || 0, day: day(pack.at) }) : t("no")],
          [t("settings.numbers"), String(session.numbers.left())],
          [t("settings.device"), session.device.slice(0, 8)],
          [t("settings.lease"), session.lease && session.lease.until ? day(session.lease.until) : ""],
          [t("settings.version"), VERSION],
        ]),
        el("p", { class: "hint", id: "worker-state" }, t(`worker.${worker.isWaiting() ? "waiting" : pages.workerNow() || "ready"}`)),
        !health.persisted && notice("warn", t("persist.title"), t("persist.text"), button(t("persist.ask"), keep, { icon: "lock", kind: "plain" })),
        start.installHint(health),
        worker.isWaiting() && button(t("update.do"), update, { icon: "arrow", kind: "plain" }),
      ),
      section(t("carrier.title"), para(t("carry.laptop.text")), link(t("carrier.set"), "#/kotak-keluar/bawa", { icon: "box" })),
      section(t("remove.title"), para(t("remove.lead")), link(t("remove.open"), "#/setelan/hapus", { icon: "cross", kind: "bad" })),
    ],
  });
}

function passkeyPart(session, place) {
  if (!window.PublicKeyCredential) return null;
  const input = el("input", { type: "password", autocomplete: "current-password", name: "for-passkey" });
  const add = async () => {
    try {
      const done = await session.addPasskey(input.value);
      fill(place, notice(done ? "good" : "warn", "", t(done ? "passkey.done" : "passkey.cannot")));
    } catch (refused) {
      if (!refused.code) throw refused;
      fill(place, notice("bad", "", pages.refusal(refused)));
    }
  };
  const open = () => fill(place, field({ id: "for-passkey", label: t("passphrase"), hint: t("passkey.why"), control: input }), button(t("passkey.add"), add, { icon: "hand" }));
  return [button(t("passkey.add"), open, { icon: "hand", kind: "plain" }), place];
}

export function passphrasePage() {
  const session = live.current();
  const make = (name, auto) => el("input", { type: "password", name, autocomplete: auto, autocapitalize: "off", spellcheck: "false" });
  const [old, one, two] = [make("old", "current-password"), make("one", "new-password"), make("two", "new-password")];
  const fault = el("div", { "aria-live": "polite" });
  const submit = async (event) => {
    event.preventDefault();
    const said = live.field.checkPassphrase(one.value);
    if (!said.ok) return fill(fault, notice("bad", "", t(`strength.${said.reason || "short"}`)));
    if (one.value !== two.value) return fill(fault, notice("bad", "", t("passphrase.differ")));
    try {
      await session.changePassphrase(old.value, one.value);
      toast(t("passphrase.changed"));
      router.go("/setelan", { replace: true });
    } catch (refused) {
      if (!refused.code) throw refused;
      fill(fault, notice("bad", "", pages.refusal(refused)));
    }
    return undefined;
  };
  frame.show({
    title: t("passphrase.change"),
    main: el("form", { id: "pass", on: { submit } }, field({ id: "p-old", label: t("passphrase.old"), control: old }), field({ id: "p-one", label: t("passphrase.new"), hint: t("passphrase.hint"), control: one }), field({ id: "p-two", label: t("passphrase.again"), control: two }), fault),
    bare: true,
    foot: el("button", { class: "btn btn--main", type: "submit", form: "pass" }, el("span", {}, t("passphrase.change"))),
  });
}

export function removePage() {
  const session = live.current();
  const { unsent } = session.outbox.summary();
  let copied = false;
  const copy = async () => {
    download(await session.bundle.file(), `simpul-${session.device.slice(0, 8)}.simpul`);
    copied = true;
    toast(t("carry.copied"));
  };
  const remove = async () => {
    const sure = await ask({ title: t("remove.sure"), text: t("remove.sure.text"), answers: [["yes", t("remove.yes"), "bad"], [null, t("cancel")]] });
    if (sure !== "yes") return;
    const { id } = session;
    try {
      await session.lock("asked");
      await live.field.removeVault(id, { copied });
      localStorage.removeItem("lapangan.nama");
      router.go("/mulai", { replace: true });
    } catch (refused) {
      if (!refused.code) throw refused;
      toast(pages.refusal(refused), "bad");
    }
  };
  frame.show({
    title: t("remove.title"),
    main: [para(t("remove.lead"), "lead"), unsent ? notice("warn", tn("unsent", unsent), t("remove.first"), button(t("carry.file.do"), copy, { icon: "paperclip", kind: "plain" })) : notice("good", "", t("unsent.none"))],
    foot: button(t("remove.do"), remove, { icon: "cross", kind: "bad" }),
  });
}
