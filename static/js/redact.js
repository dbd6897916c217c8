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

function leaveOut(field, phrase) {
  const phrases = field.value.split('\n').map((line) => line.trim()).filter(Boolean);
  if (phrase && !phrases.includes(phrase)) field.value = [...phrases, phrase].join('\n');
}
