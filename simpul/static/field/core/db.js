/**
 * The databases of the app. One small one lists the vaults of this phone (labels and wrapped keys, nothing else); each vault has its own.
 *
 * Of a vault's rows only this is readable without its key: positions in the chain (epoch, number, hash), names of tables, and envelopes, which
 * are sealed to the server. Every write is one transaction with strict durability: it happened, or it did not.
 *
 * A *canary* (the last position of the chain) stands in localStorage and in the Cache storage as well: when the database is older than one of
 * them, it was restored or lost writes, and a new epoch begins.
 */

import { openDB, deleteDB } from "../../vendor/field/idb/8.0.4/idb.min.js";
import { FieldRefused } from "./errors.js";

const REGISTRY = "simpul-field";
const STORES = ["meta", "events", "marks", "envelopes", "drafts", "rows", "blobs", "bodies", "carried"];

/** @returns {Promise<any>} */
function registry() {
  return openDB(REGISTRY, 1, { upgrade: (/** @type {any} */ db) => void db.createObjectStore("vaults", { keyPath: "id" }) });
}

/** Every vault's public record. @returns {Promise<any[]>} */
export async function vaults() {
  const db = await registry();
  try {
    return await db.getAll("vaults");
  } finally {
    db.close();
  }
}

/** @param {string} id @returns {Promise<any>} */
export async function vault(id) {
  const db = await registry();
  try {
    return await db.get("vaults", id);
  } finally {
    db.close();
  }
}

/** Change a vault's public record in one transaction. @param {string} id @param {(record: any) => any} change @returns {Promise<any>} */
export async function changeVault(id, change) {
  const db = await registry();
  try {
    const tx = db.transaction("vaults", "readwrite", { durability: "strict" });
    const next = change((await tx.store.get(id)) ?? null);
    if (next === null) await tx.store.delete(id);
    else await tx.store.put(next);
    await tx.done;
    return next;
  } catch (fault) {
    throw await explained(fault);
  } finally {
    db.close();
  }
}

/** @param {string} id */
function nameOf(id) {
  return `simpul-vault-${id}`;
}

/** @param {string} id @param {() => void} [onClosed] the browser closed it (storage was cleared) @returns {Promise<any>} */
export async function openVault(id, onClosed) {
  try {
    return await openDB(nameOf(id), 1, {
      upgrade(/** @type {any} */ db) {
        for (const store of STORES) db.createObjectStore(store);
      },
      blocking(/** @type {unknown} */ _now, /** @type {unknown} */ _wanted, /** @type {any} */ event) {
        event.target.close(); // It is being deleted: nothing may hold it.
        onClosed?.();
      },
      terminated: onClosed,
    });
  } catch (fault) {
    throw await explained(fault);
  }
}

/** @param {string} id */
export async function deleteVault(id) {
  await deleteDB(nameOf(id));
  await changeVault(id, () => null);
  forgetCanary(id);
}

/**
 * One transaction over some stores, all or nothing. `work` may await only the requests of its own transaction: encrypt beforehand.
 * @template T @param {any} db @param {string[]} stores @param {(tx: any) => Promise<T> | T} work @returns {Promise<T>}
 */
export async function together(db, stores, work) {
  let tx;
  try {
    tx = db.transaction(stores, "readwrite", { durability: "strict" });
    const done = tx.done.catch((/** @type {unknown} */ fault) => fault);
    let found;
    try {
      found = await work(tx);
    } catch (fault) {
      try {
        tx.abort();
      } catch {
        // It is over already.
      }
      await done;
      throw fault;
    }
    const fault = await done;
    if (fault) throw fault;
    return found;
  } catch (fault) {
    throw await explained(fault);
  }
}

/** A fault of the browser's storage as a refusal. @param {any} fault */
export async function explained(fault) {
  if (fault instanceof FieldRefused) return fault;
  const name = fault?.name ?? "";
  if (name === "QuotaExceededError" || fault?.inner?.name === "QuotaExceededError") return new FieldRefused("save.full", await room());
  if (name === "InvalidStateError" || name === "TransactionInactiveError") return new FieldRefused("vault.closed");
  if (name === "UnknownError" || name === "DataError" || name === "NotReadableError") return new FieldRefused("vault.damaged", { why: String(fault) });
  if (name === "AbortError") return new FieldRefused("save.full", await room());
  return fault;
}

