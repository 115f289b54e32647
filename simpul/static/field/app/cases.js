// One matter, as far as this seat may see it on a phone.

import * as frame from "./frame.js";
import * as live from "./live.js";
import * as router from "./router.js";
import { day, due, named, t } from "./texts.js";
import { el, empty, facts, icon, notice, para, row, rows, section } from "./ui.js";
import * as household from "./household.js";
import * as words from "./words.js";

export async function casePage({ id }) {
  const session = live.current();
  const fresh = router.stamp();
  const one = await session.row("cases", id);
  if (!one) return frame.show({ title: t("gone.title"), main: empty(t("gone.title"), t("gone.text"), "message") });
  const [kind, home, person, items] = await Promise.all([session.row("kinds", one.kind), one.household && session.row("households", one.household), one.person && session.row("persons", one.person), session.outbox.items()]);
  const own = items.filter((item) => item.subject === `case:${one.id}` && item.step < 3);
  if (!fresh()) return undefined;
  return frame.show({
    title: one.title || one.number || t("form.case"),
    main: [
      words.unsentTag(one),
      facts([
        [t("receipt.number"), one.number],
        [t("receipt.kind"), named(kind, "name") || one.kind],
        [t("case.state"), one.state_words || one.state],
        [t("case.opened"), one.opened ? day(one.opened) : ""],
        [t("case.due"), one.due ? due(one.due) : ""],
      ]),
      one.words && section(t("case.words.title"), para(one.words)),
      el(
        "ul",
        { class: "acts" },
        [["tambahan", "plus", "act.addition"], ["rujukan", "send", "act.referral"]].map(([form, picture, key]) => el("li", {}, el("a", { class: "act", href: `#/isi/${form}?id=${one.id}` }, icon(picture), el("span", {}, t(key))))),
      ),
      own.length ? section(t("household.own"), rows(own.map(household.ownRow))) : null,
      home || person ? section(t("case.about.title"), rows([home && row({ href: `#/keluarga/${home.id}`, picture: "house", title: await words.homeName(home) }), person && row({ href: `#/orang/${person.id}`, picture: "user", title: words.personName(person) })].filter(Boolean))) : null,
      one._ && one._.put_aside ? notice("bad", t("tag.put_aside"), t("aside.see")) : null,
    ],
  });
}
