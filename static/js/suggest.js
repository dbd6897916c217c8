// Suggestions for the search box: a combobox with a list, asked for once the typing rests.
const SUGGEST_REST = 120; // milliseconds
const SUGGEST_LETTERS = 2;
const SUGGEST_MOST = 8;
const WORDS = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’ʼ]*/gu;

// <form data-suggest="/en/search/suggestions" data-suggested="Suggestions: {n}" data-none="No suggestions">
// with <input type="search"> and an empty <ul id="suggestions" hidden>
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
    // The box keeps the focus while the list is pressed.
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

  // What was asked and has not been answered yet is wanted no more.
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
      // No answer, or none that can be read: then there is no list, and the box is as it was.
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

  // Up and down go round through the box itself.
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
    // Home, End and the arrows across move in what is typed, as ever; nothing is chosen then.
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
