// What can be written down without starting from a household.

import * as draftList from "./drafts.js";
import * as frame from "./frame.js";
import * as live from "./live.js";
import * as syncing from "./syncing.js";
import { t, tn } from "./texts.js";
import { link, para, row, rows, section } from "./ui.js";

const ACTS = [
  ["isi/perkara", "message", "act.case", "add.case.hint"],
  ["isi/rumah-tangga", "house", "add.household", "add.household.hint"],
  ["isi/orang", "user", "add.person", "add.person.hint"],
  ["isi/surat", "letter", "act.letter", "add.letter.hint"],
  ["perjalanan", "pin", "add.trip", "add.trip.hint"],
  ["musyawarah", "people", "add.meeting", "add.meeting.hint"],
];

export async function addPage() {
  const session = live.current();
  const drafts = await draftList.list();
  frame.show({
    title: t("bar.add"),
    back: "",
    at: "add",
    main: [
      syncing.standing(),
      para(t("add.lead")),
      rows(ACTS.map(([href, picture, key, hint]) => row({ href: `#/${href}`, picture, title: t(key), lines: [t(hint)] }))),
      drafts.length ? section(t("drafts.title"), link(tn("home.drafts", drafts.length), "#/konsep", { icon: "note" })) : null,
      para(tn("numbers.left", session.numbers.left()), "hint"),
    ],
  });
}
