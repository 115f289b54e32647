// "Tersimpan di HP ini": said at once when it is true, and only that.

import * as frame from "./frame.js";
import * as live from "./live.js";
import { t, tn } from "./texts.js";
import { el, icon, link, para } from "./ui.js";

let last = null;

export function remember(made) {
  last = made;
}

/** Milliseconds from the tap to "saved", for whoever measures. */
export function lastMs() {
  return last ? Math.round(last.ms) : null;
}

export function savedPage() {
  const { unsent } = live.current().outbox.summary();
  const made = last || { label: "", next: "/hari-ini" };
  frame.show({
    title: t("saved.title"),
    back: "",
    at: "today",
    main: [
      el("div", { class: "saved" }, icon("check", "saved__mark"), el("p", { class: "lead" }, made.label)),
      para(t("saved.text")),
      unsent ? para(tn("unsent", unsent), "hint") : null,
      el(
        "div",
        { class: "buttons" },
        made.next && link(made.next_words || t("saved.back"), `#${made.next}`, { icon: "house", kind: "main" }),
        (made.more || []).map(([words, href, picture]) => link(words, `#${href}`, { icon: picture })),
        link(t("saved.today"), "#/hari-ini", { icon: "calendar" }),
      ),
    ],
  });
}
