/**
 * A vault: what one person has on one phone. Everything in it is encrypted under keys that exist only while it is open.
 *
 * master (32 random bytes) -> HKDF -> the key of the rows (AES-256-GCM) and the key of look-ups (HMAC). The master is kept only wrapped: under
 * the passphrase (PBKDF2-SHA256, 600,000 rounds or more) and, where the phone can, under a passkey (WebAuthn PRF). Locking forgets every key;
 * then nothing can be read, by anybody. What the server must get is sealed to the server beforehand (outbox.js), so that a forgotten
 * passphrase strands nothing. A PIN alone is refused. No database here: db.js keeps what this module makes.
 *
 * @typedef {{salt: Uint8Array, rounds: number, iv: Uint8Array, wrapped: Uint8Array}} PassWrap
 * @typedef {{credential: Uint8Array, salt: Uint8Array, iv: Uint8Array, wrapped: Uint8Array}} PasskeyWrap
 */

import { canonical, utf8 } from "./canonical.js";
import { FieldRefused } from "./errors.js";

export const ROUNDS = 600_000;
export const SHORTEST = 12;
const IV = 12;
const COMMON = /^(?:katasandi|kata sandi|password|passphrase|simpul|indonesia|bismillah|qwerty\w*|rahasia|merdeka)[\d\s!.]*$/iu;
const COUNTED = "01234567890123456789";

