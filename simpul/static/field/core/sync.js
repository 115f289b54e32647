/**
 * Talking with the server: hello, push, pull, pack, files; and carrying to a machine at hand. What the server says it has is sent again or let
 * go, whatever this phone believes it sent. It drains on opening, on "online", when the page comes into sight, after a save, by timer and by the
 * button, and never trusts `navigator.onLine`.
 *
 * @typedef {{phase: "idle" | "hello" | "push" | "pull" | "pack" | "blobs" | "wait", last_ok: number | null, last_try: number | null,
 *   problem: "" | "offline" | "slow" | "server" | "unknown_device" | "revoked", retry_at: number | null,
 *   progress: {done: number, total: number, unit: "events" | "bytes"} | null, offset: number | null}} SyncState
 */

import { b64, canonical, hex, joined, unb64, utf8 } from "./canonical.js";
import { together } from "./db.js";
import { plainTables } from "./dense.js";
import { FieldRefused } from "./errors.js";
import { uuid7 } from "./ids.js";
import { inflate } from "./packing.js";
import * as sealing from "./sealing.js";
import * as segments from "./segments.js";
import * as standing from "./standing.js";
import { Wire } from "./wire.js";

const EVERY = 300_000;
const AFTER_SAVE = 4000;
const AFTER_STORED = 20_000;
const LARGEST_DOWN = 200_000_000;
const PIECE = 131_072;
const FAR_BEHIND = 20_000;
const MOST_ASKED = 200;
const FEW_NUMBERS = 10;
const WANTED_NUMBERS = 30;
const ENVELOPES = "application/x-simpul-envelopes";

/** The server asks to begin again with hello. */
class TokenOver extends Error {}

export class Sync {
  /** @param {{session: any, wire: Wire, app: string, tell: (name: string, detail?: any) => void}} given */
  constructor({ session, wire, app, tell }) {
    this.session = session;
    this.wire = wire;
    this.app = app;
    this.tell = tell;
    /** @type {SyncState} */
    this.state = { phase: "idle", last_ok: null, last_try: null, problem: "", retry_at: null, progress: null, offset: null };
    this.failures = 0;
    this.batch = 1;
    /** @type {Promise<SyncState> | null} */
    this.running = null;
    /** @type {Promise<SyncState> | null} */
    this.next = null;
    /** @type {any} */
    this.timer = null;
    this.stopped = true;
    /** @type {(() => void)[]} */
    this.offs = [];
    this.asked = 0;
  }

  // --- when ---------------------------------------------------------------------------------------------------------------------------------

  start() {
    if (!this.stopped) return;
    this.stopped = false;
    const now = () => void this.now();
    const seen = () => document.visibilityState === "visible" && now();
    if (globalThis.window) {
      addEventListener("online", now);
      document.addEventListener("visibilitychange", seen);
      this.offs = [() => removeEventListener("online", now), () => document.removeEventListener("visibilitychange", seen)];
    }
    now();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.offs.forEach((off) => off());
    this.offs = [];
    this.wire.stop();
  }

  /** Soon: something was saved. A server that did not answer lately is left until its time. */
  soon() {
    if (!this.failures) this.at(AFTER_SAVE);
  }

