// Typing sheets in: Enter and arrows move between lines, pasted cells spread, a line that is left is saved by itself.
// (in a stack it is only looked at: its line comes back "ready" or with questions, and the button saves).
// Without this script the form works: the button saves every line that was touched.
"use strict";
(() => {
  const form = document.querySelector("form[data-grid]");
  if (!form) return;
  const said = form.querySelector("[data-grid-said]");
  const say = (word) => { if (said) said.textContent = said.dataset[word] || ""; };
  const lines = () => [...form.querySelectorAll("[data-line]")];
  const places = (line) => [...line.querySelectorAll("[data-cell],[data-none]")];
  const inside = (line) => [...line.querySelectorAll("[data-cell],[data-sure]")];
  const value = (line) => JSON.stringify(inside(line).map((cell) => (cell.type === "checkbox" ? cell.checked : cell.value)));
  // What the server sent: a line into which a draft was put back differs from it, and is saved when it is left.
  const sent = (cell) => cell.type === "checkbox" ? cell.defaultChecked : cell.matches("select") ? ([...cell.options].find((one) => one.defaultSelected) ?? cell.options[0])?.value : cell.defaultValue;
  const seen = new WeakMap();
  const note = (line) => seen.set(line, JSON.stringify(inside(line).map(sent)));
  lines().forEach(note);

  const move = (cell, by) => {
    const line = cell.closest("[data-line]");
    const column = places(line).indexOf(cell);
    const all = lines();
    for (let at = all.indexOf(line) + by; all[at]; at += by) {
      const next = places(all[at])[column];
      if (next?.matches("[data-cell]")) { next.focus(); next.select?.(); return true; }
    }
    return false;
  };

  const body = (line) => {
    const data = new URLSearchParams();
    form.querySelectorAll("input[type=hidden]").forEach((one) => data.append(one.name, one.value));
    line.querySelectorAll("[data-cell],[data-sure]").forEach((one) => { if (one.type !== "checkbox" || one.checked) data.append(one.name, one.value); });
    return data;
  };

  // What is saved needs no draft any more.
  const taken = (line) => form.dispatchEvent(new CustomEvent("draft:saved", { detail: [...line.querySelectorAll("[name]")].map((one) => one.name) }));

  const save = async (line) => {
    const now = value(line);
    if (seen.get(line) === now) return;
    seen.set(line, now);
    try {
      const answer = await fetch(line.dataset.line, { method: "POST", body: body(line), headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const text = await answer.text();
      if (value(line) !== now) { seen.delete(line); return; }
      const fresh = new DOMParser().parseFromString(`<table>${text}</table>`, "text/html").querySelector("[data-line]");
      if (!fresh) throw new Error("no line");
      const focused = line.contains(document.activeElement) ? document.activeElement.name : "";
      line.replaceWith(fresh);
      note(fresh);
      if (focused) fresh.querySelector(`[name="${CSS.escape(focused)}"]`)?.focus();
      if (fresh.dataset.state === "saved") taken(line);
      say({ kept: "kept", fault: "kept", ready: "ready", "": "" }[fresh.dataset.state] ?? "saved");
    } catch { seen.delete(line); say("failed"); }
  };

  form.addEventListener("focusout", (event) => {
    const line = event.target.closest("[data-line]");
    if (line && !line.contains(event.relatedTarget)) save(line);
  });
  form.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const choosing = cell.matches("select");
    const by = event.key === "Enter" || (event.key === "ArrowDown" && !choosing) ? 1 : event.key === "ArrowUp" && !choosing ? -1 : 0;
    if (!by || cell.getAttribute("list") && event.key !== "Enter") return;
    event.preventDefault();
    if (!move(cell, event.shiftKey ? -by : by)) cell.closest("[data-line]").querySelector("[data-cell]").focus();
  });
  form.addEventListener("click", (event) => {
    const use = event.target.closest("[data-use]");
    if (use) {
      event.preventDefault();
      const cell = use.closest("td").querySelector("[data-cell]");
      cell.value = use.dataset.use;
      cell.focus();
      save(use.closest("[data-line]"));
    }
    const clear = event.target.closest("[data-clear]");
    if (clear) {
      event.preventDefault();
      const line = clear.closest("[data-line]");
      line.querySelectorAll("[data-cell],select[data-sure]").forEach((cell) => { cell.value = ""; });
      line.querySelectorAll("input[data-sure]").forEach((box) => { box.checked = false; });
      line.querySelector("[data-cell]").focus();
      save(line);
    }
  });
  form.addEventListener("change", (event) => { if (event.target.matches("[data-sure]")) save(event.target.closest("[data-line]")); });

  const put = (cell, text) => {
    if (!cell.matches("select")) { cell.value = text; return; }
    const wanted = text.trim().toLowerCase();
    const option = [...cell.options].find((one) => wanted && (one.value.toLowerCase() === wanted || one.text.toLowerCase().startsWith(wanted)));
    if (option) cell.value = option.value;
  };
  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-cell]");
    const text = event.clipboardData?.getData("text") || "";
    if (!cell || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const all = lines();
    const first = all.indexOf(cell.closest("[data-line]"));
    const column = places(all[first]).indexOf(cell);
    const touched = [];
    text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((row, down) => {
      const line = all[first + down];
      if (!line) return;
      row.split("\t").forEach((part, across) => {
        const place = places(line)[column + across];
        if (place?.matches("[data-cell]") && part.trim()) put(place, part.trim());
      });
      touched.push(line);
    });
    touched.forEach(save);
  });
})();
