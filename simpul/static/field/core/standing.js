/**
 * Where every entry stands: what the server has, what it has safely, what must be sent, what may be forgotten. Pure decisions of
 * docs/sync-protocol.md section 7; nothing here trusts what this phone believes it sent.
 *
 * @typedef {{epoch: string, seq: number, hash: string}} Point `hash` as base64url
 * @typedef {{epoch: string, first: number, count: number, name: string, closed: boolean, carried?: boolean, step?: number}} Sent an envelope's outside
 * @typedef {Map<string, Map<number, string>>} Own epoch -> number -> hash of this phone's own events
 */

/** Steps of an entry: on this phone, carried by another machine, received by the server, safe in its backup. */
export const HERE = 1;
export const CARRIED = 2;
export const RECEIVED = 3;
export const SAFE = 4;

export const FINAL = new Set(["accepted", "conflict", "flagged", "quarantined", "erased"]);
/** States that want a person's eyes. */
export const QUESTIONS = new Set(["conflict", "flagged", "quarantined", "held"]);

/**
 * Up to which number the server has this phone's own chain, by epoch: the highest head that is in the chain itself.
 * @param {Own} own @param {[string, number, string][]} have @param {Record<string, number>} forgotten up to which number events were let go (they were safe)
 * @returns {Map<string, number>}
 */
export function receivedUpTo(own, have, forgotten = {}) {
  const found = new Map();
  for (const [epoch, seq, hash] of have) {
    const chain = own.get(epoch);
    if (!chain && !(epoch in forgotten)) continue;
    const mine = chain?.get(seq) === hash || seq <= (forgotten[epoch] ?? 0);
    if (mine && seq > (found.get(epoch) ?? 0)) found.set(epoch, seq);
  }
  return found;
}

/**
 * Does the server know another history under this phone's name? "fork": the same number with another hash; "restore": it has more than this
 * phone remembers, so this phone was put back. Only the running epoch matters: finished ones are finished.
 * @param {Own} own @param {Point} head @param {[string, number, string][]} have @param {[string, number][]} forks @param {Record<string, number>} forgotten
 * @returns {"" | "fork" | "restore"}
 */
export function otherHistory(own, head, have, forks = [], forgotten = {}) {
  for (const [epoch, seq, hash] of have) {
    if (epoch !== head.epoch || seq <= (forgotten[epoch] ?? 0)) continue;
    const mine = own.get(epoch)?.get(seq);
    if (mine === undefined && seq > head.seq) return "restore";
    if (mine !== undefined && mine !== hash) return "fork";
  }
  return forks.some(([epoch]) => epoch === head.epoch) ? "fork" : "";
}

/**
 * The closed envelopes the server lacks, in order: of each epoch everything that reaches behind what it has.
 * @param {Sent[]} envelopes @param {Map<string, number>} received @param {string[]} epochs in the order in which they began
 */
export function toSend(envelopes, received, epochs) {
  return envelopes
    .filter((one) => one.closed && one.first + one.count - 1 > (received.get(one.epoch) ?? 0))
    .sort((a, b) => epochs.indexOf(a.epoch) - epochs.indexOf(b.epoch) || a.first - b.first);
}

/** @param {{epoch: string, seq: number}} event @param {Map<string, number>} received @param {Map<string, number>} safe @param {Map<string, number>} carried */
export function stepOf(event, received, safe, carried) {
  if (event.seq <= Math.min(safe.get(event.epoch) ?? 0, received.get(event.epoch) ?? 0)) return SAFE;
  if (event.seq <= (received.get(event.epoch) ?? 0)) return RECEIVED;
  return event.seq <= (carried.get(event.epoch) ?? 0) ? CARRIED : HERE;
}

/** Up to which number an epoch was carried without a gap. @param {Sent[]} envelopes */
export function carriedUpTo(envelopes) {
  const found = new Map();
  for (const one of [...envelopes].sort((a, b) => a.first - b.first)) {
    if (one.carried) found.set(one.epoch, Math.max(found.get(one.epoch) ?? 0, one.first + one.count - 1));
  }
  return found;
}

/**
 * May this entry be let go? Only when it is safe in a backup, judged, read by the person if it raises a question, and its fruit came down.
 * @param {{step: number, state: string, told: boolean, passed: boolean}} one
 */
export function mayForget({ step, state, told, passed }) {
  return step === SAFE && FINAL.has(state) && (told || !QUESTIONS.has(state)) && (passed || state === "erased" || state === "quarantined");
}

/** How many envelopes the next request takes: doubling while it goes well, one after a failure. @param {number} before @param {boolean} well */
export function nextBatch(before, well) {
  return well ? Math.min(16, before * 2) : 1;
}

/** How long to wait after so many failures in a row (ms): 2, 4, 8 ... 300 s, 20 % more or less. @param {number} failures @param {number} [dice] 0..1 */
export function backoff(failures, dice = Math.random()) {
  const seconds = Math.min(300, 2 ** Math.max(1, failures));
  return Math.round(seconds * 1000 * (0.8 + 0.4 * dice));
}
