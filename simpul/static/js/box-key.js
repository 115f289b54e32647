// A supervisor's key for the election box: made here, and only its public half and its wrapped private half are sent.
// The passphrase fields have no name: what is typed there never leaves this page.
"use strict";
(() => {
  const form = document.querySelector("form[data-box-key]");
  const subtle = window.crypto && window.crypto.subtle;
  if (!form || !subtle) return;
  form.hidden = false;
  document.querySelectorAll("[data-box-no-key]").forEach((one) => { one.hidden = true; });
  const fault = form.querySelector("[data-box-fault]");
  const first = form.querySelector("[data-box-pass]");
  const second = form.querySelector("[data-box-again]");
  const text = (given) => btoa(Array.from(new Uint8Array(given), (one) => String.fromCharCode(one)).join(""));

  function say(words) {
    fault.textContent = words;
    fault.hidden = !words;
  }

  async function make(passphrase) {
    const turns = Number(form.dataset.turns);
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const pair = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
    const secret = await subtle.importKey("raw", new TextEncoder().encode(passphrase), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: turns };
    const key = await subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const hidden = await subtle.encrypt({ name: "AES-GCM", iv }, key, await subtle.exportKey("pkcs8", pair.privateKey));
    const wrapped = new Uint8Array(12 + hidden.byteLength);
    wrapped.set(iv);
    wrapped.set(new Uint8Array(hidden), 12);
    form.elements.public.value = text(await subtle.exportKey("raw", pair.publicKey));
    form.elements.wrapped.value = text(wrapped);
    form.elements.salt.value = text(salt);
    form.elements.turns.value = String(turns);
  }

  form.addEventListener("submit", async (event) => {
    if (form.dataset.ready) return;
    event.preventDefault();
    if (first.value.length < Number(form.dataset.shortest)) return say(form.dataset.short);
    if (first.value !== second.value) return say(form.dataset.differs);
    say("");
    try {
      await make(first.value);
    } catch (wrong) {
      return say(form.dataset.cannot);
    }
    first.value = second.value = "";
    form.dataset.ready = "1";
    form.submit();
  });
})();
