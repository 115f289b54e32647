// Pages by the address behind "#": the phone's own back button works everywhere, and a locked page comes back after unlocking.

const routes = [];
let shown = 0;
let leaving = null;
let after = () => undefined;

/** route("/keluarga/:id", view): view({id}, query) draws the page itself. */
export function route(pattern, view) {
  const names = [];
  const form = pattern.replace(/:(\w+)/g, (whole, name) => {
    names.push(name);
    return "([^/]+)";
  });
  routes.push({ test: new RegExp(`^${form}$`), names, view });
}

export function go(to, { replace = false } = {}) {
  const wanted = to.startsWith("#") ? to : `#${to}`;
  if (location.hash === wanted) return run();
  if (!replace) {
    location.hash = wanted;
    return undefined;
  }
  history.replaceState(null, "", wanted);
  return run();
}

export function back(fallback = "/") {
  if (history.length > 1) history.back();
  else go(fallback);
}

/** Something to do when the page that is shown now is left (cameras, locks, timers). */
export function whenLeft(act) {
  const before = leaving;
  leaving = () => {
    if (before) before();
    act();
  };
}

/** A page asks this before it draws what it has waited for: false when the person has gone on. */
export function stamp() {
  const mine = shown;
  return () => mine === shown;
}

export function here() {
  const [path, query = ""] = location.hash.replace(/^#/, "").split("?");
  return { path: path || "/", query: new URLSearchParams(query) };
}

export async function run() {
  shown += 1;
  if (leaving) leaving();
  leaving = null;
  const { path, query } = here();
  for (const { test, names, view } of routes) {
    const found = test.exec(path);
    if (found) {
      const given = Object.fromEntries(names.map((name, place) => [name, decodeURIComponent(found[place + 1])]));
      await after(await view(given, query));
      return;
    }
  }
  go("/", { replace: true });
}

export function start(whenShown) {
  after = whenShown || after;
  addEventListener("hashchange", run);
  return run();
}
