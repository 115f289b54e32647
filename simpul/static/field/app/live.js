// What is open right now: the session of one person's vault. One at a time, forgotten when locked.

const listeners = new Map();
let session = null;
let offs = [];

/** The core, once it is loaded: the first page is drawn before, so that a slow phone opens at once. */
export let field = null;
let coming = null;

export async function load() {
  coming ??= import("../core/field.js");
  field = await coming;
  return field;
}

export function current() {
  return session;
}

export function isOpen() {
  return session !== null;
}

const EVENTS = ["change", "outbox", "sync", "locking", "locked", "epoch", "erased", "scope", "revoked", "full", "update", "damaged"];

/** A vault was opened: its events are passed on until it is locked. */
export function open(fresh) {
  session = fresh;
  offs = EVENTS.map((name) => fresh.on(name, (detail) => emit(name, detail && detail.detail !== undefined ? detail.detail : detail)));
}

/** Listen to what the session says, whichever session it is. */
export function on(name, act) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(act);
  return () => listeners.get(name).delete(act);
}

function emit(name, detail) {
  if (name === "locked") close();
  for (const act of [...(listeners.get(name) || [])]) act(detail);
}

function close() {
  offs.forEach((off) => off && off());
  offs = [];
  session = null;
}

/** Lock and forget; the "locked" event brings the start page. */
export async function lock() {
  if (!session) return;
  const open = session;
  await open.lock("asked");
  if (session === open) emit("locked", { why: "asked" });
}

/** Rows of a list of the pack, in its order: [code, row]. */
export async function listOf(name) {
  const lists = await session.table("lists");
  return [...lists.values()].filter((one) => (one.field || one.list) === name && one.asked !== false);
}
