// A button[data-copy="text"] (or data-copy-from="id") puts text on the clipboard; data-copied holds the words that say so.
"use strict";
(() => {
  if (!navigator.clipboard) return;
  const reveal = () => document.querySelectorAll("[data-copy],[data-copy-from]").forEach((button) => { button.hidden = false; });
  reveal();
  document.addEventListener("htmx:afterSwap", reveal);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy],[data-copy-from]");
    if (!button) return;
    const text = button.dataset.copy || document.getElementById(button.dataset.copyFrom)?.textContent.trim() || "";
    try { await navigator.clipboard.writeText(text); } catch { return; }
    const words = button.querySelector("span") || button;
    const before = words.textContent;
    if (!button.dataset.copied || words.textContent === button.dataset.copied) return;
    words.textContent = button.dataset.copied;
    setTimeout(() => { words.textContent = before; }, 2500);
  });
})();
