// The desk's list of cards: deciding goes on at once, and the answer comes behind.
const DESK_FEW = 8; // cards left when more are asked for
const DESK_REST = 300; // milliseconds
const DESK_BEHIND = /\/desk\/tributes\/\w+\/(approve|decline|spam|hide|restore|redact|note|second-opinion)$/;

function cardOf(element) {
  return element?.closest?.('article.item') ?? null;
}

// Pages as documents: the policy lets no script make HTML of a text.
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

// A button of a card may name the address itself: its form is one for the whole page.
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

// <div class="items" data-desk data-lost="…" data-empty="…">
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

  // What is left stays to be decided on: the card is read anew where it stands.
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

  // The card goes, and the next one has the focus, before anything is asked of the server.
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

  // `failed`: the answer that brings it back, with its open form; without one it was taken back.
  bringBack({ card, before }, failed) {
    delete card.dataset.sending;
    this.list.insertBefore(card, before?.isConnected ? before : null);
    this.empty(false);
    if (failed) this.tell(card, failed);
    else this.panels.close(card);
    const active = document.activeElement;
    if (!active || active === document.body || cardOf(active) || !failed) this.focus(card);
  }

  // What went wrong stands in the card itself.
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

  // Decided by another while it was in view: it greys out where it stands.
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
