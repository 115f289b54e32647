// Row height, remembered on this device. Loaded before the page is drawn so that rows never jump.
"use strict";
(() => {
  const KEY = "simpul.density";
  const root = document.documentElement;
  const read = () => { try { return localStorage.getItem(KEY) || "comfortable"; } catch { return "comfortable"; } };
  const apply = (name) => {
    root.classList.toggle("compact", name === "compact");
    document.querySelectorAll("[data-density]").forEach((button) => {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(button.dataset.density === name));
    });
    document.querySelectorAll("[data-density-menu]").forEach((head) => { head.hidden = false; });
  };
  apply(read());
  document.addEventListener("DOMContentLoaded", () => apply(read()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-density]");
    if (!button) return;
    try { localStorage.setItem(KEY, button.dataset.density); } catch { /* a private window: the choice lasts for this page */ }
    apply(button.dataset.density);
  });
})();
