// What the server could not simply accept: two values, something to look at, something put aside. In words, with what to do.

import * as frame from "./frame.js";
import * as live from "./live.js";
import * as outbox from "./outbox.js";
import * as router from "./router.js";
import { ago, t } from "./texts.js";
import { button, el, empty, link, para } from "./ui.js";
import * as words from "./words.js";

const ASKED = ["quarantined", "conflict", "flagged", "held"];

export async function questionsPage() {
  const session = live.current();
  const fresh = router.stamp();
  const items = (await session.outbox.items({ all: true })).filter((one) => ASKED.includes(one.state) && !one.told);
  await words.ready();
  if (!fresh()) return;
  items.sort((one, other) => ASKED.indexOf(one.state) - ASKED.indexOf(other.state) || other.at - one.at);
  const read = (item) => async () => {
    await session.outbox.tell(item.epoch, item.seq);
    router.run();
  };
  frame.show({
    title: t("questions.title"),
    at: "outbox",
    main: items.length
      ? [
          para(t("questions.lead")),
          el(
            "ul",
            { class: "cards" },
            items.map((item) => el("li", { class: "card" }, el("p", { class: "card__title" }, item.label || outbox.kindOf(item)), el("p", { class: "row__line" }, `${outbox.kindOf(item)} · ${ago(item.at)}`), outbox.explained(item), el("div", { class: "buttons" }, item.state === "held" ? null : button(t("question.read"), read(item), { icon: "check", kind: "plain" }), link(t("question.open"), `#/kotak-keluar/${item.epoch}/${item.seq}`, { icon: "eye", kind: "quiet" })))),
          ),
        ]
      : empty(t("questions.none"), t("questions.none.text"), "check"),
  });
}