/** What the browser says of the room on this phone, in bytes. @returns {Promise<{used: number | null, quota: number | null}>} */
export async function room() {
  try {
    const { usage, quota } = await navigator.storage.estimate();
    return { used: usage ?? null, quota: quota ?? null };
  } catch {
    return { used: null, quota: null };
  }
}

// --- the canary ---------------------------------------------------------------------------------------------------------------------------------

const CANARIES = "simpul-canary";

/** @param {string} id */
function canaryAddress(id) {
  return `/lapangan/canary/${id}`;
}

/** Put the last position down elsewhere. @param {string} id @param {string} epoch @param {number} seq */
export async function setCanary(id, epoch, seq) {
  const words = `${epoch}:${seq}`;
  try {
    localStorage.setItem(`simpul:canary:${id}`, words);
  } catch {
    // Full or switched off: the other one remains.
  }
  try {
    const cache = await caches.open(CANARIES);
    await cache.put(canaryAddress(id), new Response(words));
  } catch {
    // As above.
  }
}

/** The positions that are known elsewhere. @param {string} id @returns {Promise<{epoch: string, seq: number}[]>} */
export async function canaries(id) {
  const found = [];
  try {
    found.push(localStorage.getItem(`simpul:canary:${id}`));
  } catch {
    // Switched off.
  }
  try {
    const cache = await caches.open(CANARIES);
    found.push((await (await cache.match(canaryAddress(id)))?.text()) ?? null);
  } catch {
    // As above.
  }
  return found.flatMap((words) => {
    const [epoch, seq] = (words ?? "").split(":");
    return epoch && Number.isInteger(Number(seq)) ? [{ epoch, seq: Number(seq) }] : [];
  });
}

/** @param {string} id */
function forgetCanary(id) {
  try {
    localStorage.removeItem(`simpul:canary:${id}`);
  } catch {
    // Switched off.
  }
  if (globalThis.caches) void caches.open(CANARIES).then((cache) => cache.delete(canaryAddress(id))).catch(() => undefined);
}

/**
 * Does what stands elsewhere fit the head of the database? A database may be ahead (it is written first), never behind.
 * @param {{epoch: string, seq: number} | null} head @param {{epoch: string, seq: number}[]} known @param {string[]} epochs every epoch the database has known
 * @returns {"" | "canary" | "restore"}
 */
export function compareCanaries(head, known, epochs) {
  if (!head || head.seq === 0) return known.some((one) => !head || one.epoch !== head.epoch ? !epochs.includes(one.epoch) : one.seq > 0) ? "restore" : "";
  if (!known.length) return "canary";
  const behind = known.some((one) => (one.epoch === head.epoch ? one.seq > head.seq : !epochs.includes(one.epoch)));
  return behind ? "restore" : "";
}

// --- one writer ---------------------------------------------------------------------------------------------------------------------------------

/**
 * Hold a vault for this page alone. Throws "vault.elsewhere" when another page has it, unless `takeOver`.
 * @param {string} id @param {boolean} takeOver @param {() => void} onLost another page took it over @returns {Promise<() => void>} gives it back
 */
export async function holdVault(id, takeOver, onLost) {
  if (!navigator.locks) return () => undefined;
  return new Promise((resolve, reject) => {
    /** @type {() => void} */
    let release = () => undefined;
    const kept = new Promise((free) => {
      release = () => free(undefined);
    });
    const how = takeOver ? { steal: true } : { ifAvailable: true };
    navigator.locks
      .request(`simpul-vault-${id}`, how, async (lock) => {
        if (!lock) {
          reject(new FieldRefused("vault.elsewhere"));
          return;
        }
        resolve(release);
        await kept;
      })
      .catch(() => onLost());
  });
}
