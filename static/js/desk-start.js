const panels = new Panels();
each('[data-desk]', (list) => {
  const desk = new Desk(list, panels);
  new Pulse(desk);
  if ('letters' in list.dataset) new Keys(desk);
});
each('form[data-text]', (form) => {
  keepTyped(form);
  previewBeside(form);
});
