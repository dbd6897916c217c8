// The private link: copy, share, print. Each button is shown only where it can do its work.
function selectText(place) {
  if (place.select) place.select();
  else getSelection().selectAllChildren(place);
}

async function copied(place, address) {
  try {
    await navigator.clipboard.writeText(address);
    return true;
  } catch {
    // No clipboard without a secure connection: the address is selected, and the older command tried.
    selectText(place);
    return document.execCommand('copy');
  }
}

// Said aloud, and for a moment by the button itself.
function tell(button, text) {
  const label = button.textContent;
  say(text);
  if (!text || label === text) return;
  button.textContent = text;
  setTimeout(() => (button.textContent = label), 2500);
}

function show(button, act) {
  if (!button) return;
  button.hidden = false;
  button.addEventListener('click', act);
}

// <section data-private-link> with the address in [data-address], an <input>, a link or plain text
function privateLink(section) {
  const place = section.querySelector('[data-address]');
  const address = place.value || place.href || place.textContent.trim();
  const copy = section.querySelector('[data-copy]');
  show(copy, async () => tell(copy, (await copied(place, address)) ? copy.dataset.copied : ''));
  if (navigator.share) show(section.querySelector('[data-share]'), () => navigator.share({ url: address }).catch(() => {}));
  show(section.querySelector('[data-print]'), () => print());
}
