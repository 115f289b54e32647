// Drafts of form[data-draft="key"]: kept every two seconds in this tab only (sessionStorage), put back after an
// accident, cleared when the server says the form was taken ([data-draft-done="key"] anywhere on the next page; "key*" clears
// every draft whose key begins so). Only what differs from what the server sent is kept, each with what it was typed over: where
// the server sends something else by now (it was saved, or another wrote meanwhile), the draft of that field is void.
// A field that shows what was typed and is not saved yet says with data-stored what is.
// A page that saves parts by itself says so with the event "draft:saved" on the form (detail: names of the fields that were taken).
// Passwords, hidden fields and files are never kept. A [data-draft-note] inside the form tells what happened;
// its data-restored and data-saved hold the words. What one person typed is thrown away when another signs in here.
"use strict";
(() => {
  const PREFIX = "simpul.draft.";
  const keep = (control) => control.name && control.matches("input,select,textarea") && !control.matches("[type=password],[type=hidden],[type=file],[type=submit],[type=button],[data-no-draft]");
  const ticked = (control) => control.matches("[type=checkbox],[type=radio]");
  const chosen = (options) => [...options].map((one) => one.value).join("\n");
  const sent = (control) => {
    if (control.dataset.stored !== undefined) return control.dataset.stored;
    if (ticked(control)) return control.defaultChecked ? "1" : "";
    if (!control.matches("select")) return control.defaultValue;
    const own = [...control.options].filter((one) => one.defaultSelected);
    return own.length || control.multiple ? chosen(own) : [...control.options].find((one) => !one.disabled)?.value ?? "";
  };
  const shown = (control) => ticked(control) ? (control.checked ? "1" : "") : control.matches("select") ? chosen(control.selectedOptions) : control.value;
  const put = (control, text) => {
    if (ticked(control)) control.checked = text === "1";
    else if (control.matches("select[multiple]")) for (const one of control.options) one.selected = text.split("\n").includes(one.value);
    else control.value = text;
  };
  // Each field with a name of its own: the same name may stand several times in a form.
  const fields = (form) => {
    const times = {};
    return [...form.elements].filter(keep).map((control) => {
      const name = ticked(control) ? `${control.name}=${control.value}` : control.name;
      times[name] = (times[name] || 0) + 1;
      return [`${name}#${times[name]}`, control];
    });
  };
  const tell = (form, word) => { const note = form.querySelector("[data-draft-note]"); if (note) note.textContent = note.dataset[word] || ""; };
  const store = (key, text) => { try { if (text === null) sessionStorage.removeItem(PREFIX + key); else sessionStorage.setItem(PREFIX + key, text); return true; } catch { return false; } };
  const fetchDraft = (key) => { try { const found = JSON.parse(sessionStorage.getItem(PREFIX + key) || "null"); return found && !Array.isArray(found) ? found : {}; } catch { return {}; } };

  const start = (form) => {
    if (form.dataset.draftOn) return;
    form.dataset.draftOn = "1";
    const key = form.dataset.draft;
    const before = fetchDraft(key);
    // A form that came back with errors already holds what was typed.
    const back = !document.querySelector(".govuk-error-summary");
    let restored = false;
    for (const [name, control] of fields(form)) {
      const one = before[name];
      if (!one) continue;
      if (one.was !== sent(control)) { if (one.now !== sent(control)) delete before[name]; continue; }
      if (!back || shown(control) === one.now) continue;
      put(control, one.now);
      restored = true;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (restored) tell(form, "restored");
    const read = () => {
      const found = {};
      for (const [name, control] of fields(form)) {
        const now = shown(control);
        const known = before[name];
        if (now !== sent(control)) found[name] = { was: known && known.now === sent(control) ? known.was : sent(control), now };
        else if (known?.now === now) found[name] = known;
      }
      return found;
    };
    let stored = null;
    const save = () => {
      if (!form.isConnected) { clearInterval(timer); return; }
      const found = read();
      const now = JSON.stringify(found);
      if (now === stored) return;
      const first = stored === null;
      if (store(key, Object.keys(found).length ? now : null)) { stored = now; if (!first && Object.keys(found).length) tell(form, "saved"); }
    };
    const timer = setInterval(save, 2000);
    save();
    form.addEventListener("reset", () => { Object.keys(before).forEach((name) => delete before[name]); store(key, null); stored = "{}"; });
    form.addEventListener("submit", save);
    form.addEventListener("draft:saved", (event) => {
      const taken = new Set(event.detail || []);
      Object.keys(before).forEach((name) => { if (taken.has(name.replace(/#\d+$/, "").split("=")[0])) delete before[name]; });
      save();
    });
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
