// On a wide screen, what is known beside the card that holds the focus stands in the margin.
const BESIDE_REST = 300; // milliseconds
const BESIDE_WIDE = matchMedia('(min-width: 75rem)');

// <div class="items"> of <article data-beside data-at="/desk/tributes/…/">; each answer is a page with a [data-nearby].
function beside(items) {
  const margin = document.querySelector('aside.beside');
  let pause, asking, shown;

  const forget = () => {
    clearTimeout(pause);
    asking?.abort();
  };

  const show = (page) => {
    const found = page?.querySelector('[data-nearby]');
    if (!found) return;
    margin.querySelector('[data-nearby]')?.remove();
    margin.prepend(document.adoptNode(found));
  };

  // Read as a document, so that nothing here ever makes HTML of a text.
  const ask = (address) => {
    asking = new XMLHttpRequest();
    asking.responseType = 'document';
    asking.addEventListener('load', () => show(asking.status === 200 ? asking.responseXML : null));
    asking.addEventListener('error', () => (shown = undefined));
    asking.open('GET', address);
    asking.send();
  };

  items.addEventListener('focusin', (event) => {
    const card = event.target.closest('[data-beside]');
    const address = card && `${card.dataset.at}beside`;
    if (!address || address === shown || !BESIDE_WIDE.matches) return;
    forget();
    shown = address;
    pause = setTimeout(() => ask(address), BESIDE_REST);
  });
}
