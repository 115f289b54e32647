// Leave this page: covers it at once, ends the session in the background, and replaces it in the history by somewhere harmless.
// The link works without a script; Shift pressed three times within two seconds does the same.
"use strict";
(() => {
  const link = document.querySelector("[data-exit]");
  if (!link) return;
  const leave = () => {
    const veil = document.createElement("div");
    veil.className = "exit-veil";
    document.body.append(veil);
    document.title = " ";
    try { sessionStorage.clear(); } catch { /* nothing kept, nothing to clear */ }
    fetch(link.href, { credentials: "same-origin", keepalive: true, redirect: "manual" }).catch(() => {});
    window.location.replace(link.dataset.exit);
  };
  link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  let presses = [];
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") { presses = []; return; }
    const now = Date.now();
    presses = [...presses.filter((then) => now - then < 2000), now];
    if (presses.length >= 3) leave();
  });
})();
