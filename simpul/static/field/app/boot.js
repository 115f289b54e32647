// The first module: words, then the page that the address names; the worker comes after what the person waits for.

import * as frame from "./frame.js";
import * as live from "./live.js";
import * as pages from "./pages.js";
import * as router from "./router.js";
import { chosenLanguage, loadTexts, t } from "./texts.js";
import * as ui from "./ui.js";
import * as worker from "./worker.js";

const SIZE_KEY = "lapangan.ukuran";

function dress() {
  document.documentElement.dataset.size = localStorage.getItem(SIZE_KEY) || "1";
}

function listen() {
  live.on("locked", (detail) => pages.locked(detail));
  live.on("locking", (detail) => pages.stillThere(detail));
  for (const name of ["outbox", "sync", "change"]) live.on(name, frame.paintUnsent);
  live.on("full", (detail) => pages.full(detail));
  live.on("erased", () => ui.toast(t("erased.toast"), "warn"));
  live.on("scope", () => ui.toast(t("scope.toast"), "warn"));
  live.on("epoch", (detail) => pages.newEpoch(detail));
  live.on("revoked", () => pages.revoked());
  live.on("damaged", () => pages.damaged());
  addEventListener("unhandledrejection", (event) => pages.fault(event.reason));
}

async function begin() {
  dress();
  await loadTexts(chosenLanguage());
  listen();
  pages.declare();
  await router.start();
  document.documentElement.dataset.ready = "1";
  await worker.register((state) => pages.workerSays(state));
}

begin();
