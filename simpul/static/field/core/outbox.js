/**
 * What was done on this phone and has to reach the server: saving, sealing, and keeping until it is safe in a backup.
 *
 * Saving is one transaction: the event with its place in the chain, the draft that goes, the case number that is used. After it resolves, the
 * entry is on the phone for good. A second later (and at once when the page goes out of sight) the entries that no closed segment holds
 * are sealed to the server as a *provisional* envelope, outside the encrypted part: whoever forgets the passphrase loses nothing.
 *
 * @typedef {import("./chain.js").ChainEvent} ChainEvent
 * @typedef {import("./entries.js").Entry} Entry
 * @typedef {import("./entries.js").Wanted} Wanted
 * @typedef {{epoch: string, seq: number, hash: string, ids: string[], at: number}} Saved
 */

import { b64, unb64 } from "./canonical.js";
import * as chain from "./chain.js";
import { canaries, compareCanaries, setCanary, together } from "./db.js";
import { entryOf, isOn, marksOf, newEntry, record, written } from "./entries.js";
import { FieldRefused } from "./errors.js";
import * as sealing from "./sealing.js";
import * as segments from "./segments.js";
import * as standing from "./standing.js";

const PROVISIONAL_AFTER = 1000;
const KEEP_SETTLED = 3 * 86_400_000;

/** The outbox of an open vault. */
export class Outbox {
  /**
   * @param {{device: string, db: any, box: import("./vault.js").Box, sign: sealing.SignKey, serverKey: Uint8Array,
   *   tell: (name: string, detail?: any) => void, now?: () => number}} given
   */
  constructor({ device, db, box, sign, serverKey, tell, now = Date.now }) {
    this.device = device;
    this.db = db;
    this.box = box;
    this.sign = sign;
    this.serverKey = serverKey;
    this.say = tell;
    this.now = now;
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
    /** @type {{epoch: string, seq: number, hash: Uint8Array}} */
    this.head = { epoch: "", seq: 0, hash: new Uint8Array() };
    /** @type {string[]} */
    this.epochs = [];
    /** @type {[string, number, string][]} epoch, from number, run */
    this.runs = [];
    /** @type {standing.Sent[]} */
    this.envelopes = [];
    /** @type {{have: [string, number, string][], safe: [string, number, string][], forgotten: Record<string, number>}} */
    this.marks = { have: [], safe: [], forgotten: {} };
    this.run = chain.newRun();
    this.stopped = "";
    /** @type {number | null} the device's clock minus the server's */
    this.offset = null;
    /** @type {Promise<unknown>} */
    this.turn = Promise.resolve();
    /** @type {any} */
    this.timer = null;
    /** Files that wait: count and bytes. @type {() => {blobs: number, blobBytes: number}} */
    this.files = () => ({ blobs: 0, blobBytes: 0 });
    /** @type {string[]} positions that could not be read */
    this.damaged = [];
  }

  // --- opening ------------------------------------------------------------------------------------------------------------------------------

  /** Read everything, compare the chain and the canaries, begin a new epoch where they do not fit. */
  async load() {
    const head = await this.db.get("meta", "head");
    this.epochs = (await this.db.get("meta", "epochs")) ?? [];
    this.runs = await this.opened("meta", "runs", []);
    this.marks = await this.opened("meta", "have", this.marks);
    this.envelopes = (await this.db.getAll("envelopes")).map(outside);
    await this.readEntries();
    const known = await canaries(this.device);
    if (!head) return void (await this.openEpoch(this.epochs.length ? "damaged" : known.length ? "restore" : ""));
    this.head = head;
    const why = compareCanaries(head, known, this.epochs) || (this.chainHolds() ? "" : "damaged");
    if (why) await this.openEpoch(why);
    else await setCanary(this.device, head.epoch, head.seq);
  }

  /** @private @param {string} store @param {any} key @param {any} otherwise */
  async opened(store, key, otherwise) {
    const sealed = await this.db.get(store, key);
    if (!sealed) return otherwise;
    try {
      return await this.box.open(store, key, sealed);
    } catch (fault) {
      if (!(fault instanceof FieldRefused) || fault.code !== "vault.damaged") throw fault;
      this.damaged.push(`${store}:${key}`);
      return otherwise;
    }
  }