  /** @private @param {number} wait ms */
  at(wait) {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(), wait);
    this.say({ retry_at: Date.now() + wait });
  }

  /** Send and fetch everything, now; while a round runs, in one more round behind it. Never throws; the state says how it went. @returns {Promise<SyncState>} */
  now() {
    if (!this.session.isOpen) return Promise.resolve(this.state);
    if (this.running) {
      this.next ??= this.running.then(() => {
        this.next = null;
        return this.now();
      });
      return this.next;
    }
    this.running = this.round().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** @private @param {Partial<SyncState>} change */
  say(change) {
    this.state = { ...this.state, ...change };
    this.tell("sync", this.state);
  }

  /** @private @returns {Promise<SyncState>} */
  async round() {
    clearTimeout(this.timer);
    let wait = EVERY;
    this.say({ last_try: Date.now(), retry_at: null, progress: null });
    try {
      const stored = await this.whole();
      this.failures = 0;
      await this.session.reached(Date.now());
      this.say({ phase: "idle", last_ok: Date.now(), problem: this.session.outbox.stopped === "revoked" ? "revoked" : "", progress: null });
      if (stored) wait = AFTER_STORED;
    } catch (fault) {
      wait = this.failed(fault);
    }
    if (!this.session.isOpen) this.stop();
    this.at(wait);
    return this.state;
  }

  /** @private @param {unknown} fault @returns {number} how long to wait */
  failed(fault) {
    this.failures += 1;
    this.batch = 1;
    const facts = fault instanceof FieldRefused ? fault.facts : {};
    const code = fault instanceof FieldRefused ? fault.code : "";
    const problem = code === "net.failed" ? facts.why : code === "sync.unknown" ? "unknown_device" : "server";
    if (!code) this.tell("damaged", { why: String(fault) });
    this.say({ phase: "wait", problem: /** @type {any} */ (problem), progress: null });
    return Math.max(standing.backoff(this.failures), Number(facts.retry ?? 0) * 1000);
  }

  // --- what -----------------------------------------------------------------------------------------------------------------------------------

  /** @private One whole round; true when some entries wait for their judgement. */
  async whole() {
    const { outbox, projection } = this.session;
    await outbox.seal(true);
    this.say({ phase: "hello" });
    let said = await this.hello();
    // What other hands brought is heard of only now: its outcomes are asked for at once.
    if (outbox.openEvents().length > this.asked) said = await this.hello();
    if (this.wire.token) {
      for (let tries = 0; ; tries += 1) {
        try {
          await this.exchange(said);
          break;
        } catch (fault) {
          if (!(fault instanceof TokenOver) || tries) throw fault;
          said = await this.hello();
          if (!this.wire.token) {
            await this.pushAll("carry");
            break;
          }
        }
      }
    } else await this.pushAll("carry");
    await outbox.forget();
    await this.session.blobs.forget();
    return outbox.everything().some((/** @type {any} */ one) => one.step >= standing.RECEIVED && !one.passed && one.state !== "quarantined");
  }

  /** @private @param {any} said */
  async exchange(said) {
    const { numbers, outbox, projection } = this.session;
    await this.pushAll("push");
    if (said.letters) await this.fetchLetters();
    if (said.numbers_left !== undefined && numbers.left() < FEW_NUMBERS && this.session.wantsNumbers) await this.fetchNumbers();
    const { cursor, scope_version: scope } = projection.state;
    if (said.pack && (!cursor || said.scope_version !== scope || said.pack.cursor > cursor + FAR_BEHIND)) await this.fetchPack(said.pack, said.scope_version);
    // The server's journal is sealed before a pull: what was judged by now comes down with it.
    const judged = outbox.list().filter((/** @type {any} */ one) => standing.FINAL.has(one.state) && one.state !== "quarantined");
    await this.pullAll();
    if (await outbox.pass(judged)) projection.again();
    await this.sendBlobs();
  }

  /** @private A token that is over, or a phone that was locked meanwhile: hello says which. @param {number} status */
  heed(status) {
    if (status === 401 || status === 410) throw new TokenOver();
  }

  /** @private */
  async hello() {
    const { outbox, projection, device, keys, marks } = this.session;
    const persisted = await navigator.storage?.persisted?.().catch(() => null);
    const sent = Date.now();
    this.asked = outbox.openEvents().length;
    const summary = outbox.summary();
    const bare = {
      device, at: Math.max(0, sent), nonce: b64(crypto.getRandomValues(new Uint8Array(16))), heads: outbox.heads(), open: outbox.openEvents(),
      cursor: projection.state.cursor, generation: marks.generation ?? "", scope_version: projection.state.scope_version, pack: projection.state.pack,
      app: this.app, persisted: persisted ?? null, unsent: summary.unsent, erased: marks.erased ?? [], letters: marks.letters ?? 0,
    };
    const sig = b64(await sealing.sign(keys.sign, canonical(["simpul-hello", 1, bare])));
    const { status, body, retry } = await this.wire.call("hello", { json: { ...bare, sig }, token: false });
    if (status === 404) throw new FieldRefused("sync.unknown");
    if ((status !== 200 && status !== 410) || !body?.have) throw new FieldRefused("sync.status", { status, retry });
    this.measure(sent, Date.now(), body.now);
    this.wire.token = status === 200 ? new TextDecoder().decode(await sealing.open(keys.seal, unb64(body.token), utf8("simpul-token"))) : "";
    await this.session.heard(body, { revoked: status === 410, erased: bare.erased });
    return body;
  }

  /** @private How far this clock is from the server's, half the way there and back taken off. @param {number} sent @param {number} got @param {string} now */
  measure(sent, got, now) {
    const server = Date.parse(now);
    if (!Number.isFinite(server) || got < sent) return;
    const offset = Math.round((sent + got) / 2 - server);
    this.session.outbox.offset = offset;
    this.say({ offset });
  }

  /** @private @param {"push" | "carry"} road */
  async pushAll(road) {
    const { outbox } = this.session;
    const total = outbox.unsent().reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.count, 0);
    let done = 0;
    const tried = new Set();
    for (;;) {
      const wanted = outbox.unsent().filter((/** @type {any} */ one) => !tried.has(one.name)).slice(0, this.batch);
      if (!wanted.length) return;
      this.say({ phase: "push", progress: { done, total, unit: "events" } });
      const { status, body, retry } = await this.wire.call(road, { bytes: segments.write(await outbox.whole(wanted)), type: ENVELOPES });
      this.heed(status);
      // What cannot be read there is tried alone, and passed over alone: it keeps nothing behind it waiting.
      if (status === 400 || status === 413) {
        if (wanted.length > 1) this.batch = 1;
        else tried.add(wanted[0].name);
        continue;
      }
      if (status !== 200 || !body?.received) throw new FieldRefused("sync.status", { status, retry });
      for (const one of wanted) tried.add(one.name);
      if (body.have) await outbox.learn(body.have);
      else await outbox.markCarried(takenNames(body.received));
      if (body.outcomes) await this.session.heardOutcomes(body.outcomes);
      done += wanted.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.count, 0);
      this.batch = standing.nextBatch(this.batch, true);
    }
  }

  /** @private */
  async pullAll() {
    const { projection } = this.session;
    for (let more = true; more; ) {
      this.say({ phase: "pull", progress: null });
      const { cursor, scope_version: scope, own, book } = projection.state;
      const asked = [...this.session.wanted].slice(0, MOST_ASKED);
      const known = `${own === null ? "" : `&own=${own}`}&book=${book}${asked.length ? `&households=${asked.join(",")}` : ""}`;
      const { status, body, retry } = await this.wire.call(`pull?cursor=${cursor}&scope=${scope}&most=1000${known}`);
      this.heed(status);
      if (status !== 200 || !Number.isInteger(body?.cursor)) throw new FieldRefused("sync.status", { status, retry });
      const fresh = Object.keys(body.tables ?? {}).length || Object.keys(body.gone ?? {}).length || body.cursor !== cursor;
      if (fresh) await projection.takePull({ tables: {}, scope_version: scope, ...body });
      for (const one of asked) this.session.wanted.delete(one);
      more = (Boolean(body.more) && body.cursor > cursor) || this.session.wanted.size > 0;
    }
  }

  /** @private In pieces that stay on the phone: it goes on where it was cut off. @param {{hash: string, size: number, key: string}} pack @param {number} scope */
  async fetchPack(pack, scope) {
    const { db, keys, projection } = this.session;
    const kept = await db.get("meta", "pack");
    /** @type {{hash: string, have: number}} */
    let part = kept?.hash === pack.hash ? kept : { hash: pack.hash, have: 0 };
    while (part.have < pack.size) {
      this.say({ phase: "pack", progress: { done: part.have, total: pack.size, unit: "bytes" } });
      const end = Math.min(pack.size, part.have + 2 * PIECE) - 1;
      const { status, bytes, retry } = await this.wire.call(`pack/${pack.hash}`, { range: [part.have, end], token: false, raw: true });
      if ((status !== 206 && status !== 200) || !bytes?.length) throw new FieldRefused("sync.status", { status, retry });
      const from = status === 200 ? 0 : part.have;
      const next = { hash: pack.hash, have: from + bytes.length };
      await together(db, ["meta", "bodies"], (tx) =>
        Promise.all([tx.objectStore("meta").put(next, "pack"), tx.objectStore("bodies").put(bytes, `pack:${String(from).padStart(12, "0")}`)]),
      );
      part = next;
    }
    const range = IDBKeyRange.bound("pack:", "pack:~");
    const whole = joined(...(await db.getAll("bodies", range)));
    const key = await sealing.open(keys.seal, unb64(pack.key), utf8("simpul-pack"));
    await together(db, ["meta", "bodies"], (tx) => Promise.all([tx.objectStore("meta").delete("pack"), tx.objectStore("bodies").delete(range)]));
    await projection.takePack({ scope_version: scope, ...(await openedPack(whole, key)) }, pack.hash);
  }

  /** @private */
  async fetchNumbers() {
    const { numbers, keys, marks } = this.session;
    // An allotment has a key of its own: asked for again when the answer was lost, it gives the same numbers.
    const [id, count] = marks.allotment ?? [uuid7(), WANTED_NUMBERS - numbers.left()];
    await this.session.keepMarks({ ...this.session.marks, allotment: [id, count] });
    const { status, body } = await this.wire.call("numbers", { json: { count, id } });
    this.heed(status);
    if (status === 400) await this.session.keepMarks({ ...this.session.marks, allotment: undefined });
    if (status !== 200 || !body?.sealed) return; // Without numbers a case is still taken; the server gives it one.
    const said = JSON.parse(new TextDecoder().decode(await sealing.open(keys.seal, unb64(body.sealed), utf8("simpul-numbers"))));
    await numbers.add(said.numbers);
    await this.session.keepMarks({ ...this.session.marks, allotment: undefined });
  }

  /** @private */
  async fetchLetters() {
    for (let more = true; more; ) {
      const { status, body } = await this.wire.call(`letters?after=${this.session.marks.letters ?? 0}`);
      this.heed(status);
      if (status !== 200 || !body?.letters?.length) return;
      const before = this.session.marks.letters ?? 0;
      for (const [number, sealed] of body.letters) await this.session.readLetter(number, unb64(sealed)).catch(() => false);
      more = Boolean(body.more) && (this.session.marks.letters ?? 0) > before;
    }
  }

  /** @private Files after the events, the small ones first; pieces grow while it goes well. */
  async sendBlobs() {
    const { blobs } = this.session;
    const named = this.session.namedBlobs();
    const waiting = blobs.waiting().filter((/** @type {any} */ one) => named.has(one.hash));
    const total = waiting.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.size, 0);
    let done = 0;
    let piece = PIECE / 4;
    for (const one of waiting) {
      const bytes = await blobs.bytes(one.hash);
      if (!bytes) continue;
      const first = await this.wire.call(`blob/${one.hash}`);
      let said = first.status === 200 && first.body ? first.body : { have: 0, state: "coming" };
      for (let stuck = 0; said.state === "coming" && stuck < 3; ) {
        this.say({ phase: "blobs", progress: { done: done + said.have, total, unit: "bytes" } });
        const data = bytes.slice(said.have, said.have + piece);
        const { status, body, retry } = await this.wire.call(`blob/${one.hash}?offset=${said.have}&size=${bytes.length}`, { method: "PUT", bytes: data });
        this.heed(status);
        if (status === 400 || status === 413) {
          // One file that the server does not take keeps the others from nothing; only one that is too large is never taken.
          if (body?.code === "blob.too_large") said = { have: 0, state: "refused", reason: body.code };
          break;
        }
        if (status !== 200 && status !== 409) throw new FieldRefused("sync.status", { status, retry });
        stuck = body.have > said.have ? 0 : stuck + 1;
        said = body;
        piece = Math.min(4 * PIECE, piece * 2);
        await blobs.mark(one.hash, said);
      }
      if (said.state !== "coming") await blobs.mark(one.hash, said);
      done += bytes.length;
    }
  }

  // --- by other hands -------------------------------------------------------------------------------------------------------------------------

  /** Give everything unsent to another machine, which need not be able to read it, and take the letters it has for this phone. @param {string} base */
  async carry(base) {
    const { outbox, device, marks } = this.session;
    await outbox.seal(true);
    const wire = new Wire(base, this.wire.ask);
    const envelopes = await outbox.whole(outbox.unsent());
    const found = await carried(wire, envelopes);
    await outbox.markCarried(found.names);
    const mail = await wire.call(`mail/${device}?after=${marks.letters ?? 0}`, { token: false });
    let letters = 0;
    for (const [number, sealed] of mail.status === 200 ? (mail.body?.letters ?? []) : []) {
      // Whoever carries may hold something that is no letter of this server: the others are read all the same.
      const read = await this.session.readLetter(number, unb64(sealed)).then(() => true, () => false);
      letters += Number(read);
    }
    return { ...found.counts, letters };
  }
}

