// The signed code on a letter, read and judged without a network: the twin of simpul/letters/rules/proof.py and validity.py.
// Both are held together by tests/vectors/letters. Days are texts, "2026-11-23": they compare as they sort.

const PREFIX = "SL1:";
const ANY_PREFIX = /^SL[0-9]{1,3}:/;
const DIGEST = 16;
const SIGNATURE = 64;
const FIELDS = 7;
const LONGEST = 600;
const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const FORMAT = "simpul-surat-kunci-1";

export const GENUINE = new Set(["valid", "expired", "superseded", "revoked", "cancelled"]);

/** RFC 9285. Null when the text is none. @param {string} words @returns {Uint8Array | null} */
export function fromBase45(words) {
  if (words.length % 3 === 1) return null;
  /** @type {number[]} */
  const data = [];
  for (let place = 0; place < words.length; place += 3) {
    const group = [...words.slice(place, place + 3)].map((sign) => SIGNS.indexOf(sign));
    const number = group.reduce((sum, value, power) => sum + value * 45 ** power, 0);
    if (group.includes(-1) || number >= 256 ** (group.length - 1)) return null;
    if (group.length === 3) data.push(number >> 8);
    data.push(number & 255);
  }
  return Uint8Array.from(data);
}

/** @param {string} text @returns {string} */
function day(text) {
  if (!/^[0-9]{6}$/.test(text)) return "";
  const told = `20${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4)}`;
  const made = new Date(`${told}T00:00:00Z`);
  return !Number.isNaN(made.getTime()) && made.toISOString().slice(0, 10) === told ? told : "";
}

/** @param {Uint8Array} data */
export function hex(data) {
  return [...data].map((one) => one.toString(16).padStart(2, "0")).join("");
}

/** @param {string} text @returns {Uint8Array} */
export function unhex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** A code as it was scanned or pasted; {reason} when it is none. @param {string} given */
export function read(given) {
  const text = given.replace(/[\r\n\t]/g, "").replace(/^ +| +$/g, "");
  if (!ANY_PREFIX.test(text) || text.length > LONGEST) return { reason: "unreadable" };
  if (!text.startsWith(PREFIX)) return { reason: "newer_format" };
  const data = fromBase45(text.slice(PREFIX.length));
  if (!data || data.length <= DIGEST + SIGNATURE) return { reason: "unreadable" };
  const head = data.slice(0, data.length - DIGEST - SIGNATURE);
  let told = "";
  try {
    told = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(head);
  } catch {
    return { reason: "unreadable" };
  }
  const parts = told.split("|");
  const [date, until] = [day(parts[3] ?? ""), parts[5] ? day(parts[5]) : ""];
  if (parts.length !== FIELDS + 1 || parts[FIELDS] || !date || (parts[5] && !until)) return { reason: "unreadable" };
  return {
    reason: "",
    fields: { region_code: parts[0], number: parts[1], type_code: parts[2], letter_date: date, name: parts[4], valid_until: until, key_code: parts[6] },
    digest: hex(data.slice(data.length - DIGEST - SIGNATURE, data.length - SIGNATURE)),
    signed: data.slice(0, data.length - SIGNATURE),
    signature: data.slice(data.length - SIGNATURE),
  };
}

/** The tomorrow of a day. @param {string} today */
function tomorrow(today) {
  const made = new Date(`${today}T00:00:00Z`);
  made.setUTCDate(made.getUTCDate() + 1);
  return made.toISOString().slice(0, 10);
}

/**
 * Whether a code is true on a day.
 * @param {string} text
 * @param {{keys: {code: string, village: string, name: string, public: string, retired: string}[], taken_back: Record<string, string>}} known
 * @param {string} today
 * @param {(key: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>} verify
 */
export async function judge(text, known, today, verify) {
  const code = read(text);
  if (code.reason || !code.fields) return { state: code.reason };
  const { fields, digest } = code;
  const key = known.keys.find((one) => one.code === fields.key_code);
  if (!key) return { state: "unknown_key", fields, digest };
  const about = { fields, digest, village: key.name };
  const message = new Uint8Array([...new TextEncoder().encode(PREFIX), ...code.signed]);
  if (!(await verify(unhex(key.public), message, code.signature))) return { state: "forged", ...about };
  if (key.village !== fields.region_code) return { state: "other_village", ...about };
  if (key.retired && fields.letter_date > key.retired) return { state: "key_retired", ...about };
  if (fields.letter_date > tomorrow(today)) return { state: "from_tomorrow", ...about };
  const taken = known.taken_back[digest];
  if (taken) return { state: taken, ...about };
  return { state: fields.valid_until && today > fields.valid_until ? "expired" : "valid", ...about };
}

/** A file of keys that can be used. @param {any} body */
export function isKeys(body) {
  return Boolean(body) && body.format === FORMAT && Array.isArray(body.keys) && typeof body.taken_back === "object";
}

/** The browser's own Ed25519; noble's where it has none. @param {string} fallback address of the module */
export function verifier(fallback) {
  return async (/** @type {Uint8Array} */ key, /** @type {Uint8Array} */ message, /** @type {Uint8Array} */ signature) => {
    try {
      const own = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
      return await crypto.subtle.verify({ name: "Ed25519" }, own, signature, message);
    } catch (fault) {
      if (!(fault instanceof Error) || fault.name !== "NotSupportedError") return false;
    }
    const noble = await import(fallback);
    try {
      return await noble.verifyAsync(signature, message, key, { zip215: false });
    } catch {
      return false;
    }
  };
}
