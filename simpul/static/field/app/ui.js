// Small pieces of pages. Text goes in as text nodes only: nothing that a person typed is ever read as markup.

import { BASE, t } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";

/** An element. `props`: attributes by name; `on` {event: function}; `data` {name: value}; true and false switch an attribute. */
export function el(tag, props = {}, ...kids) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (name === "data") for (const [key, said] of Object.entries(value)) node.dataset[key] = said;
    else if (name === "value" || name === "checked" || name === "srcObject") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...flat(kids));
  return node;
}

function flat(kids) {
  return kids.flat(3).filter((kid) => kid !== null && kid !== undefined && kid !== false && kid !== "").map((kid) => (kid instanceof Node ? kid : String(kid)));
}

export function fill(node, ...kids) {
  node.replaceChildren(...flat(kids));
  return node;
}

/** A picture beside words; the words say it all, so it is hidden from screen readers. */
export function icon(name, css = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${css}`.trim());
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("viewBox", "0 0 24 24");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${BASE}ikon.svg#${name}`);
  svg.append(use);
  return svg;
}

/** kind: "" (the main act of a page), "plain", "bad", "quiet", "good". */
export function button(label, act, { icon: picture = "", kind = "", type = "button", id = null, disabled = false, css = "" } = {}) {
  const look = ["btn", kind && `btn--${kind}`, css].filter(Boolean).join(" ");
  return el("button", { class: look, type, id, disabled, on: act ? { click: once(act) } : {} }, picture && icon(picture), el("span", {}, label));
}

/** A second tap while the first is still at work does nothing. */
function once(act) {
  let busy = false;
  return async (event) => {
    if (busy) return;
    busy = true;
    try {
      await act(event);
    } finally {
      busy = false;
    }
  };
}

export function link(label, href, { icon: picture = "", kind = "plain", css = "" } = {}) {
  return el("a", { class: `btn btn--${kind} ${css}`.trim(), href }, picture && icon(picture), el("span", {}, label));
}

/** A line of a list that opens something: large enough for a thumb. */
export function row({ href, act, picture, title, lines = [], tag = null, current = false }) {
  const inside = [
    picture && icon(picture, "row__icon"),
    el("span", { class: "row__words" }, el("span", { class: "row__title" }, title), lines.filter(Boolean).map((line) => (line instanceof Node ? line : el("span", { class: "row__line" }, line))), tag),
    (href || act) && icon("chevron", "row__go"),
  ].filter(Boolean);
  const look = current ? "row row--now" : "row";
  if (href) return el("li", {}, el("a", { class: look, href }, inside));
  if (!act) return el("li", {}, el("div", { class: look }, inside));
  return el("li", {}, el("button", { class: look, type: "button", on: { click: act } }, inside));
}

export function rows(items) {
  return el("ul", { class: "rows" }, items);
}

/** tone: "", "good", "warn", "bad". */
export function tag(words, tone = "") {
  return el("span", { class: tone ? `tag tag--${tone}` : "tag" }, words);
}

const TONE_ICONS = { bad: "warning", warn: "warning", good: "check", "": "idea" };

export function notice(tone, title, ...kids) {
  return el(
    "section",
    { class: tone ? `notice notice--${tone}` : "notice", role: tone === "bad" ? "alert" : null },
    icon(TONE_ICONS[tone] || "idea", "notice__icon"),
    el("div", { class: "notice__words" }, title && el("h2", { class: "notice__title" }, title), kids.map((kid) => (typeof kid === "string" ? el("p", {}, kid) : kid))),
  );
}

export function section(title, ...kids) {
  return el("section", { class: "section" }, title && el("h2", {}, title), kids);
}

export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false);
  return el("dl", { class: "facts" }, shown.map(([key, value]) => el("div", {}, el("dt", {}, key), el("dd", {}, value))));
}

