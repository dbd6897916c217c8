// The words being written stay in this browser until they are sent. Email and consent are never kept.
const DRAFT_FIELDS = ['name', 'place', 'message'];
const DRAFT_DAYS = 30;

function draftKey(memorial) {
  return `tribute:draft:${memorial}`;
}

function kept(form, sent) {
  const fields = [...form.elements];
  const draft = { at: Date.now(), sent, base: form.dataset.base, gesture: fields.find((e) => e.name === 'gesture' && e.checked)?.value };
  for (const name of DRAFT_FIELDS) draft[name] = form.elements[name]?.value ?? '';
  return DRAFT_FIELDS.some((name) => draft[name].trim()) ? draft : null;
}

// <form data-draft="20-january">, or of mended words <form data-draft="1m8jskq3g9evr" data-base="2">: the tribute's version.
function draft(form) {
  const key = draftKey(form.dataset.draft);
  let pause = 0;
  const keep = (sent) => {
    clearTimeout(pause);
    pause = 0;
    write(key, kept(form, sent));
  };
  restore(form, read(key));
  if (read(key)?.sent && kept(form, false)) keep(false); // the form came back, so nothing has arrived
  form.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(keep, 400, false);
  });
  form.addEventListener('submit', (event) => keep(!event.submitter?.name));
  addEventListener('pagehide', () => pause && keep(false));
}

// Only into fields that are empty: what the server gave back is newer. What mends the very words that are shown is newer
// than these.
function restore(form, draft) {
  if (!draft || Date.now() - draft.at > DRAFT_DAYS * 864e5) return;
  const fields = DRAFT_FIELDS.map((name) => form.elements[name]).filter(Boolean);
  const untouched = fields.every((field) => field.value === '');
  const isNewer = Boolean(draft.base) && draft.base === form.dataset.base;
  for (const field of fields) if (isNewer || !field.value) field.value = draft[field.name] || '';
  for (const e of form.elements) if (untouched && draft.gesture && e.name === 'gesture') e.checked = e.value === draft.gesture;
}

// The receipt says that the words have arrived; a draft begun since then is another one.
function forgetDraft(memorial) {
  if (read(draftKey(memorial))?.sent) write(draftKey(memorial), null);
}
