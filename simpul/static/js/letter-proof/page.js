// /surat/periksa/: checks a code on this device, with or without a network. Without this script the form asks the server.

import { isKeys, judge, verifier, GENUINE } from "./core.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-letter-check]"));
const told = form && JSON.parse(form.dataset.told ?? "{}");
const field = /** @type {HTMLTextAreaElement | null} */ (form?.querySelector("[name=kode]") ?? null);
const result = document.querySelector("[data-letter-result]");
const able = form && field && result && globalThis.crypto?.subtle;

/** The keys: fresh when there is a network, else those kept by the worker. */
async function keys() {
  const answer = await fetch(form.dataset.keys, { cache: "no-cache" });
  const body = await answer.json();
  if (!isKeys(body)) throw new Error("keys");
  return body;
}

/** @param {string} text */
function element(name, text, css = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (css) made.className = css;
  return made;
}

/** @param {string} text */
function dayWords(text) {
  return new Date(`${text}T12:00:00`).toLocaleDateString(document.documentElement.lang || "id", { day: "numeric", month: "long", year: "numeric" });
}

function row(list, name, value) {
  if (!value) return;
  const line = element("div", "", "govuk-summary-list__row govuk-summary-list__row--no-actions");
  line.append(element("dt", name, "govuk-summary-list__key"), element("dd", value, "govuk-summary-list__value"));
  list.append(line);
}

function show(verdict, made) {
  const box = element("div", "", `notice notice--${told.tones[verdict.state]}`);
  const title = element("h2", told.words[verdict.state], "notice__title");
  title.tabIndex = -1;
  box.append(title, element("p", told.next[verdict.state]));
  if (verdict.fields) {
    const list = element("dl", "", "govuk-summary-list");
    const { fields } = verdict;
    row(list, told.labels.number, fields.number);
    row(list, told.labels.date, dayWords(fields.letter_date));
    row(list, told.labels.village, verdict.village || fields.region_code);
    row(list, told.labels.name, fields.name);
    row(list, told.labels.until, fields.valid_until ? dayWords(fields.valid_until) : told.labels.no_end);
    box.append(list);
  }
  if (GENUINE.has(verdict.state)) box.append(element("p", told.labels.compare, "quiet"));
  if (made) box.append(element("p", `${told.labels.as_of} ${new Date(made).toLocaleString(document.documentElement.lang || "id")}`, "quiet"));
  result.replaceChildren(box);
  title.focus();
}

function today() {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}

async function check(text) {
  const known = await keys();
  show(await judge(text, known, today(), verifier(form.dataset.noble)), known.made_at);
}

if (able) {
  form.addEventListener("submit", (event) => {
    const file = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=berkas]"));
    if (file?.files?.length || !field.value.trim()) return; // files, and empty forms, are the server's to answer
    event.preventDefault();
    check(field.value).catch(() => form.submit());
  });
  field.addEventListener("input", () => {
    if (/^\s*SL\d+:/.test(field.value) && field.value.trim().length > 200) check(field.value).catch(() => undefined);
  });
  navigator.serviceWorker?.register(form.dataset.worker, { scope: form.dataset.scope }).then(
    () => navigator.serviceWorker.ready.then(() => form.querySelector("[data-letter-kept]")?.removeAttribute("hidden")),
    () => undefined,
  );
  camera();
}

/** A camera that reads codes, where the browser has one. */
async function camera() {
  const button = /** @type {HTMLButtonElement | null} */ (form.querySelector("[data-letter-camera]"));
  const video = /** @type {HTMLVideoElement | null} */ (form.querySelector("video"));
  if (!button || !video || !("BarcodeDetector" in globalThis) || !navigator.mediaDevices?.getUserMedia) return;
  const formats = await globalThis.BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return;
  const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
  /** @type {MediaStream | null} */
  let stream = null;
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    button.textContent = told.labels.camera;
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } });
    } catch {
      result.replaceChildren(element("p", told.labels.no_camera, "notice"));
      return undefined;
    }
    video.srcObject = stream;
    video.hidden = false;
    button.textContent = told.labels.stop;
    await video.play();
    while (stream) {
      const found = await detector.detect(video).catch(() => []);
      const code = found.map((one) => one.rawValue).find((text) => /^SL\d+:/.test(text));
      const address = found.map((one) => one.rawValue).find((text) => text.startsWith(`${location.origin}/surat/`));
      if (code) {
        stop();
        field.value = code;
        await check(code);
      } else if (address) {
        stop();
        location.assign(address);
      }
      await new Promise((next) => setTimeout(next, 150));
    }
    return undefined;
  });
}
