// The worker of /surat/periksa/: the page, its scripts and the keys stay on the device, so that a letter can be checked without a network.
// SET (version, page, keys, assets) is written above this by the server. What was given out last is kept; a network is asked first.

const CACHE = `simpul-surat-${SET.version}`;
const WAIT = 4000; // milliseconds: on a weak line the kept copy is better than a long look at nothing

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then(async (kept) => {
      await kept.addAll([...SET.assets, SET.keys]);
      await keepPage(kept, await fetch(SET.page, { credentials: "same-origin" }));
      await self.skipWaiting();
    }),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then(async (names) => {
      await Promise.all(names.filter((name) => name.startsWith("simpul-surat-") && name !== CACHE).map((name) => caches.delete(name)));
      await self.clients.claim();
    }),
  );
});

// The page with the styles and pictures it names: they have names of their own with each release.
async function keepPage(kept, answer) {
  if (!answer.ok) return;
  const words = await answer.clone().text();
  const named = [...words.matchAll(/(?:href|src)="(\/(?:static|lambang|gaya)\/[^"]+)"/g)].map((found) => found[1]);
  await kept.put(SET.page, answer);
  await Promise.all([...new Set(named)].map((one) => kept.add(one).catch(() => undefined)));
}

async function networkFirst(request, name) {
  const kept = await caches.open(CACHE);
  const old = await kept.match(name);
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) await (name === SET.page ? keepPage(kept, answer.clone()) : kept.put(name, answer.clone()));
    return answer;
  });
  if (!old) return fresh;
  const slow = new Promise((settle) => setTimeout(() => settle(old), WAIT));
  return Promise.race([fresh.catch(() => old), slow]);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (pathname === SET.page) event.respondWith(networkFirst(request, SET.page));
  else if (pathname === SET.keys) event.respondWith(networkFirst(request, SET.keys));
  else event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});
