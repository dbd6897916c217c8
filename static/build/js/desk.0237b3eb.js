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
function selectedIn(card) {
const selection = getSelection();
const within = (node) => {
const element = node instanceof Element ? node : node?.parentElement;
return Boolean(element?.closest('blockquote, .who') && card.contains(element));
};
if (!within(selection.anchorNode) || !within(selection.focusNode)) return '';
return selection.toString().replace(/\s+/g, ' ').trim();
}
function leaveOut(field, phrase) {
const phrases = field.value.split('\n').map((line) => line.trim()).filter(Boolean);
if (phrase && !phrases.includes(phrase)) field.value = [...phrases, phrase].join('\n');
}
class Panels {
constructor() {
this.copies = document.querySelector('template[data-panels]');
this.selected = '';
document.addEventListener('submit', (event) => this.asked(event));
document.addEventListener('keydown', (event) => this.left(event));
document.addEventListener('pointerdown', (event) => this.pressed(event));
this.adopt(document);
}
adopt(root) {
for (const button of root.querySelectorAll('button[form=opening]')) {
button.setAttribute('aria-expanded', String(this.of(cardOf(button), button.value)?.hidden === false));
}
}
of(card, step) {
return card.querySelector(`form[data-panel="${step}"]`);
}
pressed(event) {
const button = event.target.closest?.('button[form=opening][value=redact]');
this.selected = button ? selectedIn(cardOf(button)) : '';
}
asked(event) {
if (event.target.id !== 'opening' || !event.submitter) return;
event.preventDefault();
this.toggle(event.submitter);
}
left(event) {
const panel = event.key === 'Escape' && !event.isComposing && event.target.closest?.('form[data-panel]');
if (!panel || !cardOf(panel)) return;
this.close(cardOf(panel));
cardOf(panel).querySelector(`button[form=opening][value="${panel.dataset.panel}"]`)?.focus();
}
toggle(button) {
const card = cardOf(button);
const panel = this.of(card, button.value) ?? this.copied(card, button);
const opens = panel.hidden;
this.close(card);
if (!opens) return;
panel.hidden = false;
button.setAttribute('aria-expanded', 'true');
if (button.value === 'redact') leaveOut(panel.querySelector('[name=cut]'), this.selected || selectedIn(card));
this.selected = '';
panel.querySelector('input:not([type=hidden]), textarea, select').focus();
}
close(card) {
for (const panel of card.querySelectorAll('form[data-panel]')) panel.hidden = true;
for (const button of card.querySelectorAll('button[form=opening]')) button.setAttribute('aria-expanded', 'false');
}
copied(card, button) {
const panel = document.importNode(this.of(this.copies.content, button.value), true);
const own = card.id.replace('tribute-', '');
for (const element of panel.querySelectorAll('[id], [for]')) {
for (const name of ['id', 'for', 'aria-describedby']) {
const said = element.getAttribute(name);
if (said) element.setAttribute(name, said.replace(/-(?= |$)/g, `-${own}`));
}
}
if (button.value === 'decline' && card.dataset.reason) {
panel.elements.reason.value = card.dataset.reason; // a colleague's, who was not enough
panel.elements.note.value = card.dataset.note;
}
panel.action = `${card.dataset.at}${button.value}`;
panel.elements.version.value = card.dataset.version;
panel.hidden = true;
card.querySelector('.acts').append(panel);
return panel;
}
}
const DESK_FEW = 8; // cards left when more are asked for
const DESK_REST = 300; // milliseconds
const DESK_BEHIND = /\/desk\/tributes\/\w+\/(approve|decline|spam|hide|restore|redact|note|second-opinion)$/;
function cardOf(element) {
return element?.closest?.('article.item') ?? null;
}
function page(address) {
return new Promise((done, fail) => {
const asked = new XMLHttpRequest();
asked.open('GET', address);
asked.responseType = 'document';
asked.onload = () => (asked.status === 200 && asked.response ? done(asked.response) : fail(asked.status));
asked.onerror = fail;
asked.send();
});
}
function addressOf(form, button) {
const address = button?.getAttribute('formaction') ?? form.getAttribute('action'); // a field may be named "action"
return new URL(address ?? '', location.href).href;
}
async function sent(form, button, keepalive) {
const fields = new URLSearchParams(new FormData(form, button));
const answer = await fetch(addressOf(form, button), {
method: 'POST', body: fields, headers: { Accept: 'application/json' }, redirect: 'manual', keepalive,
});
if (answer.type === 'opaqueredirect') throw new Error('signed out');
return { ok: answer.ok, status: answer.status, ...(await answer.json()) };
}
class Desk {
constructor(list, panels) {
this.list = list;
this.panels = panels;
this.known = new Set();
this.adopt([...list.querySelectorAll('article.item')]);
this.slip = new Slip(this);
this.underway = new Underway(this);
document.addEventListener('submit', (event) => this.submitted(event)); // the form of most buttons is the page's
}
adopt(cards) {
for (const card of cards) {
card.tabIndex = -1;
this.known.add(card.id);
this.panels.adopt(card);
}
}
get cards() {
return [...this.list.querySelectorAll('article.item:not(.handled)')];
}
get current() {
return cardOf(document.activeElement);
}
card(publicId) {
return document.getElementById(`tribute-${publicId}`);
}
focus(card) {
card?.focus();
card?.scrollIntoView({ block: 'nearest' });
}
move(by) {
const cards = this.cards;
const at = cards.indexOf(this.current);
this.focus(cards[Math.min(Math.max(at + by, 0), cards.length - 1)]);
}
submitted(event) {
const { target: form, submitter: button } = event;
const card = cardOf(button ?? form);
const step = DESK_BEHIND.exec(new URL(addressOf(form, button)).pathname)?.[1];
if (!card || !step || !this.list.contains(card)) return;
event.preventDefault();
if (card.dataset.sending) return;
if (step === 'note') this.remark(form, card);
else if (step === 'redact') this.redact(form, card);
else this.decide(form, card, button);
}
async remark(form, card) {
const answer = await this.underway.send(form);
if (!answer.ok) return this.tell(card, answer);
form.reset();
this.settled(card, answer.said);
}
async redact(form, card) {
const step = { card: card.id, going: this.underway.send(form) };
card.dataset.sending = '1';
step.answer = await step.going;
delete card.dataset.sending;
if (!step.answer.ok) return this.tell(card, step.answer);
this.slip.push(step);
this.settled(card, step.answer.said);
await this.readAnew(card.id);
}
settled(card, said) {
card.querySelector('[data-told]')?.remove();
this.panels.close(card);
this.focus(card);
say(said);
}
async readAnew(id) {
const card = document.getElementById(id);
if (!card) return;
const fresh = (await page(location.href).catch(() => null))?.getElementById(id);
if (!fresh) return location.reload(); // it stands elsewhere now
const hadFocus = card.contains(document.activeElement);
const read = document.importNode(fresh, true);
card.replaceWith(read);
this.adopt([read]);
if (hadFocus) this.focus(read);
}
async decide(form, card, button) {
const step = { card: card.id, going: this.underway.send(form, button) };
step.taken = this.take(card);
this.slip.push(step);
step.answer = await step.going;
this.slip.show();
if (step.answer.ok) return say(step.answer.said);
this.slip.drop(step);
this.bringBack(step.taken, step.answer);
}
take(card) {
const cards = this.cards;
const at = cards.indexOf(card);
const next = cards[at + 1] ?? cards[at - 1];
const taken = { card, before: card.nextElementSibling };
card.dataset.sending = '1';
card.querySelector('[data-told]')?.remove();
card.remove();
if (next) this.focus(next);
this.topUp();
return taken;
}
bringBack({ card, before }, failed) {
delete card.dataset.sending;
this.list.insertBefore(card, before?.isConnected ? before : null);
this.empty(false);
if (failed) this.tell(card, failed);
else this.panels.close(card);
const active = document.activeElement;
if (!active || active === document.body || cardOf(active) || !failed) this.focus(card);
}
tell(card, { said, status }) {
card.querySelector('[data-told]')?.remove();
const told = document.createElement('p');
told.className = 'note';
told.dataset.told = status === 409 ? 'decided' : 'failed';
told.setAttribute('role', 'alert');
told.textContent = said;
card.prepend(told);
}
async topUp() {
const left = this.cards.length;
if (this.list.dataset.more && left <= DESK_FEW && !this.asking) {
this.asking = page(location.href)
.then((found) => this.append(found))
.catch(() => {})
.finally(() => (this.asking = null));
await this.asking;
}
if (!this.cards.length && !this.asking && !this.list.dataset.more) this.empty(true);
}
append(found) {
const list = found.querySelector('[data-desk]');
const all = [...list.querySelectorAll('article.item')];
const cards = all.filter((card) => !this.known.has(card.id));
const hadFocus = Boolean(this.current);
for (const card of cards) this.list.append(document.importNode(card, true));
this.adopt([...this.list.querySelectorAll('article.item')]);
if (!list.dataset.more) delete this.list.dataset.more;
else if (!cards.length) setTimeout(() => this.topUp(), DESK_REST); // decisions are still on their way
if (cards.length && !hadFocus && document.activeElement === document.body) this.focus(this.cards[0]);
}
empty(isEmpty) {
let told = this.list.querySelector('p.empty');
if (isEmpty && !told) {
told = document.createElement('p');
told.className = 'empty';
told.tabIndex = -1;
told.textContent = this.list.dataset.empty;
this.list.append(told);
told.focus();
say(told.textContent);
} else if (!isEmpty) told?.remove();
}
handled(publicId, said) {
const card = this.card(publicId);
if (!card || card.dataset.sending || card.classList.contains('handled')) return;
const hadFocus = card.contains(document.activeElement);
card.classList.add('handled');
for (const acts of card.querySelectorAll('.acts, .tick')) acts.inert = true;
const told = document.createElement('p');
told.className = 'soft by-another';
told.textContent = said;
card.querySelector('.who').after(told);
if (hadFocus) card.focus();
say(said);
}
}
class Slip {
constructor(desk) {
this.desk = desk;
this.form = document.querySelector('form[data-slip]');
this.steps = [];
this.form?.addEventListener('submit', (event) => this.undo(event));
}
push(step) {
this.steps = [...this.steps.filter((one) => one.card !== step.card), step];
this.show();
}
drop(step) {
this.steps = this.steps.filter((one) => one !== step);
this.show();
}
show() {
const last = this.steps.at(-1);
if (!this.form) return;
this.form.hidden = !last;
this.form.querySelector('[data-said]').textContent = last?.answer?.said ?? '…';
if (last?.answer?.address) this.form.querySelector('a').href = last.answer.address;
}
async undo(event) {
const step = this.steps.at(-1);
if (!step) return; // of an earlier page: a plain form
event.preventDefault();
this.drop(step);
const { undo, version } = await step.going;
if (!undo) return;
this.form.action = undo;
this.form.elements.version.value = version;
const answer = await this.desk.underway.send(this.form);
say(answer.said);
if (!answer.ok) return;
if (step.taken) this.restore(step.taken, answer.version);
else this.desk.readAnew(step.card);
}
restore(taken, version) {
taken.card.dataset.version = version;
for (const field of taken.card.querySelectorAll('[name=version]')) field.value = version;
const tick = taken.card.querySelector('[name=chosen]');
if (tick) tick.value = `${tick.value.split(':')[0]}:${version}`;
this.desk.bringBack(taken);
}
}
const DESK_CARRIED = 50; // at once, of the browser's 256
const DESK_HANGS = 1000; // milliseconds
class Underway {
constructor(desk) {
this.desk = desk;
this.going = new Set();
addEventListener('beforeunload', (event) => this.isAtRisk() && event.preventDefault());
}
async send(form, button) {
const one = { since: performance.now(), carried: this.going.size < DESK_CARRIED };
this.going.add(one);
try {
return await sent(form, button, one.carried);
} catch {
return { ok: false, said: this.desk.list.dataset.lost };
} finally {
this.going.delete(one);
}
}
isAtRisk() {
const hangs = (one) => !one.carried || performance.now() - one.since > DESK_HANGS;
return Boolean(this.desk.list.querySelector('[data-told=failed]')) || [...this.going].some(hangs);
}
}
const DESK_FIELDS = 'input, textarea, select, [contenteditable]';
class Keys {
constructor(desk) {
this.desk = desk;
this.help = document.querySelector('dialog[data-keys]');
const open = document.querySelector('[data-open-keys]');
if (open) {
open.hidden = false;
open.addEventListener('click', () => this.help.showModal());
}
addEventListener('keydown', (event) => this.pressed(event));
if (document.activeElement === document.body && !location.hash) desk.cards[0]?.focus({ preventScroll: true });
}
pressed(event) {
if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat || this.help?.open) return;
if (this.digit(event)) return event.preventDefault();
if (event.target.closest?.(DESK_FIELDS) || !cardOf(event.target)) return;
if (this.act(event)) event.preventDefault();
}
act(event) {
const { code, key } = event;
if (key === '?' || (code === 'Slash' && event.shiftKey)) this.help?.showModal();
else if (key === '/' || code === 'Slash') document.getElementById('q')?.focus();
else if (event.shiftKey) return false;
else if (code === 'KeyJ') this.desk.move(1);
else if (code === 'KeyK') this.desk.move(-1);
else if (code === 'KeyZ') this.press(document.querySelector('form[data-slip]:not([hidden]) button'));
else return this.press(cardOf(event.target).querySelector(`[data-key="${code}"]`));
return true;
}
press(found) {
if (!found || found.closest('[inert]')) return false;
found.form.requestSubmit(found);
return true;
}
digit(event) {
const panel = event.target.closest?.('.panel');
const found = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
if (!panel || !found || event.target.matches('textarea, [type=text]')) return false;
const reason = panel.querySelectorAll('input[name=reason]')[(Number(found[1]) + 9) % 10];
if (!reason) return false;
reason.checked = true;
(reason.value === 'other' ? panel.querySelector('[name=note]') : reason).focus();
return true;
}
}
class Pulse {
constructor(desk) {
this.desk = desk;
this.since = desk.list.dataset.number;
this.pause = Number(desk.list.dataset.every);
this.wait = this.pause;
addEventListener('visibilitychange', () => this.again(0));
this.again(this.pause);
}
again(pause) {
clearTimeout(this.timer);
if (document.visibilityState === 'visible') this.timer = setTimeout(() => this.ask(), pause);
}
async ask() {
try {
const headers = { Accept: 'application/json', ...(this.tag && { 'If-None-Match': this.tag }) };
const address = `${this.desk.list.dataset.pulse}?since=${this.since}`;
const answer = await fetch(address, { headers, cache: 'no-store', redirect: 'error' });
if (answer.status === 200) {
this.tag = answer.headers.get('ETag');
this.show(await answer.json());
} else if (answer.status !== 304) throw new Error(answer.status);
this.wait = this.pause;
} catch {
this.wait = Math.min(this.wait * 2, 12 * this.pause);
}
this.again(this.wait);
}
show({ stale, arrived, decided, claims }) {
this.news(stale ? this.desk.list.dataset.stale : arrived);
for (const [publicId, said] of Object.entries(decided)) this.desk.handled(publicId, said);
for (const card of this.desk.cards) this.claim(card, claims[card.id.replace('tribute-', '')]);
}
news(said) {
const link = document.querySelector('[data-news]');
if (!link || link.textContent === said) return;
link.hidden = !said;
link.textContent = said;
if (said) say(said);
}
claim(card, said) {
let told = card.querySelector('[data-claim]');
card.classList.toggle('claimed', Boolean(said));
if (!said && told && card.dataset.claimed) told.remove();
if (!said) return;
if (!told) {
told = document.createElement('p');
told.className = 'claim soft';
told.dataset.claim = '';
card.querySelector('.who').after(told);
}
card.dataset.claimed = '1';
told.textContent = said;
}
}
const TEXT_DAYS = 30;
const PREVIEW_REST = 900; // milliseconds
function typedIn(form) {
const fields = [...form.elements].filter((e) => e.name && !/^(csrf_token|seen|follows|caught_up|preview)$/.test(e.name));
return Object.fromEntries(fields.filter((e) => e.type !== 'radio' || e.checked).map((e) => [e.name, e.value]));
}
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
const panels = new Panels();
each('[data-desk]', (list) => {
const desk = new Desk(list, panels);
new Pulse(desk);
if ('letters' in list.dataset) new Keys(desk);
});
each('form[data-text]', (form) => {
keepTyped(form);
previewBeside(form);
});