  /** @private */
  async readEntries() {
    const tx = this.db.transaction(["events", "marks"]);
    const [keys, events, markKeys, marks] = await Promise.all([
      tx.objectStore("events").getAllKeys(),
      tx.objectStore("events").getAll(),
      tx.objectStore("marks").getAllKeys(),
      tx.objectStore("marks").getAll(),
    ]);
    const markOf = new Map(markKeys.map((/** @type {any} */ key, /** @type {number} */ place) => [key.join(":"), marks[place]]));
    await Promise.all(
      keys.map(async (/** @type {[string, number]} */ key, /** @type {number} */ place) => {
        const name = key.join(":");
        try {
          const entry = entryOf(key, await this.box.open("events", key, events[place]), events[place].length);
          if (markOf.has(name)) Object.assign(entry, await this.box.open("marks", key, markOf.get(name)));
          this.entries.set(name, entry);
        } catch (fault) {
          if (!(fault instanceof FieldRefused) || fault.code !== "vault.damaged") throw fault;
          this.damaged.push(name);
        }
      }),
    );
    this.sort();
  }

  /** @private In the order in which they were written. */
  sort() {
    const place = new Map(this.epochs.map((epoch, number) => [epoch, number]));
    const sorted = [...this.entries.entries()].sort(
      ([, a], [, b]) => (place.get(a.epoch) ?? 0) - (place.get(b.epoch) ?? 0) || a.seq - b.seq,
    );
    this.entries = new Map(sorted);
  }

  /** @private True when the running epoch hangs together as far as it is here. */
  chainHolds() {
    const mine = this.list().filter((one) => one.epoch === this.head.epoch);
    const last = mine[mine.length - 1];
    if (this.damaged.some((name) => name.startsWith(`${this.head.epoch}:`))) return false;
    if (!last) return this.head.seq <= (this.marks.forgotten[this.head.epoch] ?? 0);
    const joint = mine.every((one, place) => !place || (one.seq === mine[place - 1].seq + 1 && one.prev === mine[place - 1].hash));
    return joint && last.seq === this.head.seq && last.hash === b64(this.head.hash);
  }

  /** Begin a new history; what was written before stays and is sent. @param {string} why "" for the very first */
  async openEpoch(why) {
    return this.alone(async () => {
      if (this.head.epoch) await this.sealTail(true);
      const epoch = chain.newEpoch();
      const head = { epoch, seq: 0, hash: chain.genesis(this.device, epoch) };
      const epochs = [...this.epochs, epoch];
      await together(this.db, ["meta"], (tx) =>
        Promise.all([tx.objectStore("meta").put(head, "head"), tx.objectStore("meta").put(epochs, "epochs")]),
      );
      this.head = head;
      this.epochs = epochs;
      this.run = chain.newRun();
      await setCanary(this.device, epoch, 0);
      if (why) this.say("epoch", { why });
    });
  }

  // --- writing ------------------------------------------------------------------------------------------------------------------------------

  /**
   * Save one after the other, all in one transaction. Resolves when they are durable.
   * @param {(Wanted | ((made: Saved[]) => Wanted))[]} wanted @param {{numbers?: import("./numbers.js").Numbers, drafts?: import("./drafts.js").Drafts}} [rooms]
   * @returns {Promise<Saved[]>}
   */
  async save(wanted, rooms = {}) {
    if (this.stopped) throw new FieldRefused("save.lease", { why: this.stopped });
    return this.alone(async () => {
      const { entries, made, head, items } = this.compose(wanted);
      const runs = this.runs.some(([epoch, , run]) => epoch === head.epoch && run === b64(this.run))
        ? this.runs
        : [...this.runs, /** @type {[string, number, string]} */ ([head.epoch, this.head.seq + 1, b64(this.run)])];
      const sealed = await Promise.all(entries.map((one) => this.box.seal("events", [one.epoch, one.seq], record(one))));
      const sealedRuns = await this.box.seal("meta", "runs", runs);
      const numbers = await rooms.numbers?.using(items.flatMap((item, place) => (item.number ? [{ number: item.number, at: made[place].at }] : [])));
      const drafts = await Promise.all(items.flatMap((item) => (item.draft && rooms.drafts ? [rooms.drafts.keyOf(item.draft)] : [])));
      await together(this.db, ["meta", "events", "drafts"], async (tx) => {
        const there = await tx.objectStore("meta").get("head");
        if (there?.epoch !== this.head.epoch || there.seq !== this.head.seq) throw new FieldRefused("save.elsewhere");
        entries.forEach((one, place) => void tx.objectStore("events").put(sealed[place], [one.epoch, one.seq]));
        void tx.objectStore("meta").put(sealedRuns, "runs");
        if (numbers) void tx.objectStore("meta").put(numbers.sealed, "numbers");
        for (const key of drafts) void tx.objectStore("drafts").delete(key);
        await tx.objectStore("meta").put(head, "head");
      });
      this.head = head;
      this.runs = runs;
      numbers?.commit();
      items.forEach((item) => item.draft && rooms.drafts?.gone(item.draft));
      entries.forEach((one, place) => this.entries.set(`${one.epoch}:${one.seq}`, { ...one, bytes: sealed[place].length }));
      void setCanary(this.device, head.epoch, head.seq);
      this.later();
      this.say("outbox");
      return made;
    });
  }