export function empty(title, text, picture = "check") {
  return el("div", { class: "empty" }, icon(picture, "empty__icon"), el("p", { class: "empty__title" }, title), text && el("p", {}, text));
}

export function para(text, css = "") {
  return el("p", { class: css || null }, text);
}

/** A question that has to be answered before anything goes on. Resolves with the value of the pressed button; null when left. */
export function ask({ title, text = "", kids = [], answers }) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "dialog", "aria-labelledby": "dialog-title" });
    const leave = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    const buttons = answers.map(([value, label, kind = "plain"]) => button(label, () => leave(value), { kind }));
    dialog.append(el("h2", { id: "dialog-title" }, title), ...flat([text && para(text), kids]), el("div", { class: "buttons" }, buttons));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      leave(null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

let toastTimer = 0;

export function toast(words, tone = "good") {
  let place = document.getElementById("toast");
  if (!place) {
    place = el("div", { id: "toast", role: "status", class: "toast" });
    document.body.append(place);
  }
  place.className = `toast toast--${tone} toast--on`;
  fill(place, icon(tone === "good" ? "check" : "warning"), el("span", {}, words));
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => place.classList.remove("toast--on"), 4000);
}

/** A field's label, hint and place for its fault, around its control. */
export function field({ id, label, hint = "", control, fault = "" }) {
  const described = [hint && `${id}-hint`, `${id}-fault`].filter(Boolean).join(" ");
  control.setAttribute("id", id);
  control.setAttribute("aria-describedby", described);
  if (fault) control.setAttribute("aria-invalid", "true");
  return el(
    "div",
    { class: fault ? "field field--bad" : "field" },
    el("label", { for: id }, label),
    hint && el("p", { class: "hint", id: `${id}-hint` }, hint),
    el("p", { class: "fault", id: `${id}-fault`, hidden: !fault }, fault && icon("warning"), fault),
    control,
  );
}

/** One of several, as large buttons. `options`: [value, label, hint]. */
export function choices({ name, legend, hint = "", options, value, pick, many = false, fault = "", inline = false, visible = true }) {
  const type = many ? "checkbox" : "radio";
  const chosen = new Set(many ? value || [] : [value]);
  const boxes = options.map(([code, label, more]) =>
    el(
      "label",
      { class: "choice" },
      el("input", {
        type,
        name,
        value: code,
        checked: chosen.has(code),
        on: {
          change: (event) => {
            if (!many) pick(code);
            else {
              if (event.target.checked) chosen.add(code);
              else chosen.delete(code);
              pick([...chosen]);
            }
          },
        },
      }),
      el("span", { class: "choice__words" }, label, more && el("span", { class: "hint" }, more)),
    ),
  );
  return el(
    "fieldset",
    { class: fault ? "field field--bad" : "field" },
    el("legend", { class: visible ? null : "unseen" }, legend),
    hint && el("p", { class: "hint" }, hint),
    el("p", { class: "fault", hidden: !fault }, fault && icon("warning"), fault),
    el("div", { class: inline ? "choices choices--inline" : "choices" }, boxes),
  );
}

/** Give a file to the phone's own keeping. */
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  const anchor = el("a", { href: url, download: name, hidden: true });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Hand a file or a text to another app; false when this phone cannot. */
export async function share({ title, text, file }) {
  const what = file ? { title, files: [file] } : { title, text };
  if (!navigator.share || (file && !(navigator.canShare && navigator.canShare(what)))) return false;
  try {
    await navigator.share(what);
    return true;
  } catch (fault) {
    return fault.name === "AbortError";
  }
}

export function chooseFile(accept = "") {
  return new Promise((resolve) => {
    const input = el("input", { type: "file", accept, hidden: true, "aria-label": t("file.choose") });
    input.addEventListener("change", () => {
      resolve(input.files[0] || null);
      input.remove();
    });
    input.addEventListener("cancel", () => {
      resolve(null);
      input.remove();
    });
    document.body.append(input);
    input.click();
  });
}
