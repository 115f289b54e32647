/**
 * An open vault: everything that screens do with data goes through here. When it locks, keys and memory are gone; nothing of it can be used again.
 */

import { canonical, unb64 } from "./canonical.js";
import { Blobs } from "./blobs.js";
import * as bundle from "./bundle.js";
import { together } from "./db.js";
import { Drafts } from "./drafts.js";
import { FieldRefused } from "./errors.js";
import { Numbers } from "./numbers.js";
import { isOn } from "./entries.js";
import { Outbox } from "./outbox.js";
import { inflate } from "./packing.js";
import { Projection } from "./projection.js";
import { alike } from "./reduce.js";
import { Index } from "./search.js";
import * as sealing from "./sealing.js";
import * as segments from "./segments.js";
import { openedPack, Sync } from "./sync.js";
import { textOf } from "./values.js";
import { LockTimer } from "./vault.js";
import { judgeRow } from "./verdicts.js";
import { Wire } from "./wire.js";

const LARGEST_LETTER = 20_000_000;
const LETTERS_KEPT = 500;
const FORGOTTEN_FORM = 7 * 86_400_000;

export class Session {
  /**
   * @param {{record: any, db: any, box: import("./vault.js").Box, keys: {sign: sealing.SignKey, seal: sealing.SealKey}, app: string,
   *   release: () => void, addMaster: (work: (master: Uint8Array) => Promise<void>, passphrase: string) => Promise<void>, ask?: typeof fetch}} given
   */
  constructor({ record, db, box, keys, app, release, addMaster, ask }) {
    this.record = record;
    this.id = record.id;
    this.device = record.id;
    this.label = record.label;
    this.db = db;
    this.box = box;
    this.keys = keys;
    this.release = release;
    this.addMaster = addMaster;
    this.isOpen = true;
    this.wantsNumbers = true;
    /** @type {Set<string>} households whose whole rows are wanted */
    this.wanted = new Set();
    /** @type {Map<string, Set<(detail: any) => void>>} */
    this.listeners = new Map();
    /** @type {any} what the server last said of this seat */
    this.marks = {};
    const tell = this.tell.bind(this);
    this.outbox = new Outbox({ device: this.device, db, box, sign: keys.sign, serverKey: unb64(record.serverSeal), tell });
    this.drafts = new Drafts({ db, box, tell });
    this.numbers = new Numbers({ db, box });
    this.blobs = new Blobs({ db, box, tell });
    this.projection = new Projection({ db, box, tell });
    this.projection.events = () => this.outbox.list().filter((one) => !one.passed);
    this.blobs.named = () => this.namedBlobs();
    this.outbox.files = () => {
      const named = this.namedBlobs();
      const waiting = this.blobs.waiting().filter(({ hash }) => named.has(hash));
      return { blobs: waiting.length, blobBytes: waiting.reduce((sum, one) => sum + one.size - one.have, 0) };
    };
    this.sync = new Sync({ session: this, wire: new Wire(record.server, ask), app, tell });
    this.bundle = new Bundles(this);
    /** @type {Index | null} */
    this.index = null;
    this.on("change", ({ tables }) => {
      if (tables.includes("persons") || tables.includes("households") || tables.includes("cases")) this.index = null;
    });
  }

  /** Read what is on the phone. */
  async load() {
    const sealed = await this.db.get("meta", "session");
    this.marks = sealed ? await this.box.open("meta", "session", sealed) : {};
    this.sync.state.last_ok = this.marks.reached ?? null;
    await Promise.all([this.outbox.load(), this.drafts.load(), this.numbers.load(), this.blobs.load(), this.projection.load()]);
    if (this.marks.revoked) this.outbox.stopped = "revoked";
    await this.tidy();
    if (this.outbox.damaged.length) this.tell("damaged", { what: this.outbox.damaged });
    this.watch();
  }

  /** @private Files of forms that were thrown away go after a week. */
  async tidy() {
    const kept = this.namedBlobs();
    const drafts = JSON.stringify(this.drafts.list());
    const old = Date.now() - FORGOTTEN_FORM;
    for (const one of [...this.blobs.all.values()]) if (one.at < old && !kept.has(one.hash) && !drafts.includes(one.hash)) await this.blobs.remove(one.hash);
  }

