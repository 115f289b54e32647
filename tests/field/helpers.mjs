// Shared samples, and small helpers of the tests of the field app's core. Run by `node --test`, from tests/field/test_javascript.py.

import { readFileSync } from "node:fs";

/** The samples that both sides share. */
export function vectors(name) {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
}

export function bytes(hex) {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

export function hexOf(data) {
  return Buffer.from(data).toString("hex");
}

/** What a call is refused with: a code or a reason. */
export async function refusal(work) {
  try {
    await work();
  } catch (fault) {
    return fault.code ?? fault.reason ?? fault.name;
  }
  return "";
}
