// The page's side of the service worker: keep the app on the phone, take an update when nobody is in the middle of something.

import { VERSION } from "./texts.js";

const HOME = "/lapangan/";
let registration = null;
let letGo = null;
let told = () => undefined;

/** This page uses its version's files for as long as it is open; the worker keeps them. */
export function holdSet() {
  if (navigator.locks) navigator.locks.request(`lapangan-set-${VERSION}`, { mode: "shared" }, () => new Promise(() => undefined));
}

export async function register(onState) {
  told = onState;
  if (!("serviceWorker" in navigator)) return told("none");
  holdSet();
  const state = await serverState();
  if (state && state.worker === "off") return leave();
  try {
    registration = await navigator.serviceWorker.register(`${HOME}sw.js`, { scope: HOME, updateViaCache: "none" });
  } catch (fault) {
    return told(navigator.serviceWorker.controller ? "ready" : "failed");
  }
  registration.addEventListener("updatefound", () => watch(registration.installing));
  watch(registration.installing);
  if (registration.waiting) told("waiting");
  else if (registration.active) {
    told("ready");
    registration.active.postMessage("tidy");
  }
  return undefined;
}

function watch(worker) {
  if (!worker) return;
  const update = Boolean(registration.active && registration.active !== worker);
  worker.addEventListener("statechange", () => {
    if (worker.state === "installed") told(update ? "waiting" : "ready");
    if (worker.state === "redundant" && !registration.active) told("failed");
    if (worker.state === "redundant" && update) told("half");
  });
}

async function serverState() {
  try {
    const answer = await fetch(`${HOME}keadaan.json`, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(4000) });
    return answer.ok ? await answer.json() : null;
  } catch (fault) {
    return null;
  }
}

async function leave() {
  for (const name of await caches.keys()) if (name.startsWith("lapangan-")) await caches.delete(name);
  for (const one of await navigator.serviceWorker.getRegistrations()) if (new URL(one.scope).pathname === HOME) await one.unregister();
  told("off");
}

export function isWaiting() {
  return Boolean(registration && registration.waiting);
}

/** Begin to use the version that waits: only from a page that holds nothing unsaved. Loads the page anew. */
export async function takeUpdate() {
  if (!isWaiting()) return false;
  const changed = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true), { once: true }));
  const refused = new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("message", (event) => event.data && event.data.took === false && resolve(false), { once: true });
  });
  registration.waiting.postMessage("take");
  const took = await Promise.race([changed, refused, new Promise((resolve) => setTimeout(resolve, 5000, false))]);
  if (took) location.reload();
  return took;
}

/** While a form is open no update takes over, in no tab. */
export function formOpened() {
  if (letGo || !navigator.locks) return;
  const kept = new Promise((resolve) => {
    letGo = resolve;
  });
  navigator.locks.request("lapangan-form", { mode: "shared" }, () => kept);
}

export function formClosed() {
  if (letGo) letGo();
  letGo = null;
}

export function isKept() {
  return Boolean(navigator.serviceWorker && navigator.serviceWorker.controller);
}