  /** @private Lock after five quiet minutes; seal what is open when the page goes out of sight. */
  watch() {
    this.lockTimer = new LockTimer({ onWarn: (seconds) => this.tell("locking", { seconds }), onOver: () => void this.lock("timer") });
    if (!globalThis.document) return;
    const touch = () => this.touch();
    const hidden = () => {
      if (document.visibilityState === "hidden") {
        void this.drafts.flush();
        void this.outbox.seal(false);
      } else this.lockTimer?.look();
    };
    for (const name of ["pointerdown", "keydown", "input"]) document.addEventListener(name, touch, { passive: true, capture: true });
    document.addEventListener("visibilitychange", hidden);
    addEventListener("pagehide", hidden);
    this.unwatch = () => {
      for (const name of ["pointerdown", "keydown", "input"]) document.removeEventListener(name, touch, { capture: true });
      document.removeEventListener("visibilitychange", hidden);
      removeEventListener("pagehide", hidden);
    };
  }

  // --- telling ------------------------------------------------------------------------------------------------------------------------------

  /** @param {string} name @param {(detail: any) => void} listener @returns {() => void} */
  on(name, listener) {
    if (!this.listeners.has(name)) this.listeners.set(name, new Set());
    this.listeners.get(name)?.add(listener);
    return () => this.listeners.get(name)?.delete(listener);
  }

  /** @param {string} name @param {any} [detail] */
  tell(name, detail = {}) {
    for (const listener of this.listeners.get(name) ?? []) listener(detail);
  }

  // --- who and where --------------------------------------------------------------------------------------------------------------------------

  get epoch() {
    return this.outbox.head.epoch;
  }

  get seat() {
    return this.marks.seat ?? this.record.seat ?? null;
  }

  get areas() {
    return this.marks.areas ?? this.record.areas ?? [];
  }

  get server() {
    return { ...this.record.told, address: this.record.server };
  }

  get revoked() {
    return this.outbox.stopped === "revoked";
  }

  get lease() {
    const until = Date.parse(this.marks.lease_until ?? this.record.lease_until ?? "");
    const now = Date.now() - (this.outbox.offset ?? 0);
    return { until: Number.isFinite(until) ? until : null, over: Number.isFinite(until) && now > until };
  }

  get pack() {
    const { cursor, at, scope_version: scope } = this.projection.state;
    return { cursor, at, scope_version: scope, households: this.projection.snapshots.get("households")?.size ?? null };
  }

  // --- the lock -------------------------------------------------------------------------------------------------------------------------------

  /** A sign of life. */
  touch() {
    this.lockTimer?.touch();
  }

  /** Log out: what is open is sealed, keys are forgotten, memory is emptied. @param {string} [why] */
  async lock(why = "asked") {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.lockTimer?.stop();
    this.unwatch?.();
    this.sync.stop();
    if (why !== "elsewhere") {
      await this.drafts.flush().catch(() => undefined);
      await this.outbox.seal(true).catch(() => undefined);
    }
    for (const one of [this.outbox, this.drafts, this.numbers, this.blobs, this.projection]) one.close();
    this.index = null;
    this.marks = {};
    this.box.forget();
    this.keys = /** @type {any} */ ({});
    this.db.close();
    this.release();
    this.tell("locked", { why });
    this.listeners.clear();
  }

  // --- writing --------------------------------------------------------------------------------------------------------------------------------

  /** @param {import("./entries.js").Wanted} item @returns {Promise<import("./outbox.js").Saved>} */
  async save(item) {
    return (await this.saveAll([item]))[0];
  }

  /** One transaction, all or nothing. @param {(import("./entries.js").Wanted | ((made: import("./outbox.js").Saved[]) => import("./entries.js").Wanted))[]} items */
  async saveAll(items) {
    this.open();
    const made = await this.outbox.save(items, { numbers: this.numbers, drafts: this.drafts }).catch((fault) => {
      if (fault instanceof FieldRefused && fault.code === "save.full") this.tell("full", fault.facts);
      throw fault;
    });
    this.projection.again();
    this.sync.soon();
    return made;
  }

