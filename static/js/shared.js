// What the enhancements share. Storage may be full, switched off or refused: then it is as if it were empty.
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {}
}

function each(selector, act) {
  document.querySelectorAll(selector).forEach(act);
}

// One polite region a page; what it says comes from the page, in the page's language.
function say(text) {
  let region = document.querySelector('[data-status]');
  if (!region) {
    region = document.createElement('p');
    region.className = 'vh';
    region.setAttribute('role', 'status');
    region.dataset.status = '';
    document.body.append(region);
  }
  region.textContent = text;
}

function number(value) {
  // Some browsers do not know Azerbaijani's numbers; Turkish writes them the same way.
  const lang = document.documentElement.lang || 'en';
  return value.toLocaleString(lang === 'az' ? 'tr' : lang);
}
