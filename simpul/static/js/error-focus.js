// The error summary takes the focus (also when it was swapped in), and its links land in the field.
"use strict";
(() => {
  const focus = () => document.querySelector("[data-focus]")?.focus();
  focus();
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.querySelector?.("[data-focus]")) focus(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".govuk-error-summary a[href^='#']");
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest("fieldset") || document.querySelector(`label[for="${CSS.escape(field.id)}"]`) || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
})();
