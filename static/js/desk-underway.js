// What is on its way to the server. The browser brings it there even when the page is left meanwhile; it takes on only so
// much at once. Leaving is asked about where that would lose something: one failed, hangs, or was too much to take on.
const DESK_CARRIED = 50; // at once, of the browser's 256
const DESK_HANGS = 1000; // milliseconds

class Underway {
  constructor(desk) {
    this.desk = desk;
    this.going = new Set();
    addEventListener('beforeunload', (event) => this.isAtRisk() && event.preventDefault());
  }

  // The answer; where none came, `{ ok: false }` with a sentence that says so.
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
