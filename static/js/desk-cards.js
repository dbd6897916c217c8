// The desk's list of cards: deciding goes on at once, and the answer comes behind.
const DESK_FEW = 8; // cards left when more are asked for
const DESK_REST = 300; // milliseconds
const DESK_BEHIND = /\/desk\/tributes\/\w+\/(approve|decline|spam|hide|restore|note|second-opinion)$/;

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

async function sent(form, button) {
  const fields = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.action, {
    method: 'POST', body: fields, headers: { Accept: 'application/json' }, redirect: 'manual',
  });
  if (answer.type === 'opaqueredirect') throw new Error('signed out');
  return { ok: answer.ok, ...(await answer.json()) };
}

// <div class="items" data-desk data-lost="…" data-empty="…">
class Desk {
  constructor(list) {
    this.list = list;
    this.known = new Set();
    this.adopt([...list.querySelectorAll('article.item')]);
    this.slip = new Slip(this);
    list.addEventListener('submit', (event) => this.submitted(event));
  }

  adopt(cards) {
    for (const card of cards) {
      card.tabIndex = -1;
      this.known.add(card.id);
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
    const form = event.target;
    const card = cardOf(form);
    const step = DESK_BEHIND.exec(new URL(form.action).pathname)?.[1];
    if (!card || !step) return;
    event.preventDefault();
    if (card.dataset.sending) return;
    if (step === 'note') this.remark(form, card);
    else this.decide(form, card, event.submitter);
  }

  async remark(form, card) {
    try {
      const answer = await sent(form);
      if (!answer.ok) return this.tell(card, answer.said);
      form.reset();
      form.closest('details').open = false;
      this.focus(card);
      say(answer.said);
    } catch {
      this.tell(card, this.list.dataset.lost);
    }
  }

  // The card goes, and the next one has the focus, before anything is asked of the server.
  async decide(form, card, button) {
    const step = { taken: null, going: sent(form, button) };
    step.taken = this.take(card);
    this.slip.push(step);
    try {
      step.answer = await step.going;
    } catch {
      step.answer = { ok: false, said: this.list.dataset.lost };
    }
    this.slip.show();
    if (step.answer.ok) return say(step.answer.said);
    this.slip.drop(step);
    this.bringBack(step.taken, step.answer.said);
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

  bringBack({ card, before }, said) {
    delete card.dataset.sending;
    this.list.insertBefore(card, before?.isConnected ? before : null);
    this.empty(false);
    for (const fold of card.querySelectorAll('details.fold[open]')) fold.open = Boolean(said);
    if (said) this.tell(card, said);
    const active = document.activeElement;
    if (!active || active === document.body || cardOf(active) || !said) this.focus(card);
  }

  // What went wrong stands in the card itself.
  tell(card, said) {
    card.querySelector('[data-told]')?.remove();
    const told = document.createElement('p');
    told.className = 'note';
    told.dataset.told = '';
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

// <form data-slip hidden>: the last decision of this page, and with Z the ones before it. One that is still on its way
// can be taken back too: that waits for its answer.
class Slip {
  constructor(desk) {
    this.desk = desk;
    this.form = document.querySelector('form[data-slip]');
    this.steps = [];
    this.form?.addEventListener('submit', (event) => this.undo(event));
  }

  push(step) {
    this.steps.push(step);
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
    try {
      const { undo, version } = await step.going;
      if (!undo) return;
      this.form.action = undo;
      this.form.elements.version.value = version;
      const answer = await sent(this.form);
      say(answer.said);
      if (answer.ok) this.restore(step.taken, answer.version);
    } catch {
      say(this.desk.list.dataset.lost);
    }
  }

  restore(taken, version) {
    for (const field of taken.card.querySelectorAll('[name=version]')) field.value = version;
    const tick = taken.card.querySelector('[name=chosen]');
    if (tick) tick.value = `${tick.value.split(':')[0]}:${version}`;
    this.desk.bringBack(taken, '');
  }
}
