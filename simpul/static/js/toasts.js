// Short reports with undo: gone after ten seconds, unless somebody is on them.
"use strict";
(() => {
  const live = document.getElementById("live");
  if (!live) return;
  const watch = (toast) => {
    if (toast.dataset.watched) return;
    toast.dataset.watched = "1";
    const tick = () => { if (toast.matches(":hover,:focus-within")) setTimeout(tick, 3000); else toast.remove(); };
    setTimeout(tick, 10000);
  };
  const watchAll = () => live.querySelectorAll("[data-toast]").forEach(watch);
  new MutationObserver(watchAll).observe(live, { childList: true });
  watchAll();
  live.addEventListener("click", (event) => event.target.closest("[data-close]")?.closest("[data-toast]")?.remove());
})();