  /** What an edit carries as seen: the shown value, or every value of a doubt. @param {string} table @param {Record<string, any>} row @param {string[]} fields */
  seen(table, row, fields) {
    return Object.fromEntries(
      fields.map((field) => {
        const doubt = row.doubt?.[field];
        if (row.named && field === "name") return [field, ""];
        if (doubt?.length) return [field, doubt.map(textOf)];
        const bag = table === "households" ? { ...row.hf, ...row.f } : (row.f ?? {});
        return [field, textOf(field in bag ? bag[field] : row[BESIDE[field] ?? field])];
      }),
    );
  }

  // --- reading --------------------------------------------------------------------------------------------------------------------------------

  /** @param {string} name */
  async table(name) {
    this.open();
    return this.projection.table(name);
  }

  /** @param {string} name @param {string} id */
  async row(name, id) {
    this.open();
    return this.projection.row(name, id);
  }

  /** @param {string} name @param {Record<string, any>} [wanted] */
  async rows(name, wanted = {}) {
    this.open();
    return this.projection.rows(name, wanted);
  }

  /** Fetch the whole rows of households of which only the index is here (they have no `f`). False: not now, it comes with the next talk. @param {string | string[]} ids */
  async want(ids) {
    const rows = await Promise.all([ids].flat().map((id) => this.row("households", id)));
    const bare = rows.filter((row) => row && !("f" in row));
    if (!bare.length) return true;
    for (const row of bare) this.wanted.add(/** @type {any} */ (row).id);
    const { problem } = await this.sync.now();
    return !problem;
  }

  /** @param {string} text @param {{kinds?: string[], region?: string, limit?: number}} [how] */
  async search(text, { kinds, region = "", limit = 30 } = {}) {
    this.index ??= new Index(await this.docs());
    const keep = (/** @type {any} */ doc) => (!kinds || kinds.includes(doc.kind)) && (!region || (doc.region ?? "").startsWith(region));
    const tables = { person: "persons", household: "households", case: "cases" };
    const hits = this.index.find(text, { limit, keep });
    const found = await Promise.all(hits.map(async (hit) => ({ ...hit, row: await this.row(/** @type {any} */ (tables)[hit.kind], hit.id) })));
    return found.filter((one) => one.row);
  }

  /** @private */
  async docs() {
    const [persons, households, cases, contacts] = await Promise.all(["persons", "households", "cases", "contacts"].map((name) => this.table(name)));
    /** @type {Map<string, string[]>} */
    const phones = new Map();
    for (const one of contacts.values()) {
      if (one.channel !== "visit" && one.address) phones.set(one.person, [...(phones.get(one.person) ?? []), one.address.replace(/\D/g, "")]);
    }
    const docs = [];
    for (const [id, row] of persons) {
      docs.push({ kind: "person", id, name: row.name ?? "", also: [row.called], digits: [row.nik, ...(phones.get(id) ?? [])].filter(Boolean), region: row.region });
    }
    for (const [id, row] of households) docs.push({ kind: "household", id, name: row.name ?? "", also: [row.landmark], region: row.region });
    for (const [id, row] of cases) docs.push({ kind: "case", id, name: row.title ?? "", digits: [(row.number ?? "").replace(/\D/g, "")], region: row.region });
    return docs;
  }

  /** Does this household, family or person meet a programme's rule, as far as this phone knows? @param {string} programme @param {{household: string, person?: string, family?: string}} who */
  async verdict(programme, who) {
    return judgeRow(this, programme, who);
  }

  // --- what the server says -------------------------------------------------------------------------------------------------------------------

  /** Take in what a hello or a letter says. @param {any} said @param {{revoked?: boolean, erased?: string[]}} how */
  async heard(said, { revoked = false, erased = [] } = {}) {
    const old = this.marks.heard_at && Date.parse(said.now) < Date.parse(this.marks.heard_at);
    await this.heardOutcomes(said.outcomes ?? []);
    if (old) return;
    await this.outbox.learn(said.have ?? [], said.safe, said.forks ?? []);
    const orders = (said.erase ?? []).filter((/** @type {any} */ one) => !(this.marks.erased ?? []).includes(one[0]));
    const moved = this.marks.scope_version !== undefined && said.scope_version !== undefined && said.scope_version !== this.marks.scope_version;
    const still = new Set((said.erase ?? []).map((/** @type {any} */ one) => one[0]));
    const told = (this.marks.erased ?? []).filter((/** @type {string} */ one) => still.has(one) || !erased.includes(one));
    const next = { ...this.marks, heard_at: said.now, erased: told, revoked: revoked || undefined };
    for (const key of ["generation", "lease_until", "areas", "scope_version", "oldest", "kinds", "seat"]) if (said[key] !== undefined) next[key] = said[key];
    await this.keepMarks(next);
    if (orders.length) await this.erase(orders);
    if (moved) {
      if (!said.pack) await this.projection.drop();
      this.tell("scope", { areas: this.areas });
    }
    if (revoked && !this.revoked) {
      // Whoever lost the phone or the seat keeps no register; what is unsent stays and travels.
      await this.projection.drop();
      this.outbox.stopped = "revoked";
      this.tell("revoked");
    } else if (!revoked && this.revoked) this.outbox.stopped = "";
  }

