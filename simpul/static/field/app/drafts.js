// Drafts that hold something: a form that was opened and left without an answer is none, and goes when the next one is opened.

import * as live from "./live.js";

const isTouched = (draft) => Boolean(draft.data && draft.data.touched);

export async function list() {
  const all = await live.current().drafts.list();
  return all.filter(isTouched).sort((one, other) => other.at - one.at);
}

export async function sweep(but) {
  const { drafts } = live.current();
  const stale = (await drafts.list()).filter((draft) => !isTouched(draft) && draft.id !== but);
  await Promise.all(stale.map((draft) => drafts.remove(draft.id)));
}
