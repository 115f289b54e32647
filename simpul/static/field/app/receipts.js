// Receipts made in this sitting: the PIN is shown to the resident and kept nowhere once the app is locked.

import * as live from "./live.js";

const made = new Map();
live.on("locked", () => made.clear());

export function remember(id, receipt) {
  made.set(id, receipt);
}

export function find(id) {
  return made.get(id);
}
