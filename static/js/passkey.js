// Passkeys: <form data-passkey="create|get" data-options="{…}"> with a hidden field `credential` and a hidden button.
function bytes(text) {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text64(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function withBytes(options) {
  const keys = (list) => list?.map((key) => ({ ...key, id: bytes(key.id) }));
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: keys(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: keys(options.allowCredentials) }),
  };
}

const PASSKEY_PARTS = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];

function asText(credential) {
  const { response } = credential;
  const parts = PASSKEY_PARTS.filter((name) => response[name]).map((name) => [name, text64(response[name])]);
  return JSON.stringify({
    id: credential.id,
    rawId: text64(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    extensions: JSON.stringify(credential.getClientExtensionResults()),
    response: { ...Object.fromEntries(parts), transports: response.getTransports?.() },
  });
}

function passkey(form) {
  const { passkey: kind, options, none, failed } = form.dataset;
  const note = form.querySelector('[data-passkey-note]');
  const button = form.querySelector('button');
  if (!window.PublicKeyCredential) {
    note.textContent = none;
    return;
  }
  const ask = async () => {
    note.textContent = '';
    try {
      const credential = await navigator.credentials[kind]({ publicKey: withBytes(JSON.parse(options)) });
      form.querySelector('[name=credential]').value = asText(credential);
      form.submit();
    } catch {
      note.textContent = failed; // refused, ended, or there is none: browsers do not say which
    }
  };
  button.hidden = false;
  button.addEventListener('click', (event) => {
    event.preventDefault();
    ask();
  });
  if ('atOnce' in form.dataset) ask();
}
