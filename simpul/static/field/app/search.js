// Search of people and households on this phone; typing errors are forgiven.

import * as frame from "./frame.js";
import * as home from "./home.js";
import * as live from "./live.js";
import { t, tn } from "./texts.js";
import { el, empty, fill, link, para, row, rows } from "./ui.js";
import * as words from "./words.js";

export async function searchPage(_given, query) {
  const asked = query.get("q") || "";
  const box = home.searchBox(asked);
  const found = el("div", { "aria-live": "polite" });
  const input = box.querySelector("input");
  let turn = 0;
  const look = async () => {
    const mine = ++turn;
    const text = input.value.trim();
    history.replaceState(null, "", text ? `#/cari?q=${encodeURIComponent(text)}` : "#/cari");
    if (text.length < 2) return fill(found, para(t("search.begin"), "hint"));
    const lines = await results(text);
    if (mine === turn && live.isOpen()) fill(found, lines);
    return undefined;
  };
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    look();
  }, true);
  input.addEventListener("input", look);
  frame.show({ title: t("search.title"), back: "", at: "search", main: [box, found] });
  await look();
  if (!asked) input.focus();
}

async function results(text) {
  const session = live.current();
  const found = await session.search(text, { limit: 30 });
  await words.ready();
  if (!found.length) return [empty(t("search.none"), t("search.none.text"), "search"), link(t("add.household"), `#/isi/rumah-tangga?name=${encodeURIComponent(text)}`, { icon: "plus" })];
  const lines = await Promise.all(found.map((one) => resultRow(one)));
  return [para(tn("search.found", found.length), "hint"), rows(lines)];
}

async function resultRow({ kind, id, row: found }) {
  const session = live.current();
  if (kind === "household") return row({ href: `#/keluarga/${id}`, picture: "house", title: await words.homeName(found), lines: [await words.placeOf(found)], tag: words.unsentTag(found) });
  const home_ = found.household ? await session.row("households", found.household) : null;
  return row({
    href: `#/orang/${id}`,
    picture: "user",
    title: words.personName(found),
    lines: [words.personLine(found), home_ && (await words.homeName(home_)), home_ && (await words.placeOf(home_))],
    tag: words.unsentTag(found),
  });
}

/** Choose a person or a household inside a form: resolves through `pick`. */
export function picker({ kinds, pick, hint }) {
  const found = el("div", { "aria-live": "polite" });
  const input = el("input", { type: "search", autocomplete: "off", spellcheck: "false", placeholder: t("search.hint"), "aria-label": hint || t("search.label") });
  let turn = 0;
  input.addEventListener("input", async () => {
    const mine = ++turn;
    const text = input.value.trim();
    if (text.length < 2) return fill(found);
    const list = await live.current().search(text, { kinds, limit: 8 });
    if (mine !== turn) return undefined;
    await words.ready();
    if (!list.length) return fill(found, para(t("search.none"), "hint"));
    const lines = await Promise.all(
      list.map(async ({ kind, id, row: one }) => {
        const title = kind === "person" ? words.personName(one) : await words.homeName(one);
        const more = kind === "person" ? words.personLine(one) : await words.placeOf(one);
        return row({ act: () => pick({ kind, id, row: one, title }), picture: kind === "person" ? "user" : "house", title, lines: [more] });
      }),
    );
    return fill(found, rows(lines));
  });
  return el("div", { class: "picker" }, input, found);
}