  /** @private @param {(Wanted | ((made: Saved[]) => Wanted))[]} wanted */
  compose(wanted) {
    let head = this.head;
    /** @type {Entry[]} */
    const entries = [];
    /** @type {Saved[]} */
    const made = [];
    /** @type {Wanted[]} */
    const items = [];
    for (const one of wanted) {
      const item = typeof one === "function" ? one(made) : one;
      const { event, ids } = written(this.device, head, item, this.run, Math.max(0, Math.trunc(this.now())));
      head = { epoch: event.epoch, seq: event.seq, hash: event.hash };
      entries.push(newEntry(event, ids, item));
      made.push({ epoch: event.epoch, seq: event.seq, hash: b64(event.hash), ids: Array.from(ids), at: event.at });
      items.push(item);
    }
    return { entries, made, head, items };
  }

  /** One at a time, in the order of asking. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  alone(work) {
    const next = this.turn.then(work, work);
    this.turn = next.catch(() => undefined);
    return next;
  }

  // --- sealing ------------------------------------------------------------------------------------------------------------------------------

  /** @private */
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.seal(false).catch((fault) => this.say("damaged", { why: String(fault) })), PROVISIONAL_AFTER);
  }

  /** Seal what no closed envelope holds; `close`: for good. @param {boolean} close */
  seal(close) {
    clearTimeout(this.timer);
    return this.alone(() => this.sealTail(close));
  }

  /** @private @param {boolean} close */
  async sealTail(close) {
    if (!this.box.isOpen) return;
    let changed = false;
    for (const epoch of this.epochs) {
      for (;;) {
        const events = this.tail(epoch);
        if (!events.length) break;
        const one = await this.envelope(events).catch((fault) => {
          // Without its run a tail cannot be sealed: it is shown as damaged, and what follows goes on.
          if (!(fault instanceof segments.SegmentUnreadable)) throw fault;
          this.say("damaged", { why: fault.reason, epoch });
          return null;
        });
        if (!one) break;
        const whole = close || epoch !== this.head.epoch || events.length >= segments.MOST_EVENTS || one.sealed.length >= segments.ABOUT_BYTES;
        await this.keep({ ...one, closed: whole });
        changed = true;
        if (!whole) break;
      }
    }
    if (changed) await this.pruneRuns();
  }

  /** @private The next entries of an epoch that no closed envelope holds, without a gap between them. @param {string} epoch */
  tail(epoch) {
    const closed = this.envelopes.filter((one) => one.epoch === epoch && one.closed).reduce((most, one) => Math.max(most, one.first + one.count - 1), 0);
    const open = this.list().filter((one) => one.epoch === epoch && one.seq > closed);
    const gap = open.findIndex((one, place) => place > 0 && one.seq !== open[place - 1].seq + 1);
    return open.slice(0, gap < 0 ? segments.MOST_EVENTS : Math.min(gap, segments.MOST_EVENTS));
  }

  /** @private @param {Entry[]} entries @returns {Promise<segments.Envelope>} */
  async envelope(entries) {
    const events = entries.map((one) => this.eventOf(one));
    const { epoch, seq: first } = events[0];
    const last = events[events.length - 1];
    const mine = this.runs.filter(([of, from]) => of === epoch && from <= last.seq);
    /** @type {segments.Runs} */
    const runs = mine.filter((_one, place) => place + 1 === mine.length || mine[place + 1][1] > first).map(([, from, run]) => [from, unb64(run)]);
    const packed = await segments.pack({ device: this.device, epoch, events, offset: this.offset }, runs);
    const sealed = await sealing.seal(this.serverKey, packed, segments.infoOf(this.device, epoch, first, events.length));
    const bare = { device: this.device, epoch, first, count: events.length, prev: events[0].prev, head: last.hash, key: sealing.keyId(this.serverKey), sealed };
    return { ...bare, signature: await sealing.sign(this.sign, segments.signedOf(bare)) };
  }

  /** @private @param {Entry} one @returns {ChainEvent} */
  eventOf(one) {
    const head = { device: this.device, epoch: one.epoch, seq: one.seq, prev: unb64(one.prev), kind: one.kind, at: one.at, subject: one.subject };
    const body = one.data === null ? null : chain.bodyOf(one.data, one.seen);
    return { ...head, bodyHash: unb64(one.bodyHash), body, salt: new Uint8Array(), hash: unb64(one.hash) };
  }

  /** @private @param {segments.Envelope & {closed: boolean}} one */
  async keep(one) {
    const kept = { ...one, name: segments.nameOf(one), at: this.now(), carried: false, step: standing.HERE };
    await together(this.db, ["envelopes"], (tx) => tx.objectStore("envelopes").put(kept, [one.epoch, one.first]));
    this.envelopes = [...this.envelopes.filter((other) => other.epoch !== one.epoch || other.first !== one.first), outside(kept)];
  }

  /** @private Salts come from runs: those whose events are all sealed for good are not kept. */
  async pruneRuns() {
    const runs = this.runs.filter(([epoch, from, run]) => {
      const next = this.runs.find(([of, start]) => of === epoch && start > from);
      const open = this.tail(epoch);
      const needed = open.some((one) => one.seq >= from && (!next || one.seq < next[1]));
      return needed || (epoch === this.head.epoch && run === b64(this.run));
    });
    if (runs.length === this.runs.length) return;
    const sealed = await this.box.seal("meta", "runs", runs);
    await together(this.db, ["meta"], (tx) => tx.objectStore("meta").put(sealed, "runs"));
    this.runs = runs;
  }

  // --- what the server says ---------------------------------------------------------------------------------------------------------------------

  /** Every entry in the order of writing. @returns {Entry[]} */
  list() {
    return [...this.entries.values()];
  }

  /** @returns {standing.Own} */
  ownHashes() {
    const found = new Map();
    for (const one of this.entries.values()) {
      if (!found.has(one.epoch)) found.set(one.epoch, new Map());
      found.get(one.epoch).set(one.seq, one.hash);
    }
    for (const epoch of this.epochs) if (!found.has(epoch)) found.set(epoch, new Map());
    return found;
  }

  /** Epoch -> number the server has. */
  received() {
    return standing.receivedUpTo(this.ownHashes(), this.marks.have, this.marks.forgotten);
  }

  /** Epoch -> number that is safe in a backup. */
  safe() {
    return standing.receivedUpTo(this.ownHashes(), this.marks.safe, this.marks.forgotten);
  }

  /** The heads for `hello`. @returns {[string, number, string][]} */
  heads() {
    return this.epochs.flatMap((epoch) => {
      if (epoch === this.head.epoch) return this.head.seq ? [[epoch, this.head.seq, b64(this.head.hash)]] : [];
      const last = this.list().filter((one) => one.epoch === epoch).pop();
      return last ? [[epoch, last.seq, last.hash]] : [];
    });
  }

  /** Events whose outcome is not known, for `hello`. @param {number} [most] @returns {[string, number][]} */
  openEvents(most = 500) {
    const received = this.received();
    return this.list()
      .filter((one) => !standing.FINAL.has(one.state) && one.seq <= (received.get(one.epoch) ?? 0))
      .slice(0, most)
      .map((one) => [one.epoch, one.seq]);
  }

  /** Take in what the server has and what is safe. @param {[string, number, string][]} have @param {[string, number, string][]} [safe] @param {[string, number][]} [forks] */
  async learn(have, safe, forks = []) {
    const other = standing.otherHistory(this.ownHashes(), { ...this.head, hash: b64(this.head.hash) }, have, forks, this.marks.forgotten);
    this.marks = { ...this.marks, have, safe: safe ?? this.marks.safe };
    const sealed = await this.box.seal("meta", "have", this.marks);
    await together(this.db, ["meta"], (tx) => tx.objectStore("meta").put(sealed, "have"));
    await this.markEnvelopes();
    if (other) await this.openEpoch(other);
    this.say("outbox");
  }

  /** @private Steps stand on the envelopes in the open, so that a locked vault can say how much is unsent. */
  async markEnvelopes() {
    const received = this.received();
    const safe = this.safe();
    const carried = standing.carriedUpTo(this.envelopes);
    const moved = this.envelopes.flatMap((one) => {
      const step = standing.stepOf({ epoch: one.epoch, seq: one.first + one.count - 1 }, received, safe, carried);
      return step === one.step ? [] : [{ one, step }];
    });
    if (!moved.length) return;
    await together(this.db, ["envelopes"], async (tx) => {
      for (const { one, step } of moved) {
        const kept = await tx.objectStore("envelopes").get([one.epoch, one.first]);
        if (kept) await tx.objectStore("envelopes").put({ ...kept, step }, [one.epoch, one.first]);
      }
    });
    for (const { one, step } of moved) one.step = step;
  }

  /** Take in outcomes. @param {[string, number, string, string, string, string, any][]} outcomes @returns {Promise<Entry[]>} those that changed */
  async judge(outcomes) {
    /** @type {Entry[]} */
    const changed = [];
    for (const [epoch, seq, hash, state, reason, words, facts] of outcomes) {
      const entry = this.entries.get(`${epoch}:${seq}`);
      if (!entry || !entry.hash.startsWith(hash)) continue;
      const next = { state, reason: reason ?? "", words: words ?? "", facts: facts ?? {} };
      if (entry.state === state && entry.reason === next.reason) continue;
      Object.assign(entry, next, { told: entry.state === state && entry.told, passed: entry.passed && state !== "quarantined" });
      changed.push(entry);
    }
    if (changed.length) await this.keepMarks(changed);
    return changed;
  }

  /** The fruit of these came down: they need not be shown on top any more. @param {Entry[]} entries */
  async pass(entries) {
    const fresh = entries.filter((one) => !one.passed);
    for (const one of fresh) one.passed = true;
    if (fresh.length) await this.keepMarks(fresh);
    return fresh.length > 0;
  }

  /** The person has read it. @param {string} epoch @param {number} seq */
  async tell(epoch, seq) {
    const entry = this.entries.get(`${epoch}:${seq}`);
    if (!entry || entry.told) return;
    entry.told = true;
    await this.keepMarks([entry]);
    this.say("outbox");
  }

  /** @private @param {Entry[]} entries */
  async keepMarks(entries) {
    const rows = await Promise.all(
      entries.map(async ({ epoch, seq, state, reason, words, facts, told, passed }) => {
        const key = [epoch, seq];
        return { key, sealed: await this.box.seal("marks", key, { state, reason, words, facts, told, passed }) };
      }),
    );
    await together(this.db, ["marks"], (tx) => Promise.all(rows.map(({ key, sealed }) => tx.objectStore("marks").put(sealed, key))));
    this.say("outbox");
  }

  /** The closed envelopes that the server lacks. */
  unsent() {
    return standing.toSend(this.envelopes, this.received(), this.epochs);
  }

  /** Whole envelopes from the database. @param {standing.Sent[]} outsides @returns {Promise<segments.Envelope[]>} */
  async whole(outsides) {
    const found = await Promise.all(outsides.map((one) => this.db.get("envelopes", [one.epoch, one.first])));
    return found.filter(Boolean);
  }

  /** Another machine holds these. @param {string[]} names */
  async markCarried(names) {
    const these = new Set(names);
    const mine = this.envelopes.filter((one) => these.has(one.name) && !one.carried);
    await together(this.db, ["envelopes"], async (tx) => {
      for (const one of mine) {
        const kept = await tx.objectStore("envelopes").get([one.epoch, one.first]);
        if (kept) await tx.objectStore("envelopes").put({ ...kept, carried: true }, [one.epoch, one.first]);
      }
    });
    for (const one of mine) one.carried = true;
    await this.markEnvelopes();
    this.say("outbox");
  }

  /** Take the bodies of entries on these subjects away; the chain still holds. @param {string[]} subjects @returns {Promise<string[]>} the files they named */
  async erase(subjects) {
    await this.seal(true);
    const struck = this.list().filter((one) => one.data !== null && subjects.some((subject) => isOn(one, subject)));
    const files = struck.flatMap((one) => one.blobs);
    const rows = await Promise.all(
      struck.map(async (one) => {
        Object.assign(one, { data: null, seen: {}, label: "", words: "", facts: {}, ids: [], blobs: [], state: "erased" });
        const key = [one.epoch, one.seq];
        return { key, event: await this.box.seal("events", key, record(one)), mark: await this.box.seal("marks", key, marksOf(one)) };
      }),
    );
    await together(this.db, ["events", "marks"], (tx) =>
      Promise.all(rows.flatMap(({ key, event, mark }) => [tx.objectStore("events").put(event, key), tx.objectStore("marks").put(mark, key)])),
    );
    this.say("outbox");
    return files;
  }

  /** Let go of what is safe, judged and read, and three days old. */
  async forget() {
    const items = this.everything();
    const goes = items.filter((one) => standing.mayForget(one) && this.now() - one.at > KEEP_SETTLED);
    // From the front of each epoch only, so that what remains is one piece.
    const front = goes.filter((one) => items.every((other) => other.epoch !== one.epoch || other.seq >= one.seq || goes.includes(other)));
    if (!front.length) return 0;
    const forgotten = { ...this.marks.forgotten };
    for (const one of front) forgotten[one.epoch] = Math.max(forgotten[one.epoch] ?? 0, one.seq);
    const marks = { ...this.marks, forgotten };
    const sealed = await this.box.seal("meta", "have", marks);
    const done = this.envelopes.filter((one) => one.closed && one.first + one.count - 1 <= (forgotten[one.epoch] ?? 0));
    await together(this.db, ["meta", "events", "marks", "envelopes"], (tx) =>
      Promise.all([
        tx.objectStore("meta").put(sealed, "have"),
        ...front.flatMap((one) => [tx.objectStore("events").delete([one.epoch, one.seq]), tx.objectStore("marks").delete([one.epoch, one.seq])]),
        ...done.map((one) => tx.objectStore("envelopes").delete([one.epoch, one.first])),
      ]),
    );
    this.marks = marks;
    for (const one of front) this.entries.delete(`${one.epoch}:${one.seq}`);
    this.envelopes = this.envelopes.filter((one) => !done.includes(one));
    return front.length;
  }

  // --- for the pages ----------------------------------------------------------------------------------------------------------------------------

  /** What is not received yet or asks a question; with `all` everything that is still on this phone. @param {{all?: boolean}} [how] */
  items({ all = false } = {}) {
    return this.everything().filter((one) => all || one.step < standing.RECEIVED || (standing.QUESTIONS.has(one.state) && !one.told));
  }

  /** Every entry with its step and age. */
  everything() {
    const received = this.received();
    const safe = this.safe();
    const carried = standing.carriedUpTo(this.envelopes);
    const now = this.now();
    return this.list().map((one) => ({ ...one, step: standing.stepOf(one, received, safe, carried), age: Math.max(0, now - one.at) }));
  }

  /** One entry. @param {string} epoch @param {number | string} seq */
  item(epoch, seq) {
    return this.everything().find((one) => one.epoch === epoch && one.seq === Number(seq));
  }

  /** Counts for the pages. */
  summary() {
    const items = this.everything();
    const count = (/** @type {number} */ step) => items.filter((one) => one.step === step).length;
    const unsent = items.filter((one) => one.step < standing.RECEIVED);
    return {
      here: count(standing.HERE),
      carried: count(standing.CARRIED),
      received: count(standing.RECEIVED),
      safe: count(standing.SAFE),
      unsent: unsent.length,
      bytes: unsent.reduce((sum, one) => sum + one.bytes, 0),
      oldest: unsent.length ? Math.max(...unsent.map((one) => one.age)) : null,
      questions: items.filter((one) => standing.QUESTIONS.has(one.state) && !one.told).length,
      ...this.files(),
    };
  }

  /** Memory is emptied; what is on the phone stays. */
  close() {
    clearTimeout(this.timer);
    this.entries = new Map();
    this.runs = [];
    this.run = new Uint8Array();
    this.stopped = "locked";
  }
}

/** @param {any} one @returns {standing.Sent} */
function outside({ epoch, first, count, name, closed, carried, step }) {
  return { epoch, first, count, name, closed, carried, step };
}
