// Steps for test_real_browser.py: what a screen would ask of the core, by name. Loaded into a page of the server's own origin.

const pictures = import("/static/field/core/pictures.js"); // here before the network goes

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
  reached: () => Boolean(session.sync.state.last_ok),
  states: () => session.outbox.items({ all: true }).map((one) => one.state),
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
  epochs: () => session.outbox.epochs.length,
  labels: () => session.outbox.items({ all: true }).map((one) => one.label),
  left: () => session.numbers.left(),
  tell: async () => {
    for (const one of session.outbox.items({ all: true })) await session.outbox.tell(one.epoch, one.seq);
    return true;
  },
  change: async (_core, [household, field, value]) => {
    const seen = session.seen("households", await session.row("households", household), [field]);
    return session.save({ kind: "household.change", subject: `household:${household}`, data: { household_id: household, [`f.${field}`]: value }, seen });
  },
  flag: (_core, person) => session.save({ kind: "profile.change", subject: `person:${person}`, data: { person_id: person, "f.pregnant": "no" }, seen: { pregnant: "" }, label: "Tanda" }),
  photo: async (core, household) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1600, height: 900 });
    canvas.getContext("2d").fillRect(0, 0, 800, 800);
    const { shrink } = await pictures;
    const { blob, thumbnail, width } = await shrink(canvas);
    if (width !== 1280) throw new Error(`width ${width}`);
    const hash = await session.blobs.add(blob, { kind: "photo", thumbnail });
    await session.save({ kind: "visit.record/2", subject: `household:${household}`, data: { visit_id: core.own(0), household_id: household, outcome: "met", photos: [hash] }, blobs: [hash] });
    if (!(await session.blobs.get(hash, { thumbnail: true })).size) throw new Error("no thumbnail");
    return hash;
  },
  case: async (_core, region) => {
    const taken = await session.numbers.take();
    await session.save({ kind: "case.open", subject: `case:${taken.case_id}`, data: { case_id: taken.case_id, number: taken.number, kind: "complaint", text: "Atap bocor", region }, number: taken.number });
    return taken;
  },
  bundle: async () => Array.from(await session.bundle.bytes()),
  pages: () => session.bundle.pages(),
  bundle_locked: async (core, id) => Array.from(new Uint8Array(await (await core.exportLocked(id)).arrayBuffer())),
  forget_canary: async (_core, id) => {
    const base = await opened(id);
    const { epoch, seq } = await asked(base.transaction("meta").objectStore("meta").get("head"));
    base.close();
    localStorage.setItem(`simpul:canary:${id}`, `${epoch}:${seq}`);
    await (await caches.open("simpul-canary")).put(`/lapangan/canary/${id}`, new Response(`${epoch}:${seq}`));
    return true;
  },
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
