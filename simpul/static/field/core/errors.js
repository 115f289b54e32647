/**
 * Refusals: what may go wrong in an ordinary day, as a code and facts. The core has no words for people; the screens have them.
 */

/** An expected failure. `code` such as "vault.wrong"; `facts` what a sentence about it needs. */
export class FieldRefused extends Error {
  /**
   * @param {string} code
   * @param {Record<string, unknown>} [facts]
   */
  constructor(code, facts = {}) {
    super(code);
    this.name = "FieldRefused";
    this.code = code;
    this.facts = facts;
  }
}
