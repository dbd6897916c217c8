// How many characters are left, counted as a reader sees them: a letter with its marks is one.
function lengthOf(text) {
  return 'Segmenter' in Intl ? [...new Intl.Segmenter().segment(text)].length : [...text].length;
}

// <textarea id="message" data-counter="2000"> and <p data-counter-for="message" data-left="{n} left" data-over="{n} too many" hidden>
function counter(field) {
  const place = document.querySelector(`[data-counter-for="${field.id}"]`);
  if (!place) return;
  let pause;
  const show = () => {
    const left = Number(field.dataset.counter) - lengthOf(field.value);
    const words = left < 0 ? place.dataset.over || place.dataset.left : place.dataset.left;
    place.textContent = words.replace('{n}', number(left < 0 && place.dataset.over ? -left : left));
    place.classList.toggle('over', left < 0);
    return left;
  };
  field.addEventListener('input', () => {
    const left = show();
    clearTimeout(pause);
    // Spoken only near the end, and once the writer rests.
    if (left <= 100) pause = setTimeout(() => say(place.textContent), 1200);
  });
  place.hidden = false;
  show();
}
