// Passkeys: asks the device for a key and sends its answer with the form. Forms marked data-passkey stay hidden where the
// browser knows no passkeys. data-passkey is "create", "get" or "sign-in" (the last fetches its options from the form's address).
(function () {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }

  function text(buffer) {
    if (!buffer) return null;
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function known(list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
  }

  function readable(options) {
    var asked = Object.assign({}, options.publicKey);
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user = Object.assign({}, asked.user, { id: bytes(asked.user.id) });
    if (asked.excludeCredentials) asked.excludeCredentials = known(asked.excludeCredentials);
    if (asked.allowCredentials) asked.allowCredentials = known(asked.allowCredentials);
    return asked;
  }

  function sendable(key) {
    var answer = key.response, sent = { clientDataJSON: text(answer.clientDataJSON) };
    if (answer.attestationObject) {
      sent.attestationObject = text(answer.attestationObject);
      sent.transports = answer.getTransports ? answer.getTransports() : [];
    } else {
      sent.authenticatorData = text(answer.authenticatorData);
      sent.signature = text(answer.signature);
      sent.userHandle = text(answer.userHandle);
    }
    return {
      id: key.id, rawId: text(key.rawId), type: key.type, response: sent,
      clientExtensionResults: key.getClientExtensionResults(),
      authenticatorAttachment: key.authenticatorAttachment || null
    };
  }

  async function optionsOf(form) {
    if (form.dataset.passkey !== "sign-in") return JSON.parse(form.dataset.options);
    var heads = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" };
    var answer = await fetch(form.action, { headers: heads, credentials: "same-origin" });
    if (!answer.ok) throw new Error("no options");
    return (await answer.json()).request_options;
  }

  async function ask(form) {
    var asked = readable(await optionsOf(form));
    if (form.dataset.passkey !== "create") return navigator.credentials.get({ publicKey: asked });
    var wish = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
    asked.authenticatorSelection = Object.assign({}, asked.authenticatorSelection, wish);
    return navigator.credentials.create({ publicKey: asked });
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var failed = form.querySelector("[data-passkey-failed]");
    form.hidden = false;
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      failed && (failed.hidden = true);
      try {
        var key = await ask(form);
        form.elements.credential.value = JSON.stringify(sendable(key));
        form.submit();
      } catch (fault) {
        failed && (failed.hidden = false);
      }
    });
  });
})();
