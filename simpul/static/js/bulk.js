// Several rows at once. A form[data-bulk] holds the rows' boxes ([data-tick]) and a [data-bulk-bar] with
// [data-bulk-count] and [data-bulk-names]: what will be changed is named before it is changed.
// Without a script the bar is simply always there. [data-tick-all] ticks every row shown.
"use strict";
(() => {
  const NAMED = 3;
  let last = null;
  const boxes = (form) => [...form.querySelectorAll("[data-tick]")];
  const show = (form) => {
    const bar = form.querySelector("[data-bulk-bar]");
    if (!bar) return;
    const ticked = boxes(form).filter((box) => box.checked);
    bar.hidden = ticked.length === 0;
    const count = bar.querySelector("[data-bulk-count]");
    if (count) count.textContent = String(ticked.length);
    const names = bar.querySelector("[data-bulk-names]");
    if (names) {
      const told = ticked.slice(0, NAMED).map((box) => box.dataset.name || box.value).join(", ");
      names.textContent = ticked.length > NAMED ? `${told} +${ticked.length - NAMED}` : told;
    }
    const all = form.querySelector("[data-tick-all]");
    if (all) {
      all.checked = ticked.length > 0 && ticked.length === boxes(form).length;
      all.indeterminate = ticked.length > 0 && !all.checked;
    }
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-bulk]");
    if (!form) return;
    if (event.target.matches("[data-tick-all]")) boxes(form).forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-tick-all],[data-tick]")) show(form);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-tick-none]")) {
      const form = event.target.closest("form[data-bulk]");
      boxes(form).forEach((box) => { box.checked = false; });
      show(form);
      return;
    }
    const box = event.target.closest("input[data-tick]");
    if (!box) return;
    if (event.shiftKey && last?.isConnected && last.form === box.form) {
      const all = boxes(box.form);
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
    }
    last = box;
  });
  const start = () => document.querySelectorAll("form[data-bulk]").forEach(show);
  start();
  document.addEventListener("htmx:afterSwap", start);
  window.addEventListener("pageshow", start);
})();
