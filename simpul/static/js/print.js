// A button[data-print] prints this page; data-print="paper-a6" (paper-58, paper-a4) chooses the paper first.
"use strict";
(() => {
  const reveal = () => document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
  reveal();
  document.addEventListener("htmx:afterSwap", reveal);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-print]");
    if (!button) return;
    if (button.dataset.print) {
      document.body.classList.remove("paper-a6", "paper-58", "paper-a4");
      document.body.classList.add(button.dataset.print);
    }
    window.print();
  });
})();
