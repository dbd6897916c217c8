// <form data-slip hidden>: the last decision of this page, and with Z the ones before it. One that is still on its way
// can be taken back too: that waits for its answer.
class Slip {
  constructor(desk) {
    this.desk = desk;
    this.form = document.querySelector('form[data-slip]');
    this.steps = [];
    this.form?.addEventListener('submit', (event) => this.undo(event));
  }

  // Of one card only the last step can be taken back.
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
