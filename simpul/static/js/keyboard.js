// The keys of the desk. Every key presses something that can also be clicked:
//   data-key="e"   focuses a field or clicks a link or button
//   data-go="i"    a menu entry, reached by g then i
//   data-row       a row that j and k move over; its first link opens with Enter, its tick box with x
//   data-opens="id" opens a <dialog>
"use strict";
(() => {
  let waitingForGo = 0;
  const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable],form[data-enter-moves] input");
  const shown = (element) => element && element.offsetParent !== null;
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(shown);

  const here = () => document.querySelector("[data-row].is-here") || document.activeElement.closest?.("[data-row]");
  const stand = (row) => {
    document.querySelectorAll(".is-here").forEach((other) => other.classList.remove("is-here"));
    row.classList.add("is-here");
    row.querySelector("a,button")?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const now = all.indexOf(here());
    stand(all[Math.max(0, Math.min(all.length - 1, now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by))]);
  };
  const press = (element) => {
    if (element.matches("input:not([type=submit]):not([type=button]),textarea,select")) { element.focus(); element.select?.(); }
    else if (element.matches("details")) { element.open = true; element.querySelector("summary").focus(); }
    else element.click();
  };
  const open = (id) => { const dialog = document.getElementById(id); if (dialog?.showModal && !dialog.open) dialog.showModal(); };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { key, target } = event;
    if (key === "Escape") {
      if (typing(target)) target.blur();
      else document.dispatchEvent(new CustomEvent("simpul:close"));
      return;
    }
    if (typing(target) || document.querySelector("dialog[open]")) return;
    if (Date.now() < waitingForGo) {
      waitingForGo = 0;
      const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    if (key === "g") { waitingForGo = Date.now() + 1500; return; }
    if (key === "j" || key === "k") { event.preventDefault(); step(key === "j" ? 1 : -1); return; }
    if (key === "x") { const tick = here()?.querySelector("[data-tick]"); if (tick) { event.preventDefault(); tick.click(); } return; }
    if (key === "?") { event.preventDefault(); open("keyboard-help"); return; }
    const bound = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(shown);
    if (bound) { event.preventDefault(); press(bound); }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) open(opener.dataset.opens);
  });
  const reveal = () => document.querySelectorAll("[data-opens]").forEach((button) => { button.hidden = false; });
  reveal();
  document.addEventListener("htmx:afterSwap", reveal);
})();
