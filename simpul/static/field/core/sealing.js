/**
 * Sealing to a recipient (HPKE, RFC 9180) and signing with this device's key: the twin of simpul/lib/sealing.py.
 * Ed25519 where the browser knows it, else ECDSA over P-256; keys come back from their wrapping as keys that cannot be exported.
 *
 * @typedef {{algorithm: "ed25519" | "p256", key: CryptoKey, public: Uint8Array}} SignKey
 * @typedef {{pair: CryptoKeyPair, public: Uint8Array}} SealKey
 * @typedef {{algorithm: string, private: Uint8Array, public: Uint8Array}} KeyWords a key as bytes (PKCS #8), only to be wrapped
 */

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "../../vendor/field/hpke/1.9.0/hpke.min.js";
import { hex } from "./canonical.js";
import { FieldRefused } from "./errors.js";
import { sha256 } from "./sha256.js";

export const OVERHEAD = 81;
const ENC = 65;
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const P256_SIGN = { name: "ECDSA", hash: "SHA-256" };
const ECDH = { name: "ECDH", namedCurve: "P-256" };
/** @type {any} */
let suite;

function theSuite() {
  suite ??= new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  return suite;
}

/** Eight hex signs that name a public key. @param {Uint8Array} key */
export function keyId(key) {
  return hex(sha256(key)).slice(0, 8);
}

/** Seal to a public key (65 bytes); `info` binds it to its place. @param {Uint8Array} to @param {Uint8Array} plain @param {Uint8Array} info @returns {Promise<Uint8Array>} */
export async function seal(to, plain, info) {
  const recipientPublicKey = await crypto.subtle.importKey("raw", whole(to), ECDH, true, []);
  const { ct, enc } = await theSuite().seal({ recipientPublicKey, info: whole(info) }, whole(plain));
  const sealed = new Uint8Array(ENC + ct.byteLength);
  sealed.set(new Uint8Array(enc));
  sealed.set(new Uint8Array(ct), ENC);
  return sealed;
}

/** Open what was sealed to this device. Throws FieldRefused "seal.cannot_open". @param {SealKey} key @param {Uint8Array} sealed @param {Uint8Array} info @returns {Promise<Uint8Array>} */
export async function open(key, sealed, info) {
  try {
    const given = { recipientKey: key.pair, enc: whole(sealed.slice(0, ENC)), info: whole(info) };
    return new Uint8Array(await theSuite().open(given, whole(sealed.slice(ENC))));
  } catch {
    throw new FieldRefused("seal.cannot_open");
  }
}

/** The bytes as a buffer of their own, which every version of the interfaces takes. @param {Uint8Array} part @returns {ArrayBuffer} */
function whole(part) {
  return part.slice().buffer;
}

// --- keys of a device ----------------------------------------------------------------------------------------------------------------------

/** True when this browser signs with Ed25519. */
export async function knowsEd25519() {
  try {
    await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}

/** New signing keys, as bytes that must be wrapped at once. @returns {Promise<KeyWords>} */
export async function newSignKey() {
  const algorithm = (await knowsEd25519()) ? "ed25519" : "p256";
  const kind = algorithm === "ed25519" ? { name: "Ed25519" } : P256;
  return words(algorithm, await crypto.subtle.generateKey(kind, true, ["sign", "verify"]));
}

/** New keys that others seal to, as bytes that must be wrapped at once. @returns {Promise<KeyWords>} */
export async function newSealKey() {
  return words("p256", await crypto.subtle.generateKey(ECDH, true, ["deriveBits"]));
}

/** @param {string} algorithm @param {any} pair @returns {Promise<KeyWords>} */
async function words(algorithm, pair) {
  return {
    algorithm,
    private: new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)),
    public: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)),
  };
}

/** The signing key for use; it cannot be exported. @param {KeyWords} given @returns {Promise<SignKey>} */
export async function signKey(given) {
  const kind = given.algorithm === "ed25519" ? { name: "Ed25519" } : P256;
  const key = await crypto.subtle.importKey("pkcs8", whole(given.private), kind, false, ["sign"]);
  return { algorithm: /** @type {"ed25519" | "p256"} */ (given.algorithm), key, public: given.public };
}

/** The key that opens, for use; it cannot be exported. @param {KeyWords} given @returns {Promise<SealKey>} */
export async function sealKey(given) {
  const privateKey = await crypto.subtle.importKey("pkcs8", whole(given.private), ECDH, false, ["deriveBits"]);
  const publicKey = await crypto.subtle.importKey("raw", whole(given.public), ECDH, true, []);
  return { pair: { privateKey, publicKey }, public: given.public };
}

/** 64 bytes. @param {SignKey} key @param {Uint8Array} data @returns {Promise<Uint8Array>} */
export async function sign(key, data) {
  const how = key.algorithm === "ed25519" ? { name: "Ed25519" } : P256_SIGN;
  return new Uint8Array(await crypto.subtle.sign(how, key.key, whole(data)));
}

/** True when this key signed exactly `data`. @param {string} algorithm @param {Uint8Array} key @param {Uint8Array} data @param {Uint8Array} signature */
export async function signedBy(algorithm, key, data, signature) {
  try {
    const kind = algorithm === "ed25519" ? { name: "Ed25519" } : P256;
    const how = algorithm === "ed25519" ? kind : P256_SIGN;
    const imported = await crypto.subtle.importKey("raw", whole(key), kind, true, ["verify"]);
    return signature.length === 64 && (await crypto.subtle.verify(how, imported, whole(signature), whole(data)));
  } catch {
    return false;
  }
}
