/**
 * Finding people and households without a network, with typing errors and old spellings: an index of trigrams in memory finds candidates, an edit
 * distance over words orders them. Thirty thousand names answer within a few milliseconds on a quick machine.
 *
 * @typedef {{kind: string, id: string, name: string, also?: string[], digits?: string[], region?: string}} Doc `digits`: ends of numbers, phones, case numbers
 * @typedef {{kind: string, id: string, score: number, matched: string}} Hit
 */

/** Ways of writing one sound, old and new, in order. @type {[RegExp, string][]} */
const SPELLINGS = [
  [/oe/g, "u"], [/dj/g, "j"], [/tj/g, "c"], [/sj/g, "sy"], [/nj/g, "ny"], [/ch/g, "k"], [/kh/g, "k"], [/sy/g, "s"], [/dz/g, "z"], [/dh/g, "d"],
  [/th/g, "t"], [/ph/g, "p"], [/gh/g, "g"], [/[fv]/g, "p"], [/q/g, "k"], [/x/g, "ks"], [/z/g, "s"], [/j/g, "y"], [/ie/g, "i"], [/(.)\1+/g, "$1"],
  [/(?<=[aeiou])h$/, ""],
];
/** Words people shorten. @type {Record<string, string>} */
const SHORT = { m: "muhamad", muh: "muhamad", moh: "muhamad", mohd: "muhamad", muhd: "muhamad", md: "muhamad", moch: "muhamad", mochamad: "muhamad", mohamad: "muhamad", abd: "abdul", st: "siti" };
const MOST_CANDIDATES = 300;

/** A word as it sounds: "Moehammad" and "Muhamad" are one. @param {string} word */
export function fold(word) {
  let plain = bare(word);
  if (Object.hasOwn(SHORT, plain)) plain = SHORT[plain];
  for (const [sign, sound] of SPELLINGS) plain = plain.replace(sign, sound);
  return plain;
}

