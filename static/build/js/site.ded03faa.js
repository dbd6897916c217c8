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
const lang = document.documentElement.lang || 'en';
return value.toLocaleString(lang === 'az' ? 'tr' : lang);
}
function menu(details) {
details.addEventListener('keydown', (event) => {
if (event.key !== 'Escape' || !details.open) return;
details.open = false;
details.querySelector('summary').focus();
});
addEventListener('click', (event) => {
if (!details.contains(event.target)) details.open = false;
});
details.addEventListener('focusout', (event) => {
if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false;
});
}
function lengthOf(text) {
return 'Segmenter' in Intl ? [...new Intl.Segmenter().segment(text)].length : [...text].length;
}
function counter(field) {
const place = document.querySelector(`[data-counter-for="${field.id}"]`);
if (!place) return;
let pause;
const show = () => {
const left = Number(field.dataset.counter) - lengthOf(field.value);
const words = left < 0 ? place.dataset.over || place.dataset.left : place.dataset.left;
place.textContent = words.replace('{n}', number(left < 0 && place.dataset.over ? -left : left));
place.classList.toggle('over', left < 0);
return left;
};
field.addEventListener('input', () => {
const left = show();
clearTimeout(pause);
if (left <= 100) pause = setTimeout(() => say(place.textContent), 1200);
});
place.hidden = false;
show();
}
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
function restore(form, draft) {
if (!draft || Date.now() - draft.at > DRAFT_DAYS * 864e5) return;
const fields = DRAFT_FIELDS.map((name) => form.elements[name]).filter(Boolean);
const untouched = fields.every((field) => field.value === '');
const isNewer = Boolean(draft.base) && draft.base === form.dataset.base;
for (const field of fields) if (isNewer || !field.value) field.value = draft[field.name] || '';
for (const e of form.elements) if (untouched && draft.gesture && e.name === 'gesture') e.checked = e.value === draft.gesture;
}
function forgetDraft(memorial) {
if (read(draftKey(memorial))?.sent) write(draftKey(memorial), null);
}
function selectText(place) {
if (place.select) place.select();
else getSelection().selectAllChildren(place);
}
async function copied(place, address) {
try {
await navigator.clipboard.writeText(address);
return true;
} catch {
selectText(place);
return document.execCommand('copy');
}
}
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
function privateLink(section) {
const place = section.querySelector('[data-address]');
const address = place.value || place.href || place.textContent.trim();
const copy = section.querySelector('[data-copy]');
show(copy, async () => tell(copy, (await copied(place, address)) ? copy.dataset.copied : ''));
if (navigator.share) show(section.querySelector('[data-share]'), () => navigator.share({ url: address }).catch(() => {}));
show(section.querySelector('[data-print]'), () => print());
}
const DEVICE = 'tribute:device';
const DEVICE_MOST = 50;
function seen() {
const list = read(DEVICE);
return Array.isArray(list) ? list.filter((one) => typeof one?.url === 'string' && one.url.startsWith('/')) : [];
}
function remember(receipt) {
const { receiptUrl: url, receiptLabel: label, receiptDay: day } = receipt.dataset;
const id = url.split('/')[3];
const others = seen().filter((one) => one.url.split('/')[3] !== id);
write(DEVICE, [{ url, label, day }, ...others].slice(0, DEVICE_MOST));
}
function item({ url, label, day }) {
const [li, link] = [document.createElement('li'), document.createElement('a')];
link.href = url;
link.textContent = [label, day].filter(Boolean).join(', ');
li.append(link);
return li;
}
function device(section) {
const list = seen();
const forget = section.querySelector('[data-forget]');
if (!list.length) return;
section.querySelector('ul').append(...list.map(item));
section.hidden = false;
forget.addEventListener('click', () => {
write(DEVICE, null);
section.hidden = true;
document.querySelector('main').focus();
say(forget.dataset.forgotten || '');
});
}
const SUGGEST_REST = 120; // milliseconds
const SUGGEST_LETTERS = 2;
const SUGGEST_MOST = 8;
const WORDS = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’ʼ]*/gu;
class Suggestions {
constructor(form) {
this.form = form;
this.field = form.querySelector('[type=search]');
this.list = form.querySelector('.suggestions');
this.known = new Map();
this.active = -1;
this.name();
this.listen();
}
name() {
this.list.setAttribute('role', 'listbox');
const says = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': this.list.id };
for (const [name, value] of Object.entries(says)) this.field.setAttribute(name, value);
}
listen() {
this.field.addEventListener('input', () => this.typed());
this.field.addEventListener('keydown', (event) => this.pressed(event));
this.field.addEventListener('blur', () => this.close());
this.form.addEventListener('submit', () => this.close());
this.list.addEventListener('pointerdown', (event) => event.preventDefault());
this.list.addEventListener('mousedown', (event) => event.preventDefault());
this.list.addEventListener('click', (event) => this.choose(event.target.closest('[role=option]')));
}
get isOpen() {
return !this.list.hidden;
}
typed() {
const text = this.field.value;
this.forget();
this.mark(-1);
const last = text.match(WORDS)?.pop() ?? '';
if (!text.endsWith(last) || [...last].length < SUGGEST_LETTERS) this.close();
else if (this.known.has(text)) this.show(text);
else this.pause = setTimeout(() => this.ask(text), SUGGEST_REST);
}
forget() {
clearTimeout(this.pause);
this.asking?.abort();
}
async ask(text) {
const asking = (this.asking = new AbortController());
try {
const answer = await fetch(`${this.form.dataset.suggest}?${new URLSearchParams({ q: text })}`, { signal: asking.signal });
if (!answer.ok) return this.close();
const { suggestions } = await answer.json();
this.known.set(text, suggestions.filter((one) => one !== text).slice(0, SUGGEST_MOST));
} catch {
if (!asking.signal.aborted) this.close();
return;
}
if (!asking.signal.aborted && this.field.value === text && document.activeElement === this.field) this.show(text);
}
show(text) {
const found = this.known.get(text);
const wasOpen = this.isOpen;
this.list.replaceChildren(...found.map(option));
this.open(found.length > 0);
if (found.length) say(this.form.dataset.suggested.replace('{n}', number(found.length)));
else if (wasOpen) say(this.form.dataset.none);
}
open(isOpen) {
this.mark(-1);
this.list.hidden = !isOpen;
this.field.setAttribute('aria-expanded', String(isOpen));
}
close() {
this.forget();
if (this.isOpen) this.open(false);
}
mark(index) {
this.active = index;
[...this.list.children].forEach((each, at) => each.setAttribute('aria-selected', String(at === index)));
const chosen = this.list.children[index];
if (!chosen) return this.field.removeAttribute('aria-activedescendant');
this.field.setAttribute('aria-activedescendant', chosen.id);
chosen.scrollIntoView({ block: 'nearest' });
}
step(by) {
const places = this.list.children.length + 1;
this.mark(((this.active + 1 + by + places) % places) - 1);
}
pressed(event) {
if (event.isComposing || event.ctrlKey || event.metaKey) return;
const keys = { ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1), Escape: () => this.close() };
if (event.key === 'ArrowDown' && !this.isOpen) this.typed();
else if (!this.isOpen) return;
else if (event.key === 'Enter' && this.active >= 0) this.choose(this.list.children[this.active]);
else if (event.key in keys) keys[event.key]();
else if (['Home', 'End', 'ArrowLeft', 'ArrowRight'].includes(event.key)) return this.mark(-1);
else return;
event.preventDefault();
}
choose(chosen) {
if (!chosen) return;
this.field.value = chosen.textContent;
this.close();
this.form.requestSubmit();
}
}
function option(words, index) {
const li = document.createElement('li');
li.id = `suggestion-${index + 1}`;
li.setAttribute('role', 'option');
li.dir = 'auto';
li.textContent = words;
return li;
}
function suggest(form) {
new Suggestions(form);
}
const WORK_PATIENCE = 60000; // milliseconds, after which a tribute is sent without it
function ownScript(url) {
const policy = globalThis.trustedTypes?.createPolicy('worker', { createScriptURL: (own) => own });
return policy ? policy.createScriptURL(url) : url;
}
function solved(challenge, script) {
return new Promise((done) => {
const worker = new Worker(ownScript(script));
const end = (solution) => {
worker.terminate();
done(solution);
};
worker.onmessage = ({ data }) => end(data);
worker.onerror = () => end(null);
worker.postMessage({ type: 'work', challenge, timeout: WORK_PATIENCE });
});
}
function work(field) {
const { form } = field;
const note = form.querySelector('[data-work-note]');
let isOver = false;
let sender = null;
const challenge = JSON.parse(field.dataset.challenge);
form.addEventListener('submit', (event) => {
if (isOver || event.submitter?.name) return; // a preview or another language waits for nothing
event.preventDefault();
sender = event.submitter;
note.textContent = note.dataset.workNote;
});
solved(challenge, field.dataset.worker)
.catch(() => null)
.then((solution) => {
isOver = true;
if (solution?.derivedKey) field.value = btoa(JSON.stringify({ challenge, solution }));
if (sender) form.requestSubmit(sender);
});
}
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
const BESIDE_REST = 300; // milliseconds
const BESIDE_WIDE = matchMedia('(min-width: 75rem)');
function beside(items) {
const margin = document.querySelector('aside.beside');
let pause, asking, shown;
const forget = () => {
clearTimeout(pause);
asking?.abort();
};
const show = (page) => {
const found = page?.querySelector('[data-nearby]');
if (!found) return;
margin.querySelector('[data-nearby]')?.remove();
margin.prepend(document.adoptNode(found));
};
const ask = (address) => {
asking = new XMLHttpRequest();
asking.responseType = 'document';
asking.addEventListener('load', () => show(asking.status === 200 ? asking.responseXML : null));
asking.addEventListener('error', () => (shown = undefined));
asking.open('GET', address);
asking.send();
};
items.addEventListener('focusin', (event) => {
const card = event.target.closest('[data-beside]');
const address = card && `${card.dataset.at}beside`;
if (!address || address === shown || !BESIDE_WIDE.matches) return;
forget();
shown = address;
pause = setTimeout(() => ask(address), BESIDE_REST);
});
}
each('[data-menu]', menu);
each('[data-sent]', (page) => forgetDraft(page.dataset.sent));
each('form[data-draft]', draft);
each('[data-counter]', counter);
each('[data-receipt-url]', remember);
each('[data-device]', device);
each('[data-private-link]', privateLink);
each('form[data-suggest]', suggest);
each('input[data-challenge]', work);
each('[data-passkey]', passkey);
each('.items', beside);
