// The frame of every page: title with the way back, what is unsent, and the bar at the bottom that a thumb reaches.

import * as live from "./live.js";
import { t, tn } from "./texts.js";
import { el, fill, icon } from "./ui.js";

const BAR = [
  ["today", "#/hari-ini", "calendar"],
  ["search", "#/cari", "search"],
  ["add", "#/baru", "plus"],
  ["outbox", "#/kotak-keluar", "send"],
  ["more", "#/lainnya", "menu"],
];

/** Draw a page. `back` is an address, "history", or "" for none; `at` marks the bar; `bare` leaves the bar out; `foot` stands where the thumb is. */
export function show({ title, back = "history", at = "", bare = false, main, foot = null, titleShown = true }) {
  const app = document.getElementById("app");
  const open = live.isOpen() && !bare;
  const heading = el("h1", { tabindex: "-1", class: titleShown ? null : "unseen" }, title);
  document.title = title;
  document.body.classList.toggle("with-bar", open);
  fill(
    app,
    el(
      "header",
      { class: "top" },
      back && backLink(back),
      heading,
      open && el("a", { class: "unsent", id: "unsent", href: "#/kotak-keluar" }),
    ),
    el("main", { id: "main", class: foot ? "main main--foot" : "main" }, main),
    foot && el("div", { class: "foot" }, foot),
    open && bar(at),
  );
  paintUnsent();
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}

function backLink(back) {
  const act = (event) => {
    if (back !== "history") return;
    event.preventDefault();
    if (history.length > 1) history.back();
    else location.hash = "#/";
  };
  return el("a", { class: "top__back", href: back === "history" ? "#/" : `#${back}`, on: { click: act } }, icon("arrow-back"), el("span", {}, t("back")));
}

function bar(at) {
  return el(
    "nav",
    { class: "bar", "aria-label": t("bar.label") },
    BAR.map(([key, href, picture]) =>
      el("a", { href, class: "bar__item", "aria-current": key === at ? "page" : null }, icon(picture), el("span", {}, t(`bar.${key}`)), key === "outbox" && el("span", { class: "bar__count", id: "bar-count", hidden: true })),
    ),
  );
}

/** The quiet count: "5 belum terkirim", or nothing. */
export function paintUnsent() {
  const session = live.current();
  const place = document.getElementById("unsent");
  if (!session) return;
  const { unsent, questions } = session.outbox.summary();
  if (place) {
    place.hidden = !unsent;
    place.parentElement.classList.toggle("top--two", Boolean(unsent && place.parentElement.querySelector(".top__back")));
    fill(place, icon("phone"), el("span", {}, tn("unsent", unsent)));
  }
  const count = document.getElementById("bar-count");
  if (count) {
    count.hidden = !questions;
    fill(count, String(questions), el("span", { class: "unseen" }, ` ${t("bar.questions")}`));
  }
}
