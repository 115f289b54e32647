// The attendance list of a musyawarah: names, or people of a group counted without their names.

import * as live from "../live.js";
import { t } from "../texts.js";
import { codes, given, nameOf, own, picked } from "./shared.js";

const GROUPS = ["women", "men", "poor", "disabled", "elderly", "youth", "rt", "bpd", "village", "leaders", "cadres", "district"];
const yes = (value) => (value === "yes" ? true : value === "no" ? false : undefined);

export const attendance = {
  title: "form.attendance",
  async load({ meeting }) {
    const row = await live.current().row("meetings", meeting);
    return row && { row, title: row.title, subject: `meeting:${row.id}`, next: `/musyawarah/${row.id}` };
  },
  start: () => ({ how: "name" }),
  steps: () => [
    {
      key: "all",
      title: t("form.attendance"),
      asks: [
        { key: "how", type: "choice", label: t("attendance.how"), options: codes(["name", "count"], "attendance"), need: "known", unknown: false, redraws: true, inline: true },
        { key: "who", type: "person", label: t("guest.who"), free: true, need: true, when: (a) => a.how === "name" },
        { key: "office", type: "text", label: t("attendance.office"), most: 100, unknown: false, when: (a) => a.how === "name" },
        { key: "groups", type: "choices", label: t("attendance.groups"), options: codes(GROUPS, "people"), when: (a) => a.how === "name" },
        { key: "signed", type: "yesno", label: t("attendance.signed"), unknown: false, when: (a) => a.how === "name" },
        { key: "counts", type: "counts", label: t("attendance.count"), items: GROUPS.map((key) => ({ key, label: t(`people.${key}`) })), need: true, when: (a) => a.how === "count" },
      ],
    },
  ],
  async save(ctx, a) {
    const label = `${t("form.attendance")}: ${ctx.title}`;
    if (a.how === "count") {
      const items = Object.entries(a.counts).filter(([, n]) => Number(n)).map(([group, n]) => ({ kind: "attendance.count", subject: ctx.subject, data: { count_id: own(0), meeting_id: ctx.row.id, group, number: Number(n) }, label: `${label} · ${t(`people.${group}`)}: ${n}` }));
      return { items, label, next: ctx.next };
    }
    return { items: [{ kind: "attendance.add", subject: ctx.subject, data: given({ attendance_id: own(0), meeting_id: ctx.row.id, name: a.who.id ? "" : nameOf(a.who), person_id: picked(a.who), office: a.office || "", groups: a.groups, came: true, signed: yes(a.signed) }), label: `${label} · ${nameOf(a.who)}` }], label, next: ctx.next };
  },
};
