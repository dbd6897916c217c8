// Letters decide while a card has the focus and no field does. They are read by their place on the keyboard,
// so that a Russian or Azerbaijani layout works as a Latin one does.
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

  // In the form for declining, digits choose the reason, in the order of the list.
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
