each('[data-menu]', menu);
each('[data-sent]', (page) => forgetDraft(page.dataset.sent));
each('form[data-draft]', draft);
each('[data-counter]', counter);
each('[data-receipt-url]', remember);
each('[data-device]', device);
each('[data-private-link]', privateLink);
each('form[data-suggest]', suggest);
each('input[data-challenge]', work);