/** @param {string} word */
function bare(word) {
  return word.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** The words of a text as they sound. @param {string} text @returns {string[]} */
export function words(text) {
  return text.split(/[^\p{L}\p{N}\p{M}'’`]+/u).map(fold).filter(Boolean);
}

/** @param {string} word @param {boolean} open the word may go on @returns {string[]} */
function trigrams(word, open) {
  const padded = open ? `  ${word}` : `  ${word} `;
  /** @type {string[]} */
  const found = [];
  for (let place = 0; place + 3 <= padded.length; place += 1) found.push(padded.slice(place, place + 3));
  return found;
}

/** An index over documents. */
export class Index {
  /** @param {Iterable<Doc>} docs */
  constructor(docs) {
    /** @type {Doc[]} */
    this.docs = [...docs];
    /** @type {string[][]} */
    this.words = [];
    /** @type {Map<string, number[]>} */
    const places = new Map();
    /** @type {Map<string, string[]>} every different word is folded and cut once */
    const known = new Map();
    this.docs.forEach((doc, number) => {
      const mine = new Set();
      for (const text of [doc.name, ...(doc.also ?? [])]) {
        if (!text) continue;
        let some = known.get(text);
        if (!some) known.set(text, (some = words(text)));
        for (const one of some) mine.add(one);
      }
      this.words.push([...mine]);
      const grams = new Set([...mine].flatMap((one) => trigrams(one, false)));
      for (const gram of grams) {
        const here = places.get(gram);
        if (here) here.push(number);
        else places.set(gram, [number]);
      }
    });
    this.places = new Map([...places].map(([gram, here]) => [gram, Int32Array.from(here)]));
    this.counts = new Uint16Array(this.docs.length);
  }

  /** The best first. @param {string} text @param {{limit?: number, keep?: (doc: Doc) => boolean}} [how] @returns {Hit[]} */
  find(text, { limit = 30, keep = () => true } = {}) {
    const digits = text.replace(/\D/g, "");
    if (digits.length >= 4 && digits.length >= text.replace(/[\s.\-+]/g, "").length - 5) {
      const found = this.byDigits(digits, limit, keep);
      if (found.length) return found;
    }
    const wanted = words(text);
    if (!wanted.length) return [];
    /** @type {{doc: Doc, score: number, matched: string}[]} */
    const hits = [];
    for (const number of this.candidates(wanted, keep)) {
      const { score, matched } = likeness(wanted, this.words[number]);
      if (score > 0) hits.push({ doc: this.docs[number], score, matched });
    }
    hits.sort((a, b) => b.score - a.score || (a.doc.name < b.doc.name ? -1 : a.doc.name > b.doc.name ? 1 : 0));
    return hits.slice(0, limit).map(({ doc, score, matched }) => ({ kind: doc.kind, id: doc.id, score, matched }));
  }

  /** @private @param {string} digits @param {number} limit @param {(doc: Doc) => boolean} keep @returns {Hit[]} */
  byDigits(digits, limit, keep) {
    /** @type {Hit[]} */
    const found = [];
    for (const doc of this.docs) {
      if (found.length >= limit) break;
      const one = doc.digits?.find((number) => number.includes(digits) || (number.length >= 4 && digits.endsWith(number)));
      if (one && keep(doc)) found.push({ kind: doc.kind, id: doc.id, score: 1, matched: one });
    }
    return found;
  }

  /** @private Those that share the most trigrams with what was typed. @param {string[]} wanted @param {(doc: Doc) => boolean} keep @returns {number[]} */
  candidates(wanted, keep) {
    const { counts } = this;
    counts.fill(0);
    const grams = new Set(wanted.flatMap((word, place) => trigrams(word, place === wanted.length - 1)));
    for (const gram of grams) {
      const here = this.places.get(gram);
      if (here) for (let place = 0; place < here.length; place += 1) counts[here[place]] += 1;
    }
    const least = Math.max(1, Math.floor(grams.size * 0.3));
    /** @type {number[][]} */
    const byCount = Array.from({ length: grams.size + 1 }, () => []);
    for (let number = 0; number < counts.length; number += 1) {
      if (counts[number] >= least && byCount[counts[number]].length < MOST_CANDIDATES && keep(this.docs[number])) byCount[counts[number]].push(number);
    }
    return byCount.reverse().flat().slice(0, MOST_CANDIDATES);
  }
}

/** How alike what was typed and a name are; 0 for not. @param {string[]} wanted @param {string[]} has */
export function likeness(wanted, has) {
  let sum = 0;
  let missing = 0;
  let matched = "";
  for (const [place, one] of wanted.entries()) {
    let best = 0;
    for (const other of has) {
      const score = alike(one, other, place === wanted.length - 1);
      if (score > best) {
        best = score;
        if (score > 0) matched = other;
      }
    }
    if (!best) missing += 1;
    sum += best;
  }
  if (missing && (wanted.length < 3 || missing > 1)) return { score: 0, matched };
  return { score: sum / wanted.length - 0.01 * Math.max(0, has.length - wanted.length), matched };
}

/** @param {string} typed @param {string} word @param {boolean} open it may go on */
function alike(typed, word, open) {
  if (typed === word) return 1;
  if (word.startsWith(typed)) return open || typed.length === 1 ? 0.92 : 0.85;
  const most = typed.length >= 8 ? 2 : typed.length >= 4 ? 1 : 0;
  if (!most) return 0;
  const errors = distance(typed, word, most);
  if (errors <= most) return errors === 1 ? 0.8 : 0.65;
  // A beginning with an error in it: "nuhay" for "nurhayati".
  return open && word.length > typed.length && distance(typed, word.slice(0, typed.length + 1), 1) <= 1 ? 0.6 : 0;
}

/** Letters too many, too few, other, or exchanged; counting stops above `most`. @param {string} a @param {string} b @param {number} most */
export function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  /** @type {number[]} */
  let before = [];
  let last = Array.from({ length: b.length + 1 }, (_one, place) => place);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    let least = row;
    for (let place = 1; place <= b.length; place += 1) {
      const same = a[row - 1] === b[place - 1];
      let cost = Math.min(last[place] + 1, next[place - 1] + 1, last[place - 1] + (same ? 0 : 1));
      if (row > 1 && place > 1 && a[row - 1] === b[place - 2] && a[row - 2] === b[place - 1]) cost = Math.min(cost, before[place - 2] + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    before = last;
    last = next;
  }
  return last[b.length];
}
