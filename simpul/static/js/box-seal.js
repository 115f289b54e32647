// A form[data-box-seal] is sealed to the supervisor's key before it leaves this browser: fields with data-seal go into one sealed text
// and are not sent in clear. Where this cannot be done the page says that the server seals, and nothing goes before the button is pressed again.
"use strict";
(() => {
  const form = document.querySelector("form[data-box-seal]");
  const subtle = window.crypto && window.crypto.subtle;
  if (!form || !subtle) return;
  function tell(here) {
    document.querySelectorAll("[data-box-sealed-here]").forEach((one) => { one.hidden = !here; });
    document.querySelectorAll("[data-box-sealed-there]").forEach((one) => { one.hidden = here; });
  }
  tell(true);
  const ECDH = { name: "ECDH", namedCurve: "P-256" };
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const text = (given) => btoa(Array.from(given, (one) => String.fromCharCode(one)).join(""));

  function gathered() {
    const said = {};
    form.querySelectorAll("[data-seal]").forEach((field) => {
      const value = field.value.trim().slice(0, 5000);
      if (value) said[field.dataset.seal] = value;
    });
    return new TextEncoder().encode(JSON.stringify(said));
  }

  async function seal(plain) {
    const { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import(form.dataset.hpke);
    const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
    const recipientPublicKey = await subtle.importKey("raw", bytes(form.dataset.public), ECDH, true, []);
    const info = new TextEncoder().encode(form.dataset.info).buffer;
    const { ct, enc } = await suite.seal({ recipientPublicKey, info }, plain.buffer);
    const sealed = new Uint8Array(enc.byteLength + ct.byteLength);
    sealed.set(new Uint8Array(enc));
    sealed.set(new Uint8Array(ct), enc.byteLength);
    return sealed;
  }

  form.addEventListener("submit", async (event) => {
    if (form.dataset.ready) return;
    event.preventDefault();
    const missing = Array.from(form.querySelectorAll("[data-needed]")).find((field) => !field.value.trim());
    if (missing) {
      form.querySelectorAll("[data-needed]").forEach((field) => { field.required = true; });
      form.reportValidity();
      return;
    }
    try {
      const sealed = await seal(gathered());
      form.elements.sealed.value = text(sealed);
      form.querySelectorAll("[data-seal]").forEach((field) => { field.disabled = true; });
    } catch (fault) {
      form.elements.sealed.value = "";
      form.dataset.ready = "1";
      tell(false);
      document.querySelector("[data-box-sealed-there]").scrollIntoView();
      return;
    }
    form.dataset.ready = "1";
    form.submit();
  });
})();
