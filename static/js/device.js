// "Your tributes on this device": the receipts seen in this browser, until they are forgotten.
const DEVICE = 'tribute:device';
const DEVICE_MOST = 50;

function seen() {
  const list = read(DEVICE);
  return Array.isArray(list) ? list.filter((one) => typeof one?.url === 'string' && one.url.startsWith('/')) : [];
}

// <main data-receipt-url="/en/receipt/…/" data-receipt-label="20 January Memorial" data-receipt-day="20 January 2026">
function remember(receipt) {
  const { receiptUrl: url, receiptLabel: label, receiptDay: day } = receipt.dataset;
  const id = url.split('/')[3];
  const others = seen().filter((one) => one.url.split('/')[3] !== id);
  write(DEVICE, [{ url, label, day }, ...others].slice(0, DEVICE_MOST));
}

function item({ url, label, day }) {
  const [li, link] = [document.createElement('li'), document.createElement('a')];
  link.href = url;
  link.textContent = [label, day].filter(Boolean).join(', ');
  li.append(link);
  return li;
}

// <section data-device hidden> with a <ul data-device-list> and a <button data-forget data-forgotten="Forgotten.">
function device(section) {
  const list = seen();
  const forget = section.querySelector('[data-forget]');
  if (!list.length) return;
  section.querySelector('ul').append(...list.map(item));
  section.hidden = false;
  forget.addEventListener('click', () => {
    write(DEVICE, null);
    section.hidden = true;
    document.querySelector('main').focus();
    say(forget.dataset.forgotten || '');
  });
}
