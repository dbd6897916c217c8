// The editor: what is typed stays in this browser until it is kept, and the preview follows it.
const TEXT_DAYS = 30;
const PREVIEW_REST = 900; // milliseconds

function typedIn(form) {
  const fields = [...form.elements].filter((e) => e.name && !/^(csrf_token|seen|follows|caught_up|preview)$/.test(e.name));
  return Object.fromEntries(fields.filter((e) => e.type !== 'radio' || e.checked).map((e) => [e.name, e.value]));
}

// <form data-text="20-january/2027/en" data-restore="…" data-restore-act="…">, with data-kept once the server has it
function keepTyped(form) {
  const key = `tribute:text:${form.dataset.text}`;
  if ('kept' in form.dataset) write(key, null);
  const found = read(key);
  const shown = typedIn(form);
  const differs = found && Object.entries(found.typed).some(([name, value]) => name in shown && shown[name] !== value);
  if (differs && Date.now() - found.at < TEXT_DAYS * 864e5) offer(form, found.typed);
  let pause = 0;
  const keep = () => {
    clearTimeout(pause);
    pause = 0;
    write(key, { at: Date.now(), typed: typedIn(form) });
  };
  form.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(keep, 400);
  });
  form.addEventListener('submit', keep);
  addEventListener('pagehide', () => pause && keep());
}

function offer(form, typed) {
  const note = document.createElement('div');
  const said = document.createElement('p');
  const act = document.createElement('button');
  note.className = 'note undo';
  note.setAttribute('role', 'status');
  said.textContent = form.dataset.restore;
  act.type = 'button';
  act.className = 'act';
  act.textContent = form.dataset.restoreAct;
  act.addEventListener('click', () => {
    for (const e of form.elements) {
      if (!(e.name in typed)) continue;
      if (e.type === 'radio') e.checked = e.value === typed[e.name];
      else e.value = typed[e.name];
    }
    note.remove();
    form.dispatchEvent(new Event('input'));
    form.elements.title.focus();
  });
  note.append(said, act);
  form.before(note);
}

// Read as a document, so that nothing here ever makes HTML of a text.
function previewBeside(form) {
  const place = document.querySelector('[data-preview-here]');
  let pause, asking;
  const show = (page) => {
    const found = page?.querySelector('[data-previewed]');
    if (!found) return;
    const title = document.createElement('h2');
    title.textContent = place.dataset.previewTitle;
    for (const h1 of found.querySelectorAll('h1')) h1.remove();
    place.replaceChildren(title, document.adoptNode(found));
    place.hidden = false;
  };
  const ask = () => {
    asking?.abort();
    asking = new XMLHttpRequest();
    asking.responseType = 'document';
    asking.addEventListener('load', (event) => show(event.target.status === 200 ? event.target.responseXML : null));
    asking.open('POST', form.action);
    const said = new FormData(form);
    said.set('preview', '1');
    asking.send(said);
  };
  form.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(ask, PREVIEW_REST);
  });
}
