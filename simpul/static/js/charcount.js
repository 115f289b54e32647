// Counts what is left of a limit while typing; says it aloud only after a pause.
"use strict";
(() => {
  const length = (text) => [...text.replace(/\r\n/g, "\n")].length;
  const start = () => document.querySelectorAll("[data-charcount-for]").forEach((note) => {
    const box = document.getElementById(note.dataset.charcountFor);
    if (!box || note.dataset.on) return;
    note.dataset.on = "1";
    const limit = Number(note.dataset.limit);
    const spoken = document.createElement("span");
    spoken.className = "govuk-visually-hidden";
    spoken.setAttribute("aria-live", "polite");
    note.after(spoken);
    let pause = 0;
    const show = () => {
      const left = limit - length(box.value);
      const words = (left < 0 ? note.dataset.over : note.dataset.left).replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang));
      note.textContent = words;
      note.classList.toggle("charcount--over", left < 0);
      clearTimeout(pause);
      pause = setTimeout(() => { if (document.activeElement === box && left < limit / 10) spoken.textContent = words; }, 1200);
    };
    box.addEventListener("input", show);
    show();
  });
  start();
  document.addEventListener("htmx:afterSwap", start);
})();