/** Hand envelopes to a server that takes them for itself or to hand on. @param {Wire} wire @param {segments.Envelope[]} envelopes */
export async function carried(wire, envelopes) {
  const counts = { stored: 0, held: 0, duplicate: 0, fork: 0, refused: 0 };
  /** @type {string[]} */
  const names = [];
  for (let place = 0, size = 1; place < envelopes.length; place += size, size = standing.nextBatch(size, true)) {
    const some = envelopes.slice(place, place + size);
    const { status, body } = await wire.call("carry", { bytes: segments.write(some), type: ENVELOPES, token: false });
    if (status !== 200 || !body?.received) throw new FieldRefused("sync.status", { status });
    for (const [, state] of body.received) if (state in counts) counts[/** @type {keyof typeof counts} */ (state)] += 1;
    names.push(...takenNames(body.received));
  }
  return { counts, names };
}

/** Of which envelopes another machine said that it has them. @param {[string, string, string][]} received */
function takenNames(received) {
  return received.filter(([, state]) => state !== "refused").map(([name]) => name);
}

/** The tables of a pack. @param {Uint8Array} whole @param {Uint8Array} key @returns {Promise<any>} */
export async function openedPack(whole, key) {
  try {
    const aes = await crypto.subtle.importKey("raw", key.slice().buffer, "AES-GCM", false, ["decrypt"]);
    const how = { name: "AES-GCM", iv: whole.slice(0, 12), additionalData: utf8("simpul-pack/1") };
    const plain = new Uint8Array(await crypto.subtle.decrypt(how, aes, whole.slice(12)));
    const said = JSON.parse(new TextDecoder().decode(await inflate(plain, LARGEST_DOWN)));
    return { ...said, tables: plainTables(said.tables) };
  } catch {
    throw new FieldRefused("pack.broken");
  }
}

/** The hex sha256 of bytes. @param {Uint8Array} bytes */
export async function digest(bytes) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.slice().buffer)));
}