  /** @param {any[]} outcomes */
  async heardOutcomes(outcomes) {
    const changed = await this.outbox.judge(outcomes);
    if (changed.length) {
      this.projection.again();
      this.tell("outcome", { entries: changed });
    }
    return changed;
  }

  /** A whole round with the server went well: said after the next unlocking too. @param {number} at */
  async reached(at) {
    if (this.isOpen) await this.keepMarks({ ...this.marks, reached: at });
  }

  /** @param {any} next */
  async keepMarks(next) {
    const sealed = await this.box.seal("meta", "session", next);
    await together(this.db, ["meta"], (tx) => tx.objectStore("meta").put(sealed, "session"));
    this.marks = next;
  }

  /** @private Every row, draft, event body and salt on these subjects goes. @param {[string, string][]} orders */
  async erase(orders) {
    const subjects = orders.map(([, subject]) => subject);
    await this.projection.erase(subjects);
    await this.drafts.removeThose((draft) => subjects.some((one) => isOn(/** @type {any} */ ({ ...draft, data: draft.data ?? {} }), one) || alike(draft.subject.split(":")[1] ?? "", one.split(":")[1])));
    const files = await this.outbox.erase(subjects);
    for (const hash of files) if (!this.namedBlobs().has(hash)) await this.blobs.remove(hash);
    await this.keepMarks({ ...this.marks, erased: [...new Set([...(this.marks.erased ?? []), ...orders.map(([id]) => id)])] });
    this.projection.again();
    this.tell("erased", { subjects });
  }

  /** A letter to this phone, by whatever road it came. @param {number} number @param {Uint8Array} sealed @returns {Promise<boolean>} false: it was known */
  async readLetter(number, sealed) {
    const known = this.marks.letters_read ?? [];
    if (number <= (this.marks.letters ?? 0) || known.includes(number)) return false;
    const plain = await sealing.open(this.keys.seal, sealed, canonical(["simpul-letter", 1, this.device, number]));
    await this.heard(JSON.parse(new TextDecoder().decode(await inflate(plain, LARGEST_LETTER))), { revoked: this.revoked });
    const read = [...known, number].sort((a, b) => a - b);
    let letters = this.marks.letters ?? 0;
    while (read[0] === letters + 1) letters = /** @type {number} */ (read.shift());
    await this.keepMarks({ ...this.marks, letters, letters_read: read.slice(-LETTERS_KEPT) });
    return true;
  }

  /** Files that an entry here names. @returns {Set<string>} */
  namedBlobs() {
    return new Set(this.outbox.list().flatMap((one) => one.blobs));
  }

  // --- the keys -------------------------------------------------------------------------------------------------------------------------------

  /** @private */
  open() {
    if (!this.isOpen) throw new FieldRefused("vault.locked");
    this.touch();
  }
}

/** Register fields whose column in a row has another name. @type {Record<string, string>} */
const BESIDE = { full_name: "name", birth_date: "birth", region_code: "region", hamlet_id: "hamlet", household_id: "household" };

