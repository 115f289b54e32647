/**
 * The one door of the core: which vaults are on this phone, enrolling, unlocking, and what may be done without a passphrase.
 *
 * What is kept of a locked vault in the open: its label, the server, its wrapped keys, and envelopes that only the server can open.
 */

import { b64, unb64 } from "./canonical.js";
import * as bundle from "./bundle.js";
import * as db from "./db.js";
import { FieldRefused } from "./errors.js";
import { uuid7 } from "./ids.js";
import { own } from "./entries.js";
import * as sealing from "./sealing.js";
import * as segments from "./segments.js";
import { Session } from "./session.js";
import * as standing from "./standing.js";
import { carried } from "./sync.js";
import * as vault from "./vault.js";
import { Wire } from "./wire.js";

export { FieldRefused, own };
export const checkPassphrase = vault.checkPassphrase;

/** @typedef {{id: string, label: string, brand: string, language: string, server: string, passkey: boolean, unsent: {events: number, bytes: number}, waitUntil: number}} VaultLabel */

// --- which vaults -----------------------------------------------------------------------------------------------------------------------------

/** @returns {Promise<VaultLabel[]>} */
export async function listVaults() {
  const records = await db.vaults();
  const found = await Promise.all(
    records.map(async (record) => ({
      id: record.id, label: record.label, brand: record.told?.brand ?? "", language: record.told?.language ?? "id", server: record.server,
      passkey: Boolean(record.passkey), unsent: await unsentOf(record.id), waitUntil: record.waitUntil ?? 0,
    })),
  );
  return found.sort((a, b) => a.label.localeCompare(b.label));
}

/** @param {string} id @returns {Promise<any[]>} sealed envelopes that the server is not known to have */
async function waitingEnvelopes(id) {
  const base = await db.openVault(id);
  try {
    const all = await base.getAll("envelopes");
    return all.filter((/** @type {any} */ one) => one.step < standing.RECEIVED);
  } finally {
    base.close();
  }
}

/** @param {string} id */
async function unsentOf(id) {
  const waiting = await waitingEnvelopes(id).catch(() => []);
  return { events: waiting.reduce((sum, one) => sum + one.count, 0), bytes: waiting.reduce((sum, one) => sum + one.sealed.length, 0) };
}

// --- enrolling --------------------------------------------------------------------------------------------------------------------------------

/** Keys of an enrolment whose answer was lost: the same keys with the same code get the same device. @type {Map<string, Promise<[sealing.KeyWords, sealing.KeyWords]>>} */
const begun = new Map();

/**
 * Make a vault by an invitation. Throws "enrol.code", "enrol.passphrase", "enrol.refused", "net.failed".
 * @param {{server?: string, code: string, name?: string, passphrase: string, app: string, label?: string, ask?: typeof fetch}} given @returns {Promise<Session>}
 */
export async function enrol({ server = "", code, name = "", passphrase, app, label, ask }) {
  const fine = checkPassphrase(passphrase);
  if (!fine.ok) throw new FieldRefused("enrol.passphrase", { reason: fine.reason });
  const origin = server || (globalThis.location?.origin ?? "");
  const plain = code.toUpperCase().replace(/[^0-9A-Z]/g, "");
  if (!begun.has(plain)) begun.set(plain, Promise.all([sealing.newSignKey(), sealing.newSealKey()]));
  const [sign, seal] = await /** @type {Promise<[sealing.KeyWords, sealing.KeyWords]>} */ (begun.get(plain));
  const request = { code: plain, algorithm: sign.algorithm, sign: b64(sign.public), seal: b64(seal.public), name, app };
  const { status, body } = await new Wire(origin, ask).call("enrol", { json: request, token: false });
  if (status === 404) throw new FieldRefused("enrol.code");
  if (status !== 201 || !body?.device) throw new FieldRefused("enrol.refused", { status, code: body?.code });
  const master = vault.random(32);
  const box = await vault.Box.of(master);
  const id = body.device;
  const keys = await box.seal("vaults", id, { sign: wordsOf(sign), seal: wordsOf(seal) });
  const record = {
    id, label: label ?? body.label, server: origin, told: body.server, serverSeal: body.server.seal, seat: body.seat, areas: body.areas,
    lease_until: body.lease_until, keys, pass: await vault.wrapWithPassphrase(master, passphrase), passkey: null, tries: 0, waitUntil: 0, made: Date.now(),
  };
  await db.changeVault(id, () => publicRecord(record));
  begun.delete(plain);
  const session = await opened(record, master, { app, ask });
  await session.heard({ now: body.now, scope_version: body.scope_version, areas: body.areas, lease_until: body.lease_until, seat: body.seat, generation: body.server.generation });
  session.sync.start();
  return session;
}

