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
const draft = { at: Date.now(), sent, gesture: fields.find((e) => e.name === 'gesture' && e.checked)?.value };
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
for (const field of fields) field.value ||= draft[field.name] || '';
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
each('[data-menu]', menu);
each('[data-sent]', (page) => forgetDraft(page.dataset.sent));
each('form[data-draft]', draft);
each('[data-counter]', counter);
each('[data-receipt-url]', remember);
each('[data-device]', device);
each('[data-private-link]', privateLink);
