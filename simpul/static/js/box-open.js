// A sealed report is opened here, in the supervisor's browser: passphrase, key and content never go to the server.
"use strict";
(() => {
  const box = document.querySelector("[data-box-open]");
  const subtle = window.crypto && window.crypto.subtle;
  if (!box || !subtle) return;
  box.hidden = false;
  document.querySelectorAll("[data-box-no-key]").forEach((one) => { one.hidden = true; });
  const given = box.dataset;
  const form = box.querySelector("form");
  const pass = box.querySelector("[data-box-pass]");
  const fault = box.querySelector("[data-box-fault]");
  const list = box.querySelector("[data-box-content]");
  const after = box.querySelector("[data-box-after]");
  const ECDH = { name: "ECDH", namedCurve: "P-256" };
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

  async function privateKey(passphrase) {
    const wrapped = bytes(given.wrapped);
    const secret = await subtle.importKey("raw", new TextEncoder().encode(passphrase), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(given.salt), iterations: Number(given.turns) };
    const key = await subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    const plain = await subtle.decrypt({ name: "AES-GCM", iv: wrapped.slice(0, 12) }, key, wrapped.slice(12));
    return subtle.importKey("pkcs8", plain, ECDH, false, ["deriveBits"]);
  }

  async function opened(key) {
    const { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import(given.hpke);
    const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
    const publicKey = await subtle.importKey("raw", bytes(given.public), ECDH, true, []);
    const sealed = bytes(given.sealed);
    const info = new TextEncoder().encode(given.info).buffer;
    const asked = { recipientKey: { privateKey: key, publicKey }, enc: sealed.slice(0, 65).buffer, info };
    return JSON.parse(new TextDecoder().decode(await suite.open(asked, sealed.slice(65).buffer)));
  }

  function show(said) {
    const labels = JSON.parse(given.labels);
    list.replaceChildren();
    labels.forEach(([key, label]) => {
      if (!said[key]) return;
      const row = document.createElement("div");
      row.className = "govuk-summary-list__row";
      const name = document.createElement("dt");
      name.className = "govuk-summary-list__key";
      name.textContent = label;
      const value = document.createElement("dd");
      value.className = "govuk-summary-list__value post-said";
      value.textContent = String(said[key]);
      row.append(name, value);
      list.append(row);
    });
    form.hidden = true;
    after.hidden = false;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    try {
      show(await opened(await privateKey(pass.value)));
    } catch (wrong) {
      fault.hidden = false;
    }
    pass.value = "";
  });
  box.querySelector("[data-box-close]").addEventListener("click", () => {
    list.replaceChildren();
    after.hidden = true;
    form.hidden = false;
  });
})();
