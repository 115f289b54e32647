// Reading a segment, which only the server and tests do: the twin of `unpack` in simpul/sync/rules/segments.py.

import { check, unb64 } from "../../simpul/static/field/core/canonical.js";
import * as chain from "../../simpul/static/field/core/chain.js";
import * as columns from "../../simpul/static/field/core/columns.js";
import { inflate } from "../../simpul/static/field/core/packing.js";
import { MOST_EVENTS, SegmentUnreadable } from "../../simpul/static/field/core/segments.js";

const LARGEST_PLAIN = 4_000_000;

/** The events of a segment, with every salt and hash computed anew. Throws SegmentUnreadable. */
export async function unpack(packed) {
  let said;
  try {
    said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await inflate(packed, LARGEST_PLAIN)));
  } catch {
    throw new SegmentUnreadable("truncated");
  }
  if (typeof said !== "object" || said === null || Array.isArray(said)) throw new SegmentUnreadable("truncated");
  if (said.v !== chain.VERSION) throw new SegmentUnreadable(Number.isInteger(said.v) ? "future" : "foreign");
  try {
    return segmentOf(said);
  } catch (fault) {
    throw fault instanceof SegmentUnreadable ? fault : new SegmentUnreadable("broken", String(fault));
  }
}

function segmentOf(said) {
  const { d: device, e: epoch, a: first, o: offset } = said;
  if (!isUuid(device) || !chain.EPOCH.test(epoch) || !isWhole(first, 1) || !(offset === null || isWhole(offset))) {
    throw new SegmentUnreadable("broken", "head");
  }
  const runs = said.r.map(([seq, run]) => [seq, unb64(run)]);
  const kinds = said.i.flatMap(([place, count]) => {
    if (!isWhole(count, 0) || count > MOST_EVENTS) throw new SegmentUnreadable("broken", "count");
    return Array(count).fill(said.k[place]);
  });
  if (!kinds.length || kinds.length > MOST_EVENTS || said.t.length !== kinds.length) throw new SegmentUnreadable("broken", "count");
  if (runs.some(([seq, run]) => !isWhole(seq) || run.length !== chain.RUN_BYTES) || said.c.length !== said.k.length) {
    throw new SegmentUnreadable("broken", "runs");
  }
  check(said.c);
  const rows = new Map(
    said.k.map((kind, place) => [
      kind,
      columns.rowsOf(said.c[place], kinds.filter((one) => one === kind).length)[Symbol.iterator](),
    ]),
  );
  const events = [];
  let prev = unb64(said.p);
  let at = 0;
  kinds.forEach((kind, place) => {
    at += said.t[place];
    if (!isWhole(at, 0) || at > chain.LARGEST_TIME || !chain.KIND.test(kind)) throw new SegmentUnreadable("broken", "event");
    const head = { device, epoch, seq: first + place, prev, kind, at };
    const event = eventOf(head, rows.get(kind).next().value, runAt(runs, first + place));
    events.push(event);
    prev = event.hash;
  });
  return { device, epoch, events, offset };
}

function eventOf(head, row, run) {
  const own = (place) => chain.newId(head.device, head.epoch, head.seq, head.at, run, place);
  let subject = row.u;
  const cut = subject.indexOf(":");
  if (subject.startsWith("~") && cut > 0 && !subject.startsWith("~~")) {
    subject = `${subject.slice(cut + 1)}:${lengthen(subject.slice(0, cut), own)}`;
  } else subject = lengthen(subject, own);
  if (typeof subject !== "string" || [...subject].length > chain.LONGEST_SUBJECT) throw new SegmentUnreadable("broken", "subject");
  if (Object.hasOwn(row, "b")) {
    return chain.chained({ ...head, subject, bodyHash: unb64(row.b), body: null, salt: new Uint8Array() });
  }
  const parts = { d: {}, s: {} };
  for (const [name, value] of Object.entries(row)) {
    const sep = name.indexOf(":");
    if (sep >= 0) parts[name.slice(0, sep)][name.slice(sep + 1)] = lengthen(value, own);
  }
  return chain.make({ ...head, subject, data: parts.d, seen: parts.s, run });
}

function isWhole(value, least = -(2 ** 53)) {
  return Number.isSafeInteger(value) && (value) >= least;
}

export function isUuid(value) {
  return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

function runAt(runs, seq) {
  const open = runs.filter(([first]) => first <= seq);
  if (!open.length) throw new SegmentUnreadable("broken", "no run");
  return open[open.length - 1][1];
}
/** The value again. Throws ColumnsUnreadable. */
export function lengthen(value, own) {
  if (typeof value === "string") {
    if (!value.startsWith("~")) return value;
    if (value.startsWith("~~")) return value.slice(1);
    if (!/^~[0-9]$/.test(value)) throw new columns.ColumnsUnreadable(value);
    return own(Number(value[1]));
  }
  return columns.inside(value, (one) => lengthen(one, own));
}
