// Leaving something out: what is selected in a card when its form opens is put into the form's field.
function selectedIn(card) {
  const selection = getSelection();
  const within = (node) => {
    const element = node instanceof Element ? node : node?.parentElement;
    return Boolean(element?.closest('blockquote, .who') && card.contains(element));
  };
  if (!within(selection.anchorNode) || !within(selection.focusNode)) return '';
  return selection.toString().replace(/\s+/g, ' ').trim();
}

// <details data-redact> in an <article>, with a <textarea name="cut">
function redact(fold) {
  const card = fold.closest('article');
  const field = fold.querySelector('[name=cut]');
  let selected = '';
  // Pressing the button ends the selection before the form opens.
  fold.querySelector('summary').addEventListener('pointerdown', () => (selected = selectedIn(card)));
  fold.addEventListener('toggle', () => {
    const phrase = selected || selectedIn(card);
    selected = '';
    const phrases = field.value.split('\n').map((line) => line.trim()).filter(Boolean);
    if (!fold.open || !phrase || phrases.includes(phrase)) return;
    field.value = [...phrases, phrase].join('\n');
  });
}
