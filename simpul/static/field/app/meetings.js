// Musyawarah of this seat's villages and their attendance lists.

import * as frame from "./frame.js";
import * as live from "./live.js";
import * as router from "./router.js";
import { day, t, tn } from "./texts.js";
import { button, el, empty, link, para, row, rows, section, tag } from "./ui.js";
import * as words from "./words.js";

export async function meetingsPage() {
  const list = [...(await live.current().table("meetings")).values()].sort((one, other) => String(other.date).localeCompare(String(one.date)));
  frame.show({ title: t("meetings.title"), main: list.length ? rows(list.map((one) => row({ href: `#/musyawarah/${one.id}`, picture: "people", title: one.title, lines: [day(one.date)], tag: words.unsentTag(one) }))) : empty(t("meetings.none"), t("meetings.none.text"), "people") });
}

export async function meetingPage({ id }) {
  const session = live.current();
  const meeting = await session.row("meetings", id);
  if (!meeting) return frame.show({ title: t("gone.title"), main: empty(t("gone.title"), t("gone.text"), "people") });
  const list = await session.rows("attendees", { meeting: id });
  const mark = (one, came) => async () => {
    const label = `${t("form.attendance")}: ${one.name}`;
    await session.save({ kind: "attendance.mark", subject: `meeting:${id}`, data: { attendance_id: one.id, meeting_id: id, came }, label });
    router.run();
  };
  const line = (one) => el("li", { class: "card attendee" }, el("p", { class: "card__title" }, one.name), one.present === true || one.present === "yes" ? tag(t("attendance.here"), "good") : one.present === false || one.present === "no" ? tag(t("attendance.absent")) : tag(t("attendance.unknown"), "warn"), el("div", { class: "buttons buttons--row" }, button(t("attendance.here"), mark(one, true), { icon: "check", kind: "plain" }), button(t("attendance.absent"), mark(one, false), { icon: "cross", kind: "plain" })));
  return frame.show({
    title: meeting.title,
    main: [para(day(meeting.date), "lead"), link(t("attendance.add"), `#/isi/hadir?meeting=${id}`, { icon: "plus", kind: "main" }), section(tn("attendance.list", list.length), list.length ? el("ul", { class: "cards" }, list.map(line)) : para(t("attendance.empty"), "hint"))],
  });
}
