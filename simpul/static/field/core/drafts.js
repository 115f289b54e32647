/**
 * Drafts: what was typed and not yet saved. Every change is kept, several within a moment as one write; a page that is killed loses at most that
 * moment. A draft goes in the same transaction in which its entry is saved (outbox.js).
 *
 * @typedef {{id: string, kind: string, subject: string, title: string, data: any, at: number}} Draft
 */

import { together } from "./db.js";

const MOMENT = 150;

export class Drafts {
  /** @param {{db: any, box: import("./vault.js").Box, tell: (name: string, detail?: any) => void}} given */
  constructor({ db, box, tell }) {
    this.db = db;
    this.box = box;
    this.tell = tell;
    /** @type {Map<string, Draft>} */
    this.kept = new Map();
    /** @type {Map<string, {draft: Draft, done: ((fault?: unknown) => void)[]}>} */
    this.waiting = new Map();
    /** @type {any} */
    this.timer = null;
  }

  async load() {
    const tx = this.db.transaction("drafts");
    const [keys, rows] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
    for (const [place, key] of keys.entries()) {
      const draft = await this.box.open("drafts", key, rows[place]).catch(() => null);
      if (draft) this.kept.set(draft.id, draft);
    }
  }

  /** The name of its row tells nothing. @param {string} id */
  keyOf(id) {
    return this.box.nameOf(`draft:${id}`);
  }

  /** Keep a draft; resolves when it is durable. @param {string} id @param {{kind: string, subject?: string, title?: string, data: any}} given @returns {Promise<void>} */
  put(id, { kind, subject = "", title = "", data }) {
    const draft = { id, kind, subject, title, data: structuredClone(data), at: Date.now() };
    this.kept.set(id, draft);
    return new Promise((resolve, reject) => {
      const before = this.waiting.get(id)?.done ?? [];
      this.waiting.set(id, { draft, done: [...before, (fault) => (fault ? reject(fault) : resolve())] });
      this.timer ??= setTimeout(() => void this.flush(), MOMENT);
    });
  }

  /** Write what waits, now. */
  async flush() {
    clearTimeout(this.timer);
    this.timer = null;
    const these = [...this.waiting.values()];
    this.waiting.clear();
    if (!these.length) return;
    try {
      const rows = await Promise.all(
        these.map(async ({ draft }) => {
          const key = await this.keyOf(draft.id);
          return { key, sealed: await this.box.seal("drafts", key, draft) };
        }),
      );
      await together(this.db, ["drafts"], (tx) => Promise.all(rows.map(({ key, sealed }) => tx.objectStore("drafts").put(sealed, key))));
      for (const { done } of these) done.forEach((one) => one());
    } catch (fault) {
      for (const { done } of these) done.forEach((one) => one(fault));
    }
  }

  /** @param {string} id */
  get(id) {
    return this.kept.get(id);
  }

  /** The newest first. */
  list() {
    return [...this.kept.values()].sort((a, b) => b.at - a.at);
  }

  /** @param {string} id */
  async remove(id) {
    this.gone(id);
    const key = await this.keyOf(id);
    await together(this.db, ["drafts"], (tx) => tx.objectStore("drafts").delete(key));
    this.tell("outbox");
  }

  /** Its entry was saved: forget it here as well. @param {string} id */
  gone(id) {
    this.kept.delete(id);
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.done.forEach((one) => one());
  }

  /** @param {(draft: Draft) => boolean} which */
  async removeThose(which) {
    for (const draft of this.list()) if (which(draft)) await this.remove(draft.id);
  }

  close() {
    clearTimeout(this.timer);
    this.kept = new Map();
    this.waiting = new Map();
  }
}
