// Steps for test_real_browser.py: what a screen would ask of the core, by name. Loaded into a page of the server's own origin.

var session = null;
var locked = "";
var copied = null;

async function hand(step, given) {
  const core = await import("/static/field/core/field.js");
  try {
    return await STEPS[step](core, given);
  } catch (fault) {
    if (fault.code) return { refused: fault.code, facts: fault.facts };
    throw fault;
  }
}

function held(made) {
  session = made;
  locked = "";
  made.on("locked", ({ why }) => (locked = why));
  made.sync.stop();
  return { id: made.id, epochs: made.outbox.epochs.length, label: made.label };
}

async function timed(work) {
  const began = performance.now();
  const found = await work();
  return [found, Math.round(performance.now() - began)];
}

const STEPS = {
  enrol: async (core, { code, passphrase }) => held(await core.enrol({ code, passphrase, app: "test" })),
  unlock: async (core, { id, passphrase, passkey, takeOver }) => held(await core.unlock(id, { passphrase, passkey }, { takeOver, sync: false })),
  lock: async () => (await session.lock(), true),
  vaults: (core) => core.listVaults(),
  sync: () => session.sync.now(),
  summary: () => session.outbox.summary(),
  states: () => session.outbox.items().map((one) => one.state),
  row: (_core, [table, id]) => session.row(table, id),
  rows: (_core, [table, wanted]) => session.rows(table, wanted),
  count: async (_core, table) => (await session.table(table)).size,
  search: async (_core, text) => (await session.search(text)).map(({ kind, id, score }) => ({ kind, id, score })),
  pack: () => session.pack,
  drafts: () => session.drafts.list().map((one) => one.data.words),
  draft: (_core, { id, words }) => session.drafts.put(id, { kind: "visit", data: { words } }),
  passkey: (_core, passphrase) => session.addPasskey(passphrase),
  carry_locked: (core, id) => core.carryLocked(id, ""),
  note: (core, words) => session.save({ kind: "feedback.record", subject: "", data: { feedback_id: core.own(0), words }, label: words }),
  visit: (core, household) =>
    session.save({ kind: "visit.record", subject: `household:${household}`, data: { visit_id: core.own(0), household_id: household, outcome: "met", visited_ms: Date.now() }, label: "Kunjungan" }),
  day: async (core, { household, region, hamlet }) => {
    const times = [];
    const [[home, person], one] = await timed(() =>
      session.saveAll([
        { kind: "household.open", subject: ["household", core.own(0)], data: { household_id: core.own(0), house_id: core.own(1), region, hamlet, name: "Keluarga Baru", "f.members_said": "1" } },
        (made) => ({ kind: "person.register", subject: ["person", core.own(0)], data: { person_id: core.own(0), name: "Sitti Aminah", sex: "P", region, household_id: made[0].ids[0] } }),
      ]),
    );
    times.push(one);
    const [, two] = await timed(() => STEPS.visit(core, household));
    times.push(two);
    const shown = await session.row("households", household);
    const [, three] = await timed(() =>
      session.save({ kind: "household.change", subject: `household:${household}`, data: { household_id: household, "f.income_month": "700000" }, seen: session.seen("households", shown, ["income_month"]) }),
    );
    times.push(three);
    return { household: home.ids[0], person: person.ids[0], times };
  },
  leaks: async (_core, words) => {
    const found = [];
    for (const { name } of await indexedDB.databases()) {
      const base = await new Promise((done, fail) => Object.assign(indexedDB.open(name), { onsuccess: (event) => done(event.target.result), onerror: fail }));
      for (const store of base.objectStoreNames) {
        const rows = await new Promise((done) => (base.transaction(store).objectStore(store).getAll().onsuccess = (event) => done(event.target.result)));
        const text = new TextDecoder("latin1").decode(new TextEncoder().encode(spelled(rows)));
        for (const word of words) if (text.includes(word) && !(store === "vaults" && word === "Walker")) found.push(`${name} ${store} ${word}`);
      }
      base.close();
    }
    for (const word of words) if (JSON.stringify(localStorage).includes(word)) found.push(`localStorage ${word}`);
    return found;
  },
  copy: async (_core, id) => {
    const base = await opened(id);
    copied = {};
    for (const store of base.objectStoreNames) {
      const place = base.transaction(store).objectStore(store);
      const keys = await asked(place.getAllKeys());
      copied[store] = [keys, await asked(base.transaction(store).objectStore(store).getAll())];
    }
    base.close();
    return true;
  },
  put_back: async (_core, id) => {
    const base = await opened(id);
    for (const [store, [keys, rows]] of Object.entries(copied)) {
      const place = base.transaction(store, "readwrite").objectStore(store);
      place.clear();
      keys.forEach((key, number) => place.put(rows[number], key));
    }
    base.close();
    return true;
  },
};

/** Everything in the rows as text, bytes as their signs. */
function spelled(value) {
  if (value instanceof Uint8Array) return new TextDecoder("latin1").decode(value);
  if (Array.isArray(value)) return value.map(spelled).join("\n");
  if (value && typeof value === "object") return Object.entries(value).map(([key, one]) => `${key}=${spelled(one)}`).join("\n");
  return String(value);
}

function asked(request) {
  return new Promise((done, fail) => Object.assign(request, { onsuccess: () => done(request.result), onerror: fail }));
}

function opened(id) {
  return asked(indexedDB.open(`simpul-vault-${id}`));
}