/** Bundles of an open vault. */
class Bundles {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
  }

  /** Everything unsent, and what is carried for others, as a signed file. @param {{blobs?: boolean}} [how] @returns {Promise<Uint8Array>} */
  async bytes({ blobs = true } = {}) {
    const { outbox, db, keys, device } = this.session;
    await outbox.seal(true);
    const others = (await db.getAll("carried")).filter((/** @type {any} */ one) => one.kind === "envelope");
    /** @type {[string, Uint8Array][]} */
    const parts = [["envelopes", segments.write([...(await outbox.whole(outbox.unsent())), ...others])]];
    if (blobs) {
      const files = await this.files();
      if (files.length) parts.push(["blobs", bundle.writeFiles(files)]);
    }
    const made = Math.max(0, Date.now());
    return bundle.write(made, device, parts, await sealing.sign(keys.sign, bundle.signedOf(made, device, bundle.named(parts))));
  }

  /** @private Unsent files, each sealed to the server. @returns {Promise<bundle.File_[]>} */
  async files() {
    const { blobs, outbox, device } = this.session;
    const named = this.session.namedBlobs();
    const found = [];
    for (const one of blobs.waiting().filter(({ hash }) => named.has(hash))) {
      const bytes = await blobs.bytes(one.hash);
      if (bytes) found.push({ device, sha256: one.hash, sealed: await sealing.seal(outbox.serverKey, bytes, bundle.blobInfo(device, one.hash)) });
    }
    return found;
  }

  /** @returns {Promise<Blob>} */
  async file() {
    return new Blob([/** @type {any} */ (await this.bytes())], { type: "application/octet-stream" });
  }

  /** For the share sheet; without files, which would be too large for a message. */
  async text() {
    return bundle.asText(await this.bytes({ blobs: false }));
  }

  /** Texts of QR pages. Throws "bundle.too_large". */
  async pages() {
    return bundle.asPages(await this.bytes({ blobs: false }));
  }

  /**
   * Take a bundle in: letters for this vault are read, a pack is kept, everything else is carried on. What is damaged is named, the rest is taken.
   * @param {Blob | Uint8Array | string | string[]} given
   */
  async take(given) {
    const data = bundle.fromAnything(given instanceof Blob ? new Uint8Array(await given.arrayBuffer()) : given);
    const found = bundle.read(data);
    const counts = { letters: 0, receipts: 0, envelopes: 0, blobs: 0, pack: false, notes: found.faults };
    for (const part of found.parts) {
      if (!part.content) continue;
      try {
        await this.takePart(part.t, part.content, counts);
      } catch (fault) {
        const code = fault instanceof FieldRefused ? fault.code.replace("bundle.", "") : fault instanceof segments.SegmentUnreadable ? fault.reason : "";
        if (!code) throw fault;
        counts.notes = [...new Set([...counts.notes, code])];
      }
    }
    return counts;
  }

  /** @private @param {string} kind @param {Uint8Array} content @param {any} counts */
  async takePart(kind, content, counts) {
    const { session } = this;
    if (kind === "envelopes") {
      for (const one of segments.read(content)) {
        if (one.device === session.device) continue;
        const name = segments.nameOf(one);
        await together(session.db, ["carried"], (tx) => tx.objectStore("carried").put({ kind: "envelope", name, ...one }, name));
        counts.envelopes += 1;
      }
    } else if (kind === "letters") {
      for (const { device, number, sealed } of bundle.readLetters(content)) {
        if (device !== session.device) {
          const name = `letter:${device}:${number}`;
          await together(session.db, ["carried"], (tx) => tx.objectStore("carried").put({ kind: "letter", device, number, sealed }, name));
        } else if (await session.readLetter(number, sealed)) counts.receipts += 1;
        counts.letters += 1;
      }
    } else if (kind === "blobs") counts.blobs += bundle.readFiles(content).length;
    else if (kind === "pack") counts.pack = await this.takePack(content);
  }

  /** @private A pack on a stick is of use when its key came with a letter or a hello. @param {Uint8Array} content */
  async takePack(content) {
    const { marks, keys, projection } = this.session;
    if (!marks.pack?.key) throw new FieldRefused("bundle.pack_without_key");
    const key = await sealing.open(keys.seal, unb64(marks.pack.key), new TextEncoder().encode("simpul-pack"));
    await projection.takePack({ scope_version: marks.scope_version ?? 0, ...(await openedPack(content, key)) }, marks.pack.hash);
    return true;
  }

  /** How much of others' is carried here. */
  async carried() {
    const rows = await this.session.db.getAll("carried");
    return { envelopes: rows.filter((/** @type {any} */ one) => one.kind === "envelope").length, letters: rows.filter((/** @type {any} */ one) => one.kind === "letter").length };
  }
}


