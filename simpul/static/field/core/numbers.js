/**
 * Case numbers issued beforehand, with their PINs and receipts: handed out without a network, each once. A number is *taken* when a form shows
 * it, *used* in the transaction that saves the case, and free again when the form is thrown away. The PIN is forgotten a week after its use.
 *
 * @typedef {{case_id: string, number: string, pin: string, receipt16: string, state: "free" | "taken" | "used", at: number}} Number_
 */

import { together } from "./db.js";
import { FieldRefused } from "./errors.js";

const WEEK = 7 * 86_400_000;

export class Numbers {
  /** @param {{db: any, box: import("./vault.js").Box}} given */
  constructor({ db, box }) {
    this.db = db;
    this.box = box;
    /** @type {Number_[]} */
    this.all = [];
  }

  async load() {
    const sealed = await this.db.get("meta", "numbers");
    this.all = sealed ? await this.box.open("meta", "numbers", sealed).catch(() => []) : [];
    const fresh = this.all.filter((one) => one.state !== "used" || Date.now() - one.at < WEEK);
    if (fresh.length < this.all.length) await this.keep(fresh);
  }

  left() {
    return this.all.filter((one) => one.state === "free").length;
  }

  /** What was taken for a form that was not saved yet. */
  taken() {
    return this.all.filter((one) => one.state === "taken");
  }

  /** The next free one; null when none is left. @returns {Promise<{case_id: string, number: string, pin: string, receipt16: string} | null>} */
  async take() {
    const one = this.all.find(({ state }) => state === "free");
    if (!one) return null;
    await this.keep(this.all.map((other) => (other === one ? { ...one, state: "taken", at: Date.now() } : other)));
    const { case_id, number, pin, receipt16 } = one;
    return { case_id, number, pin, receipt16 };
  }

  /** The form was thrown away. @param {string} number */
  async release(number) {
    await this.keep(this.all.map((one) => (one.number === number && one.state === "taken" ? { ...one, state: "free" } : one)));
  }

  /** Add an allotment. @param {{case_id: string, number: string, pin: string, receipt16: string}[]} given */
  async add(given) {
    const known = new Set(this.all.map((one) => one.number));
    /** @type {Number_[]} */
    const fresh = given.filter((one) => !known.has(one.number)).map((one) => ({ ...one, state: "free", at: 0 }));
    if (fresh.length) await this.keep([...this.all, ...fresh]);
  }

  /**
   * For the transaction that saves: what to write, and what to do once it is written. Throws "number.unknown".
   * @param {{number: string, at: number}[]} used
   */
  async using(used) {
    if (!used.length) return undefined;
    for (const { number } of used) {
      if (!this.all.some((one) => one.number === number && one.state !== "used")) throw new FieldRefused("number.unknown", { number });
    }
    const at = new Map(used.map((one) => [one.number, one.at]));
    const next = this.all.map((one) => (at.has(one.number) ? { ...one, state: /** @type {const} */ ("used"), at: at.get(one.number) ?? 0 } : one));
    const sealed = await this.box.seal("meta", "numbers", next);
    return { sealed, commit: () => void (this.all = next) };
  }

  /** @private @param {Number_[]} next */
  async keep(next) {
    const sealed = await this.box.seal("meta", "numbers", next);
    await together(this.db, ["meta"], (tx) => tx.objectStore("meta").put(sealed, "numbers"));
    this.all = next;
  }

  close() {
    this.all = [];
  }
}
