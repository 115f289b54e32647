// The worker that opens the field app without a network. The server puts `const SET = {...}` before this text: the version, and every
// file of that version with its digest. Rules:
// - one set is used whole or not at all: its mark is written last, and every address inside a page carries the page's version;
// - a waiting version takes over only when no form is open anywhere (pages hold the lock "lapangan-form" while one is);
// - the set of a page that is still open stays (pages hold the lock "lapangan-set-<version>");
// - keadaan.json with {"worker": "off"} drops all sets and this worker, without touching anybody's data.

const PREFIX = "lapangan-";
const CACHE = PREFIX + SET.version;
const MARK = SET.base + "lengkap";
const SOUNDS = PREFIX + "suara";
const PART = SET.base + "sebagian";
const TRIES = 3;
const LOOK_AGAIN_MS = 10 * 60 * 1000;
let looked = 0;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(tidy)));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname === SET.home && event.request.mode === "navigate") {
    event.respondWith(page());
    event.waitUntil(look());
  } else if (address.pathname.startsWith(SET.home + "berkas/suara/")) {
    event.respondWith(sound(event.request));
  } else if (address.pathname.startsWith(SET.home + "berkas/")) {
    event.respondWith(piece(event.request, address.pathname));
  }
});
self.addEventListener("message", (event) => {
  if (event.data === "take") event.waitUntil(take(event));
  else if (event.data === "tidy") event.waitUntil(tidy().then(hear));
  else if (event.data === "look") event.waitUntil(look(true));
});

/** Fetch what is not here yet, compare every file with its digest, and write the mark last. */
async function fill() {
  const cache = await caches.open(CACHE);
  const missing = [];
  for (const piece of SET.pieces) if (!(await cache.match(SET.base + piece[0]))) missing.push(piece);
  if (typeof DecompressionStream === "function" && missing.some((piece) => piece[2])) await unpack(cache, missing.filter((piece) => piece[2]));
  for (const piece of missing) if (!(await cache.match(SET.base + piece[0]))) await keepOne(cache, piece);
  await cache.delete(PART);
  await cache.put(MARK, new Response(String(SET.pieces.length)));
}

/** All texts of the set come as one packed file; a line that breaks goes on where it broke, also after a restart. */
async function unpack(cache, wanted) {
  const packed = await bundle(cache);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  let texts;
  try {
    texts = await new Response(stream).json();
  } catch (fault) {
    await cache.delete(PART);
    throw fault;
  }
  for (const [name, digest, , kind] of wanted) await keep(cache, name, digest, new TextEncoder().encode(texts[name] || ""), { "content-type": kind });
}

async function bundle(cache) {
  const [name, size] = SET.bundle;
  const before = await cache.match(PART);
  let have = before ? new Uint8Array(await before.arrayBuffer()) : new Uint8Array(0);
  for (let still = 0; have.length < size && still < TRIES; still += 1) {
    const more = await some(`${SET.base}${name}?dari=${have.length}`);
    if (more.length) still = 0;
    const both = new Uint8Array(have.length + more.length);
    both.set(have);
    both.set(more, have.length);
    have = both;
    await cache.put(PART, new Response(have));
  }
  if (have.length !== size) throw new Error("the line broke");
  return have;
}

/** What arrives of a file before the line breaks. */
async function some(url) {
  const parts = [];
  try {
    const answer = await fetch(url, { cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    const reader = answer.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value);
  } catch (fault) {
    if (!parts.length) await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function keepOne(cache, [name, digest]) {
  const answer = await fetch(SET.base + name, { cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw new Error(name + " " + answer.status);
  const heads = new Headers(answer.headers);
  heads.delete("content-encoding");
  heads.delete("content-length");
  await keep(cache, name, digest, await answer.arrayBuffer(), heads);
}

async function keep(cache, name, digest, body, headers) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const hex = Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== digest) throw new Error(name + " differs");
  await cache.put(SET.base + name, new Response(body, { headers }));
}

async function whole(name) {
  const version = name.slice(PREFIX.length);
  const cache = await caches.open(name);
  const base = SET.home + "berkas/" + version + "/";
  return (await cache.match(base + "lengkap")) ? cache.match(base + SET.shell) : undefined;
}

/** The shell of this set; else of another whole one; else from the network; else a page that says what to do. */
async function page() {
  const own = await whole(CACHE);
  if (own) return own;
  for (const name of await sets()) {
    const other = await whole(name);
    if (other) return other;
  }
  try {
    return await fetch(SET.home, { credentials: "omit" });
  } catch (fault) {
    return excuse();
  }
}

async function piece(request, path) {
  const version = path.slice((SET.home + "berkas/").length).split("/")[0];
  const name = PREFIX + version;
  const kept = (await caches.has(name)) ? await (await caches.open(name)).match(path) : undefined;
  return kept || fetch(request);
}

async function sound(request) {
  const cache = await caches.open(SOUNDS);
  const path = new URL(request.url).pathname;
  const kept = await cache.match(path);
  if (kept) return kept;
  const answer = await fetch(path, { credentials: "omit" });
  if (answer.ok) await cache.put(path, answer.clone());
  return answer;
}

function excuse() {
  const text = `<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${SET.words.title}</title><h1>${SET.words.title}</h1><p>${SET.words.text}</p></html>`;
  return new Response(text, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
}

async function sets() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== SOUNDS && name !== CACHE);
}

async function held() {
  if (!self.navigator.locks) return null;
  return (await self.navigator.locks.query()).held.map((lock) => lock.name);
}

/** Take over from the version before, unless a form is open. */
async function take(event) {
  const locks = await held();
  const busy = locks ? locks.includes("lapangan-form") : (await self.clients.matchAll()).length > 1;
  if (!busy) await self.skipWaiting();
  if (event.source) event.source.postMessage({ took: !busy });
}

/** Drop the sets that no open page uses; a waiting version's set is not dropped, it belongs to the worker that waits. */
async function tidy() {
  const locks = await held();
  if (locks === null || !self.registration.active) return;
  const coming = self.registration.waiting || self.registration.installing;
  if (coming && coming !== self.serviceWorker) return;
  for (const name of await sets()) {
    if (!locks.includes("lapangan-set-" + name.slice(PREFIX.length))) await caches.delete(name);
  }
}

/** Keep the recordings that are offered, one after another; a broken line is tried again at the next opening. */
async function hear() {
  for (const name of SET.sounds) {
    const path = SET.home + "berkas/suara/" + name;
    await sound(new Request(path)).catch(() => undefined);
  }
}

/** The kill switch. */
async function look(now) {
  if (!now && Date.now() - looked < LOOK_AGAIN_MS) return;
  looked = Date.now();
  try {
    const answer = await fetch(SET.home + "keadaan.json", { cache: "no-store", credentials: "omit" });
    const state = answer.ok ? await answer.json() : {};
    if (state.worker === "off") await leave();
    else if (state.version && state.version !== SET.version) await self.registration.update();
  } catch (fault) {
    looked = 0; // no network: nothing is known, so nothing is done
  }
}

async function leave() {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX)) await caches.delete(name);
  await self.registration.unregister();
}
