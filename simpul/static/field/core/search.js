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
const BETWEEN = /[^\p{L}\p{N}\p{M}'’`]+/u;
const MOST_WORDS = 6;

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
  return text.split(BETWEEN).map(fold).filter(Boolean);
}

/** @param {string} word @param {boolean} open the word may go on @returns {string[]} */
function trigrams(word, open) {
  const padded = open ? `  ${word}` : `  ${word} `;
  /** @type {string[]} */
  const found = [];
  for (let place = 0; place + 3 <= padded.length; place += 1) found.push(padded.slice(place, place + 3));
  return found;
}

/** An index over documents: documents by word, words by trigram. Names repeat, so the words are few and each is folded once. */
export class Index {
  /** @param {Iterable<Doc>} docs */
  constructor(docs) {
    /** @type {Doc[]} */
    this.docs = [...docs];
    /** @type {string[]} every different word, as it sounds */
    this.words = [];
    /** @type {number[][]} word -> documents */
    this.places = [];
    /** How many words a document has. */
    this.sizes = new Uint8Array(this.docs.length);
    /** @type {Map<string, number>} */
    const known = new Map();
    /** @type {Map<string, number>} as written -> word */
    const written = new Map();
    this.docs.forEach((doc, number) => {
      for (const text of [doc.name, ...(doc.also ?? [])]) if (text) this.take(text, number, known, written);
    });
    /** @type {Map<string, number[]>} trigram -> words */
    this.grams = new Map();
    this.words.forEach((word, number) => {
      for (const gram of new Set(trigrams(word, false))) {
        const here = this.grams.get(gram);
        if (here) here.push(number);
        else this.grams.set(gram, [number]);
      }
    });
  }

  /** @private @param {string} text @param {number} doc @param {Map<string, number>} known @param {Map<string, number>} written */
  take(text, doc, known, written) {
    for (const one of text.split(BETWEEN)) {
      let place = written.get(one);
      if (place === undefined) {
        const word = fold(one);
        place = word ? (known.get(word) ?? this.words.length) : -1;
        if (place === this.words.length) {
          this.words.push(word);
          this.places.push([]);
          known.set(word, place);
        }
        written.set(one, place);
      }
      if (place < 0) continue;
      const here = this.places[place];
      if (here[here.length - 1] === doc) continue;
      here.push(doc);
      this.sizes[doc] += 1;
    }
  }

  /** The best first. @param {string} text @param {{limit?: number, keep?: (doc: Doc) => boolean}} [how] @returns {Hit[]} */
  find(text, { limit = 30, keep = () => true } = {}) {
    const digits = text.replace(/\D/g, "");
    if (digits.length >= 4 && digits.length >= text.replace(/[\s.\-+]/g, "").length - 5) {
      const found = this.byDigits(digits, limit, keep);
      if (found.length) return found;
    }
    const wanted = words(text).slice(0, MOST_WORDS);
    if (!wanted.length) return [];
    const scores = new Float32Array(this.docs.length);
    const hits = new Uint8Array(this.docs.length);
    const matched = new Int32Array(this.docs.length);
    wanted.forEach((word, place) => this.score(word, place === wanted.length - 1, { scores, hits, matched }));
    const least = wanted.length < 3 ? wanted.length : wanted.length - 1;
    return this.best(scores, hits, least, wanted.length, limit, keep).map(({ doc, score }) => {
      const { kind, id } = this.docs[doc];
      return { kind, id, score, matched: this.words[matched[doc]] };
    });
  }

  /** @private What one typed word is worth for every document that has one like it. @param {string} typed @param {boolean} open @param {{scores: Float32Array, hits: Uint8Array, matched: Int32Array}} sums */
  score(typed, open, { scores, hits, matched }) {
    const own = new Float32Array(this.docs.length);
    /** @type {number[]} */
    const touched = [];
    for (const number of this.alikeWords(typed, open)) {
      const score = alike(typed, this.words[number], open);
      if (!score) continue;
      for (const doc of this.places[number]) {
        if (score <= own[doc]) continue;
        if (!own[doc]) touched.push(doc);
        own[doc] = score;
        matched[doc] = number;
      }
    }
    for (const doc of touched) {
      scores[doc] += own[doc];
      hits[doc] += 1;
    }
  }

  /** @private Words that share enough trigrams with what was typed, or begin with it. @param {string} typed @param {boolean} open @returns {number[]} */
  alikeWords(typed, open) {
    const grams = trigrams(typed, open);
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (const gram of new Set(grams)) for (const number of this.grams.get(gram) ?? []) counts.set(number, (counts.get(number) ?? 0) + 1);
    const least = Math.max(1, Math.floor(grams.length * 0.3));
    return [...counts].filter(([, count]) => count >= least).map(([number]) => number);
  }

  /** @private The best few, without sorting everything. @param {Float32Array} scores @param {Uint8Array} hits @param {number} least @param {number} wanted @param {number} limit @param {(doc: Doc) => boolean} keep */
  best(scores, hits, least, wanted, limit, keep) {
    /** @type {{doc: number, score: number}[]} */
    const found = [];
    let floor = -Infinity;
    const before = (/** @type {{doc: number, score: number}} */ a, /** @type {{doc: number, score: number}} */ b) =>
      b.score - a.score || (this.docs[a.doc].name < this.docs[b.doc].name ? -1 : 1);
    for (let doc = 0; doc < hits.length; doc += 1) {
      if (hits[doc] < least) continue;
      const score = scores[doc] / wanted - 0.01 * Math.max(0, this.sizes[doc] - wanted);
      if (score < floor) continue;
      if (!keep(this.docs[doc])) continue;
      found.push({ doc, score });
      if (found.length < limit * 8) continue;
      found.sort(before).length = limit;
      floor = found[limit - 1].score;
    }
    return found.sort(before).slice(0, limit);
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
