/**
 * Photos, signatures, voice notes: named by the sha256 of their bytes, encrypted at rest, sent after the events (thumbnails first), in pieces
 * that go on where they were cut off. A file that no saved entry names may be removed; one that was sent and taken goes by itself.
 *
 * @typedef {{hash: string, kind: string, type: string, size: number, thumbnail: boolean, at: number, have: number, state: string, reason: string}} File_
 *   `have`: bytes the server has; `state`: "" (not sent), coming, here, refused
 */

import { hex } from "./canonical.js";
import { together } from "./db.js";
import { FieldRefused } from "./errors.js";

export class Blobs {
  /** @param {{db: any, box: import("./vault.js").Box, tell: (name: string, detail?: any) => void}} given */
  constructor({ db, box, tell }) {
    this.db = db;
    this.box = box;
    this.tell = tell;
    /** @type {Map<string, File_>} */
    this.all = new Map();
    /** Files that saved entries name. @type {() => Set<string>} */
    this.named = () => new Set();
  }

  async load() {
    const tx = this.db.transaction("blobs");
    const [keys, rows] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
    await Promise.all(
      keys.map(async (/** @type {string} */ key, /** @type {number} */ place) => {
        const one = await this.box.open("blobs", key, rows[place]).catch(() => null);
        if (one) this.all.set(one.hash, one);
      }),
    );
  }

  /** Keep a file; the same file twice is kept once. @param {Blob} blob @param {{thumbnail?: Blob, kind: string}} given @returns {Promise<string>} its hash */
  async add(blob, { thumbnail, kind }) {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const hash = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    if (this.all.has(hash)) return hash;
    const key = await this.box.nameOf(`blob:${hash}`);
    /** @type {File_} */
    const one = { hash, kind, type: blob.type, size: bytes.length, thumbnail: Boolean(thumbnail), at: Date.now(), have: 0, state: "", reason: "" };
    const small = thumbnail && (await this.box.sealBytes("bodies", `${key}:s`, new Uint8Array(await thumbnail.arrayBuffer())));
    const [meta, body] = await Promise.all([this.box.seal("blobs", key, one), this.box.sealBytes("bodies", key, bytes)]);
    await together(this.db, ["blobs", "bodies"], (tx) =>
      Promise.all([
        tx.objectStore("blobs").put(meta, key),
        tx.objectStore("bodies").put(body, key),
        ...(small ? [tx.objectStore("bodies").put(small, `${key}:s`)] : []),
      ]),
    );
    this.all.set(hash, one);
    return hash;
  }

  /** @param {string} hash @param {{thumbnail?: boolean}} [how] @returns {Promise<Blob | null>} */
  async get(hash, { thumbnail = false } = {}) {
    const one = this.all.get(hash);
    if (!one) return null;
    const bytes = await this.bytes(hash, thumbnail && one.thumbnail);
    return bytes && new Blob([/** @type {any} */ (bytes)], { type: thumbnail && one.thumbnail ? "image/jpeg" : one.type });
  }

  /** @param {string} hash @param {boolean} [small] @returns {Promise<Uint8Array | null>} */
  async bytes(hash, small = false) {
    const key = `${await this.box.nameOf(`blob:${hash}`)}${small ? ":s" : ""}`;
    const sealed = await this.db.get("bodies", key);
    return sealed ? this.box.openBytes("bodies", key, sealed) : null;
  }

  /** @param {string} hash */
  state(hash) {
    const one = this.all.get(hash);
    return one ? { have: one.have, size: one.size, state: one.state, reason: one.reason } : null;
  }

  /** What waits to be sent: small ones first, so that the story arrives before its pictures. */
  waiting() {
    return [...this.all.values()].filter((one) => one.state !== "here" && one.state !== "refused").sort((a, b) => a.size - b.size);
  }

  /** What the server said of it. @param {string} hash @param {{have: number, state: string, reason?: string}} said */
  async mark(hash, { have, state, reason = "" }) {
    const one = this.all.get(hash);
    if (!one) return;
    Object.assign(one, { have, state, reason });
    const key = await this.box.nameOf(`blob:${hash}`);
    const sealed = await this.box.seal("blobs", key, one);
    await together(this.db, ["blobs"], (tx) => tx.objectStore("blobs").put(sealed, key));
  }

  /** Take a file away. Throws "blob.named" while an entry names it. @param {string} hash */
  async remove(hash) {
    if (this.named().has(hash)) throw new FieldRefused("blob.named");
    const key = await this.box.nameOf(`blob:${hash}`);
    await together(this.db, ["blobs", "bodies"], (tx) =>
      Promise.all([tx.objectStore("blobs").delete(key), tx.objectStore("bodies").delete(key), tx.objectStore("bodies").delete(`${key}:s`)]),
    );
    this.all.delete(hash);
  }

  /** The server has it and no entry here needs it any more. */
  async forget() {
    const named = this.named();
    for (const one of [...this.all.values()]) if (one.state === "here" && !named.has(one.hash)) await this.remove(one.hash);
  }

  close() {
    this.all = new Map();
  }
}
