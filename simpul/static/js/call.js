// The page of a call: a running clock, and Enter that moves on instead of sending.
//   data-clock-from="ISO"   shows how long ago that was, every second
//   form[data-enter-moves]  Enter in a line goes to the next field; Ctrl+Enter presses [data-main]
//   data-enter-to="id"      where Enter goes when something was written here
"use strict";
(() => {
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => document.querySelectorAll("[data-clock-from]").forEach((mark) => {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(mark.dataset.clockFrom)) / 1000));
    const hours = Math.floor(seconds / 3600);
    mark.textContent = `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  });
  const reach = (form) => [...form.elements].filter((control) => control.matches("input:not([type=hidden]):not([type=submit]),select,textarea") && !control.disabled && control.offsetParent !== null);
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-enter-moves]");
    if (!form || event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      const main = form.querySelector("[data-main]");
      if (main) { event.preventDefault(); main.click(); }
      return;
    }
    if (!event.target.matches("input:not([type=submit]):not([type=button]):not([type=file]),select")) return;
    event.preventDefault();
    const all = reach(form);
    const onward = event.target.value && document.getElementById(event.target.dataset.enterTo || "");
    const next = onward || all[all.indexOf(event.target) + 1];
    if (next) { next.focus(); next.select?.(); }
  });
  tick();
  setInterval(tick, 1000);
})();
