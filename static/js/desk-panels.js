// The forms of the steps that ask for more than a press. In a list each stands once, in <template data-panels>, and a card
// has a copy of its own once it is opened; on a tribute's own page they stand hidden in its card. Without this script the
// buttons of <form id="opening"> lead to that page.
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

  // Pressing the button ends the selection before its form opens.
  pressed(event) {
    const button = event.target.closest?.('button[form=opening][value=redact]');
    this.selected = button ? selectedIn(cardOf(button)) : '';
  }

  asked(event) {
    if (event.target.id !== 'opening' || !event.submitter) return;
    event.preventDefault();
    this.toggle(event.submitter);
  }

  // Escape closes the form that holds the focus; what was typed into it stays.
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

  // The copy's ids end where the card's own begins.
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
