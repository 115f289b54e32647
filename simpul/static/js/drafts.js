// Drafts of form[data-draft="key"]: kept every two seconds in this tab only (sessionStorage), put back after an
// accident, cleared when the server says the form was taken ([data-draft-done="key"] anywhere on the next page; "key*" clears
// every draft whose key begins so).
// Passwords, hidden fields and files are never kept. A [data-draft-note] inside the form tells what happened;
// its data-restored and data-saved hold the words. What one person typed is thrown away when another signs in here.
"use strict";
(() => {
  const PREFIX = "simpul.draft.";
  const keep = (control) => control.name && !control.matches("[type=password],[type=hidden],[type=file],[type=submit],[type=button],[data-no-draft]");
  const read = (form) => {
    const values = [];
    for (const control of form.elements) {
      if (!keep(control)) continue;
      if (control.matches("[type=checkbox],[type=radio]")) { if (control.checked) values.push([control.name, control.value]); }
      else if (control.value !== control.defaultValue || control.matches("select")) values.push([control.name, control.value]);
    }
    return values;
  };
  const blank = (form) => JSON.stringify(read(form));
  const tell = (form, word) => { const note = form.querySelector("[data-draft-note]"); if (note) note.textContent = note.dataset[word] || ""; };
  const store = (key, text) => { try { if (text === null) sessionStorage.removeItem(PREFIX + key); else sessionStorage.setItem(PREFIX + key, text); return true; } catch { return false; } };
  const fetchDraft = (key) => { try { return JSON.parse(sessionStorage.getItem(PREFIX + key) || "null"); } catch { return null; } };

  const restore = (form, values) => {
    const left = values.map(([name, value]) => ({ name, value }));
    for (const control of form.elements) {
      if (!keep(control)) continue;
      if (control.matches("[type=checkbox],[type=radio]")) {
        control.checked = left.some((entry) => entry.name === control.name && entry.value === control.value);
      } else {
        const place = left.findIndex((entry) => entry.name === control.name);
        if (place >= 0) control.value = left.splice(place, 1)[0].value;
      }
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const start = (form) => {
    if (form.dataset.draftOn) return;
    form.dataset.draftOn = "1";
    const key = form.dataset.draft;
    const draft = fetchDraft(key);
    const untouched = blank(form);
    // A form that came back with errors already holds what was typed.
    if (draft && !document.querySelector(".govuk-error-summary") && JSON.stringify(draft) !== untouched) {
      restore(form, draft);
      tell(form, "restored");
    }
    let stored = JSON.stringify(draft);
    const save = () => {
      if (!form.isConnected) { clearInterval(timer); return; }
      const now = blank(form);
      if (now === stored || (now === untouched && !draft)) return;
      if (store(key, now)) { stored = now; tell(form, "saved"); }
    };
    const timer = setInterval(save, 2000);
    form.addEventListener("reset", () => store(key, null));
    form.addEventListener("submit", save);
    window.addEventListener("pagehide", save);
  };
  const OWNER = "simpul.draft-owner";
  const disown = () => {
    const mark = document.querySelector("meta[name=draft-owner]");
    if (!mark) return;
    try {
      if (sessionStorage.getItem(OWNER) !== mark.content) Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => sessionStorage.removeItem(key));
      sessionStorage.setItem(OWNER, mark.content);
    } catch { /* nothing is kept in this window */ }
  };
  const done = (key) => {
    if (!key.endsWith("*")) { store(key, null); return; }
    try { Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX + key.slice(0, -1))).forEach((name) => sessionStorage.removeItem(name)); } catch { /* nothing is kept in this window */ }
  };
  const sweep = () => {
    document.querySelectorAll("[data-draft-done]").forEach((mark) => done(mark.dataset.draftDone));
    document.querySelectorAll("form[data-draft]").forEach(start);
  };
  disown();
  sweep();
  document.addEventListener("htmx:afterSwap", sweep);
})();
