// Passkeys (WebAuthn). A form with data-passkey="get" or "create" asks the browser for a signature
// or a new key and sends it as JSON. The options come from #passkey-options or from the form's
// own address. https://www.w3.org/TR/webauthn-3/
"use strict";

(() => {
  const words = document.currentScript.dataset;

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  function readable(options) {
    const ready = { ...options, challenge: toBytes(options.challenge) };
    if (ready.user) ready.user = { ...ready.user, id: toBytes(ready.user.id) };
    for (const list of ["excludeCredentials", "allowCredentials"]) {
      ready[list] = (ready[list] ?? []).map((key) => ({ ...key, id: toBytes(key.id) }));
    }
    return ready;
  }

  function sendable(credential) {
    const response = {};
    for (const part of [
      "clientDataJSON",
      "attestationObject",
      "authenticatorData",
      "signature",
      "userHandle",
    ]) {
      if (credential.response[part]) response[part] = toText(credential.response[part]);
    }
    if (credential.response.getTransports) {
      response.transports = credential.response.getTransports();
    }
    return {
      type: credential.type,
      id: credential.id,
      rawId: toText(credential.rawId),
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  }

  async function optionsFor(form) {
    const data = document.getElementById("passkey-options");
    if (data) return JSON.parse(data.textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  }

  async function create(form) {
    const { publicKey } = (await optionsFor(form)).creation_options;
    const alone = form.elements.passwordless?.checked ?? false;
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone && { userVerification: "required" }),
    };
    return navigator.credentials.create({ publicKey: readable(publicKey) });
  }

  async function get(form) {
    const { publicKey } = (await optionsFor(form)).request_options;
    return navigator.credentials.get({ publicKey: readable(publicKey) });
  }

  function tell(form, error) {
    const problem = form.querySelector("[data-passkey-problem]");
    problem.hidden = false;
    problem.querySelector("span").textContent =
      error.name === "SecurityError" ? words.address : words.refused;
  }

  async function start(form) {
    form.querySelector("[data-passkey-problem]").hidden = true;
    try {
      const credential = form.dataset.passkey === "create" ? await create(form) : await get(form);
      form.elements.credential.value = JSON.stringify(sendable(credential));
      form.requestSubmit();
    } catch (error) {
      tell(form, error);
    }
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.querySelector("[data-passkey-start]").addEventListener("click", (event) => {
      if (!form.elements.credential.value) {
        event.preventDefault();
        start(form);
      }
    });
  }
})();
