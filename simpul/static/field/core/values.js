/** The text of a value, as the register's history keeps it (`as_text` in simpul/people/rules/fields.py). */

/** @param {any} value @returns {string} "" for unknown */
export function textOf(value) {
  if (value === null || value === undefined) return "";
  if (value === true) return "yes";
  return value === false ? "no" : String(value);
}