/** What the list of vaults keeps: who sits where is inside. @param {any} record */
function publicRecord({ seat: _seat, areas: _areas, lease_until: _lease, ...rest }) {
  return rest;
}

/** @param {sealing.KeyWords} one */
function wordsOf(one) {
  return { algorithm: one.algorithm, private: b64(one.private), public: b64(one.public) };
}

// --- unlocking --------------------------------------------------------------------------------------------------------------------------------

/**
 * Throws "vault.gone", "vault.wait", "vault.wrong", "vault.passkey", "vault.elsewhere", "vault.damaged".
 * @param {string} id @param {{passphrase?: string, passkey?: boolean}} by @param {{takeOver?: boolean, app?: string, ask?: typeof fetch, sync?: boolean}} [how] @returns {Promise<Session>}
 */
export async function unlock(id, by, { takeOver = false, app = "", ask, sync = true } = {}) {
  const record = await db.vault(id);
  if (!record) throw new FieldRefused("vault.gone");
  const master = await masterOf(record, by);
  const session = await opened(record, master, { app, ask, takeOver });
  if (sync) session.sync.start();
  return session;
}

/** @param {any} record @param {{passphrase?: string, passkey?: boolean}} by @returns {Promise<Uint8Array>} */
async function masterOf(record, by) {
  const now = Date.now();
  // A clock that was put back shortens nothing and lengthens nothing beyond a quarter of an hour.
  if (record.waitUntil > now && record.waitUntil - now < 1_000_000) throw new FieldRefused("vault.wait", { wait: Math.ceil((record.waitUntil - now) / 1000) });
  try {
    const master = by.passkey ? await vault.unwrapWithPasskey(record.passkey) : await vault.unwrapWithPassphrase(record.pass, by.passphrase ?? "");
    if (record.tries) await db.changeVault(record.id, (one) => one && { ...one, tries: 0, waitUntil: 0 });
    return master;
  } catch (fault) {
    if (!(fault instanceof FieldRefused) || fault.code !== "vault.wrong") throw fault;
    const next = await db.changeVault(record.id, (one) => one && { ...one, tries: (one.tries ?? 0) + 1, waitUntil: now + vault.waitAfter((one.tries ?? 0) + 1) * 1000 });
    throw new FieldRefused("vault.wrong", { tries: next?.tries ?? 1, wait: vault.waitAfter(next?.tries ?? 1) });
  }
}

/** @param {any} record @param {Uint8Array} master @param {{app: string, ask?: typeof fetch, takeOver?: boolean}} how @returns {Promise<Session>} */
async function opened(record, master, { app, ask, takeOver = false }) {
  /** @type {Session | null} */
  let session = null;
  const release = await db.holdVault(record.id, takeOver, () => void session?.lock("elsewhere"));
  try {
    const box = await vault.Box.of(master);
    master.fill(0);
    const words = await box.open("vaults", record.id, record.keys);
    const keys = { sign: await sealing.signKey(keyOf(words.sign)), seal: await sealing.sealKey(keyOf(words.seal)) };
    const base = await db.openVault(record.id, () => void session?.lock("closed"));
    const addMaster = async (/** @type {(master: Uint8Array) => Promise<void>} */ work, /** @type {string} */ passphrase) => {
      const again = await masterOf(await db.vault(record.id), { passphrase });
      await work(again);
      again.fill(0);
    };
    session = withKeys(new Session({ record, db: base, box, keys, app, release, addMaster, ask }));
    await session.load();
    return session;
  } catch (fault) {
    release();
    throw fault;
  }
}

/** @param {{algorithm: string, private: string, public: string}} one @returns {sealing.KeyWords} */
function keyOf(one) {
  return { algorithm: one.algorithm, private: unb64(one.private), public: unb64(one.public) };
}

/** What a session may do with its wrappings. @param {Session} session @returns {Session} */
function withKeys(session) {
  return Object.assign(session, {
    /** Throws "vault.wrong", "enrol.passphrase". @param {string} old @param {string} next */
    async changePassphrase(old, next) {
      const fine = checkPassphrase(next);
      if (!fine.ok) throw new FieldRefused("enrol.passphrase", { reason: fine.reason });
      await session.addMaster(async (master) => {
        const pass = await vault.wrapWithPassphrase(master, next);
        await db.changeVault(session.id, (one) => one && { ...one, pass });
      }, old);
    },
    /** @param {string} passphrase @returns {Promise<boolean>} false where the browser has no PRF */
    async addPasskey(passphrase) {
      let made = false;
      await session.addMaster(async (master) => {
        const passkey = await vault.wrapWithPasskey(master, session.label, session.server.brand ?? "Simpul").catch(() => null);
        made = Boolean(passkey);
        if (passkey) await db.changeVault(session.id, (one) => one && { ...one, passkey });
      }, passphrase);
      return made;
    },
    async removePasskey() {
      await db.changeVault(session.id, (one) => one && { ...one, passkey: null });
    },
  });
}

