// While the page is seen, it asks what others did. Nothing that stands on it moves.
// <div class="items" data-pulse="/desk/pulse" data-number="17" data-every="10000">
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

  // "4 new" is a link to the list as it is by then.
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