/** Random bytes. @param {number} count */
export function random(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

/**
 * Is this a passphrase that a finder of the phone would not guess? Length decides, not odd signs.
 * @param {string} text @returns {{ok: boolean, reason: "" | "short" | "digits" | "same" | "common"}}
 */
export function checkPassphrase(text) {
  const plain = tidy(text);
  const signs = [...plain];
  if (signs.length && /^[\d\s.\-]+$/u.test(plain)) return { ok: false, reason: "digits" };
  if (signs.length < SHORTEST) return { ok: false, reason: "short" };
  if (new Set(signs).size < 5 || COUNTED.includes(plain)) return { ok: false, reason: "same" };
  if (COMMON.test(plain)) return { ok: false, reason: "common" };
  return { ok: true, reason: "" };
}

/** Blanks and the ways of writing one sign make no difference. @param {string} text */
function tidy(text) {
  return text.normalize("NFKC").trim().replace(/\s+/gu, " ");
}

// --- the master and its wrappings ---------------------------------------------------------------------------------------------------------

/** @param {Uint8Array} master @param {string} passphrase @param {number} [rounds] @returns {Promise<PassWrap>} */
export async function wrapWithPassphrase(master, passphrase, rounds = ROUNDS) {
  const salt = random(16);
  const key = await passphraseKey(passphrase, salt, rounds);
  return { salt, rounds, ...(await wrap(key, master)) };
}

/** The master again. Throws "vault.wrong". @param {PassWrap} given @param {string} passphrase @returns {Promise<Uint8Array>} */
export async function unwrapWithPassphrase(given, passphrase) {
  return unwrap(await passphraseKey(passphrase, given.salt, given.rounds), given);
}

/** @param {string} passphrase @param {Uint8Array} salt @param {number} iterations */
async function passphraseKey(passphrase, salt, iterations) {
  const typed = await crypto.subtle.importKey("raw", utf8(tidy(passphrase)), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** @param {CryptoKey} key @param {Uint8Array} master */
async function wrap(key, master) {
  const iv = random(IV);
  const how = { name: "AES-GCM", iv, additionalData: utf8("simpul-vault/1") };
  return { iv, wrapped: new Uint8Array(await crypto.subtle.encrypt(how, key, master)) };
}

/** @param {CryptoKey} key @param {{iv: Uint8Array, wrapped: Uint8Array}} given */
async function unwrap(key, given) {
  try {
    const how = { name: "AES-GCM", iv: given.iv, additionalData: utf8("simpul-vault/1") };
    return new Uint8Array(await crypto.subtle.decrypt(how, key, given.wrapped));
  } catch {
    throw new FieldRefused("vault.wrong");
  }
}

// --- the passkey --------------------------------------------------------------------------------------------------------------------------

/** Make a passkey on this phone and wrap the master under it; null where the browser has no PRF. @param {Uint8Array} master @param {string} label @param {string} brand @returns {Promise<PasskeyWrap | null>} */
export async function wrapWithPasskey(master, label, brand) {
  if (!globalThis.PublicKeyCredential) return null;
  const salt = random(32);
  /** @type {any} */
  const publicKey = {
    rp: { name: brand },
    user: { id: random(16), name: label, displayName: label },
    challenge: random(32),
    pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    extensions: { prf: { eval: { first: salt } } },
  };
  /** @type {any} */
  const made = await navigator.credentials.create({ publicKey });
  if (!made?.getClientExtensionResults().prf?.enabled) return null;
  const credential = new Uint8Array(made.rawId);
  const key = await passkeyKey(credential, salt);
  return { credential, salt, ...(await wrap(key, master)) };
}

/** The master again. Throws "vault.wrong", "vault.passkey" (the person turned away, or the phone has lost it). @param {PasskeyWrap} given */
export async function unwrapWithPasskey(given) {
  return unwrap(await passkeyKey(given.credential, given.salt), given);
}

/** @param {Uint8Array} id @param {Uint8Array} salt */
async function passkeyKey(id, salt) {
  /** @type {any} */
  const publicKey = {
    challenge: random(32),
    allowCredentials: [{ type: "public-key", id }],
    userVerification: "required",
    extensions: { prf: { eval: { first: salt } } },
  };
  /** @type {any} */
  const shown = await navigator.credentials.get({ publicKey }).catch(() => null);
  const secret = shown?.getClientExtensionResults().prf?.results?.first;
  if (!secret) throw new FieldRefused("vault.passkey");
  return derived(new Uint8Array(secret), "passkey", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]);
}

/** @param {Uint8Array} secret @param {string} what @param {any} kind @param {KeyUsage[]} uses */
async function derived(secret, what, kind, uses) {
  const from = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(`simpul-vault:${what}`) };
  return crypto.subtle.deriveKey(how, from, kind, false, uses);
}

// --- the open box -------------------------------------------------------------------------------------------------------------------------

/** Encrypts rows while a vault is open. The name of a row's place is bound to it, so that rows cannot be exchanged for one another. */
export class Box {
  /** @param {CryptoKey} rows @param {CryptoKey} look */
  constructor(rows, look) {
    /** @type {CryptoKey | null} */
    this.rows = rows;
    /** @type {CryptoKey | null} */
    this.look = look;
  }

  /** @param {Uint8Array} master @returns {Promise<Box>} */
  static async of(master) {
    const rows = await derived(master, "rows", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]);
    const look = await derived(master, "look", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]);
    return new Box(rows, look);
  }

  get isOpen() {
    return this.rows !== null;
  }

  /** Every key is forgotten. */
  forget() {
    this.rows = null;
    this.look = null;
  }

  /** @param {string} store @param {IDBValidKey} key @param {Uint8Array} plain @returns {Promise<Uint8Array>} */
  async sealBytes(store, key, plain) {
    const iv = random(IV);
    const how = { name: "AES-GCM", iv, additionalData: placeOf(store, key) };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(how, this.key(), plain));
    const whole = new Uint8Array(IV + sealed.length);
    whole.set(iv);
    whole.set(sealed, IV);
    return whole;
  }

  /** Throws "vault.damaged". @param {string} store @param {IDBValidKey} key @param {Uint8Array} sealed @returns {Promise<Uint8Array>} */
  async openBytes(store, key, sealed) {
    const rows = this.key();
    try {
      const how = { name: "AES-GCM", iv: sealed.slice(0, IV), additionalData: placeOf(store, key) };
      return new Uint8Array(await crypto.subtle.decrypt(how, rows, sealed.slice(IV)));
    } catch {
      throw new FieldRefused("vault.damaged", { store, key });
    }
  }

  /** @param {string} store @param {IDBValidKey} key @param {unknown} value */
  seal(store, key, value) {
    return this.sealBytes(store, key, utf8(JSON.stringify(value)));
  }

  /** @param {string} store @param {IDBValidKey} key @param {Uint8Array} sealed @returns {Promise<any>} */
  async open(store, key, sealed) {
    return JSON.parse(new TextDecoder().decode(await this.openBytes(store, key, sealed)));
  }

  /** A name under which something can be found and that tells nothing. @param {string} text @returns {Promise<string>} */
  async nameOf(text) {
    if (!this.look) throw new FieldRefused("vault.locked");
    const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", this.look, utf8(text)));
    return Array.from(bytes.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** @private */
  key() {
    if (!this.rows) throw new FieldRefused("vault.locked");
    return this.rows;
  }
}

/** @param {string} store @param {IDBValidKey} key */
function placeOf(store, key) {
  return canonical(["simpul-row", 1, store, /** @type {any} */ (key)]);
}

// --- the lock ---------------------------------------------------------------------------------------------------------------------------------

/** Locks after five minutes without a sign of life, also when the phone slept meanwhile; warns half a minute before. */
export class LockTimer {
  /** @param {{after?: number, warn?: number, onWarn: (seconds: number) => void, onOver: () => void, now?: () => number}} given milliseconds */
  constructor({ after = 300_000, warn = 30_000, onWarn, onOver, now = Date.now }) {
    this.after = after;
    this.warn = warn;
    this.onWarn = onWarn;
    this.onOver = onOver;
    this.now = now;
    this.last = now();
    this.warned = false;
    this.ticking = setInterval(() => this.look(), 5000);
    /** @type {any} */ (this.ticking).unref?.();
  }

  /** A sign of life. */
  touch() {
    this.last = this.now();
    this.warned = false;
  }

  /** Compare with the clock; a clock that was put back counts as a sign of life, one that jumped ahead locks. */
  look() {
    const idle = this.now() - this.last;
    if (idle < -1000) this.touch();
    else if (idle >= this.after) {
      this.stop();
      this.onOver();
    } else if (idle >= this.after - this.warn && !this.warned) {
      this.warned = true;
      this.onWarn(Math.ceil((this.after - idle) / 1000));
    }
  }

  stop() {
    clearInterval(this.ticking);
  }
}

/** How long to wait after so many wrong passphrases in a row (seconds): nobody may try them one after the other. @param {number} tries */
export function waitAfter(tries) {
  return tries < 5 ? 0 : Math.min(900, 15 * 2 ** (tries - 5));
}