// --- without the passphrase -------------------------------------------------------------------------------------------------------------------

/** Sealed envelopes that leave a locked phone are closed: the open one goes on behind them. @param {string} id @returns {Promise<segments.Envelope[]>} */
async function leaving(id) {
  const waiting = await waitingEnvelopes(id);
  const base = await db.openVault(id);
  try {
    await db.together(base, ["envelopes"], (tx) =>
      Promise.all(waiting.filter((one) => !one.closed).map((one) => tx.objectStore("envelopes").put({ ...one, closed: true }, [one.epoch, one.first]))),
    );
  } finally {
    base.close();
  }
  return waiting;
}

/** A bundle of what a locked vault has not sent: nobody needs the passphrase for it, and only the server can read it. @param {string} id @returns {Promise<Blob>} */
export async function exportLocked(id) {
  const release = await db.holdVault(id, false, () => undefined);
  try {
    const envelopes = await leaving(id);
    // Nobody can sign for a locked vault: the bundle names a maker that nobody knows, and the envelopes' own signatures are what counts.
    const data = bundle.write(Math.max(0, Date.now()), uuid7(), [["envelopes", segments.write(envelopes)]], new Uint8Array());
    return new Blob([/** @type {any} */ (data)], { type: "application/octet-stream" });
  } finally {
    release();
  }
}

/** The same over a network: to the server itself ("") or to a machine that carries. @param {string} id @param {string} base @param {typeof fetch} [ask] */
export async function carryLocked(id, base, ask) {
  const release = await db.holdVault(id, false, () => undefined);
  try {
    const record = await db.vault(id);
    const found = await carried(new Wire(base || record?.server || "", ask), await leaving(id));
    return found.counts;
  } finally {
    release();
  }
}

/** Take a vault off this phone. Throws "vault.unsent" unless its entries were copied. @param {string} id @param {{copied?: boolean}} [how] */
export async function removeVault(id, { copied = false } = {}) {
  const unsent = await unsentOf(id);
  if (unsent.events && !copied) throw new FieldRefused("vault.unsent", unsent);
  const release = await db.holdVault(id, false, () => undefined);
  try {
    await db.deleteVault(id);
  } finally {
    release();
  }
}

// --- the phone --------------------------------------------------------------------------------------------------------------------------------

/** What this phone and browser can do. */
export async function health() {
  const { used, quota } = await db.room();
  return {
    persisted: (await navigator.storage?.persisted?.().catch(() => null)) ?? null,
    used,
    quota,
    installed: Boolean(globalThis.matchMedia?.("(display-mode: standalone)").matches),
    indexedDB: Boolean(globalThis.indexedDB),
    crypto: Boolean(globalThis.crypto?.subtle),
    ed25519: Boolean(globalThis.crypto?.subtle) && (await sealing.knowsEd25519()),
    locks: Boolean(navigator.locks),
    compression: Boolean(globalThis.CompressionStream) && compresses(),
    camera: Boolean(navigator.mediaDevices?.getUserMedia),
    passkey: Boolean(globalThis.PublicKeyCredential),
  };
}

function compresses() {
  try {
    return Boolean(new CompressionStream("deflate-raw"));
  } catch {
    return false;
  }
}

/** Ask the browser never to clear this storage by itself. @returns {Promise<boolean | null>} null: it cannot say */
export async function askToKeep() {
  return (await navigator.storage?.persist?.().catch(() => null)) ?? null;
}

/** What is in a bundle, without taking it. @param {Blob | Uint8Array | string} given */
export async function inspectBundle(given) {
  const found = bundle.read(bundle.fromAnything(given instanceof Blob ? new Uint8Array(await given.arrayBuffer()) : given));
  const envelopes = found.parts.flatMap((part) => (part.t === "envelopes" && part.content ? segments.read(part.content) : []));
  return {
    made: found.made, by: found.by, faults: found.faults, signed: found.signature.length > 0,
    parts: found.parts.map(({ t, n, h, fault }) => ({ t, n, h, ok: !fault })),
    envelopes: envelopes.map(({ device, epoch, first, count }) => ({ device, epoch, first, count })),
  };
}

/** What a bundle's file is called. @param {Session} session @param {string} [ending] */
export function bundleName(session, ending = "simpul") {
  const day = new Date().toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
  return `simpul-${session.device.slice(0, 8)}-${day}.${ending}`;
}
