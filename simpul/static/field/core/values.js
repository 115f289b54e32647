/** Values and keys as everything here compares them. */

const SHORT = 10;

/** True when two keys name the same thing: packs write the last ten signs. @param {string} a @param {string} b */
export function alike(a, b) {
  if (a === b) return true;
  if (!a || !b || (a.length !== SHORT && b.length !== SHORT)) return false;
  return a.slice(-SHORT) === b.slice(-SHORT);
}

/** The text of a value, as the register's history keeps it (`as_text` in simpul/people/rules/fields.py). @param {any} value @returns {string} "" for unknown */
export function textOf(value) {
  if (value === null || value === undefined) return "";
  if (value === true) return "yes";
  return value === false ? "no" : String(value);
}
