// Reads an element aloud with the phone's own voice, where it has one for the language of the page.
// Text in .govuk-visually-hidden is spoken (numbers spelled out), text marked aria-hidden is not.
"use strict";
(() => {
  const voice = window.speechSynthesis;
  if (!voice || !window.SpeechSynthesisUtterance) return;
  const spoken = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true],script,button,.no-read").forEach((part) => part.remove());
    copy.querySelectorAll("p,li,dt,dd,h1,h2,h3,tr").forEach((part) => part.append(". "));
    return copy.textContent.replace(/\s+/g, " ").replace(/(\. )+/g, ". ").trim();
  };
  document.querySelectorAll("[data-read-aloud]").forEach((button) => {
    const target = document.getElementById(button.dataset.readAloud);
    if (!target || button.dataset.on) return;
    button.dataset.on = "1";
    button.hidden = false;
    const words = button.querySelector("span");
    const before = words.textContent;
    const rest = () => { words.textContent = before; button.setAttribute("aria-pressed", "false"); };
    button.addEventListener("click", () => {
      if (voice.speaking) { voice.cancel(); rest(); return; }
      // Short pieces: some phones fall silent in the middle of a long one.
      const pieces = spoken(target).match(/[^.!?]+[.!?]*/g) || [];
      pieces.forEach((piece, place) => {
        const speech = new SpeechSynthesisUtterance(piece.trim());
        speech.lang = document.documentElement.lang === "id" ? "id-ID" : document.documentElement.lang;
        speech.rate = 0.9;
        if (place === pieces.length - 1) speech.onend = rest;
        speech.onerror = rest;
        voice.speak(speech);
      });
      words.textContent = button.dataset.stop;
      button.setAttribute("aria-pressed", "true");
    });
  });
  window.addEventListener("pagehide", () => voice.cancel());
})();
