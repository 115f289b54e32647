// The panel beside a list. A plain click on a row's link loads it there through htmx; the list keeps its place.
// With Ctrl, the middle button, or on a narrow screen without room, the link is an ordinary link.
"use strict";
(() => {
  const panel = () => document.getElementById("panel");
  let opener = null;
  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-Simpul-Panel"] = "1"; });
  document.addEventListener("htmx:confirm", (event) => {
    const link = event.target.closest?.("[data-panel]");
    const click = event.detail.triggeringEvent;
    if (link && click && (click.ctrlKey || click.metaKey || click.shiftKey || click.button === 1)) {
      event.preventDefault();
      window.open(link.href, "_blank", "noopener");
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== panel()) return;
    document.querySelectorAll(".is-open").forEach((row) => row.classList.remove("is-open"));
    opener = event.detail.requestConfig?.elt?.closest?.("[data-panel]") || opener;
    opener?.closest("[data-row]")?.classList.add("is-open");
    panel().scrollTop = 0;
    const head = panel().querySelector("h1,h2,[data-panel-head]");
    if (head) { head.tabIndex = -1; head.focus({ preventScroll: true }); }
  });
  document.addEventListener("htmx:responseError", (event) => {
    const link = event.target.closest?.("[data-panel]");
    if (link) window.location.assign(link.href);
  });
  document.addEventListener("htmx:sendError", (event) => {
    const link = event.target.closest?.("[data-panel]");
    if (link) window.location.assign(link.href);
  });
  const close = () => {
    if (!panel()?.firstElementChild) return;
    panel().replaceChildren();
    document.querySelectorAll(".is-open").forEach((row) => row.classList.remove("is-open"));
    opener?.focus();
  };
  document.addEventListener("simpul:close", close);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-panel-close]")) { event.preventDefault(); close(); } });
})();
