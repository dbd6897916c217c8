// A short calculation that makes sending thousands slow. It runs while the words are written; whoever is quicker waits.
const WORK_PATIENCE = 60000; // milliseconds, after which a tribute is sent without it

function ownScript(url) {
  const policy = globalThis.trustedTypes?.createPolicy('worker', { createScriptURL: (own) => own });
  return policy ? policy.createScriptURL(url) : url;
}

function solved(challenge, script) {
  return new Promise((done) => {
    const worker = new Worker(ownScript(script));
    const end = (solution) => {
      worker.terminate();
      done(solution);
    };
    worker.onmessage = ({ data }) => end(data);
    worker.onerror = () => end(null);
    worker.postMessage({ type: 'work', challenge, timeout: WORK_PATIENCE });
  });
}

// <input type="hidden" name="work" data-challenge="{…}" data-worker="…"> and <p data-work-note="One moment …">
function work(field) {
  const { form } = field;
  const note = form.querySelector('[data-work-note]');
  let isOver = false;
  let sender = null;
  const challenge = JSON.parse(field.dataset.challenge);
  form.addEventListener('submit', (event) => {
    if (isOver || event.submitter?.name) return; // a preview or another language waits for nothing
    event.preventDefault();
    sender = event.submitter;
    note.textContent = note.dataset.workNote;
  });
  solved(challenge, field.dataset.worker)
    .catch(() => null)
    .then((solution) => {
      isOver = true;
      if (solution?.derivedKey) field.value = btoa(JSON.stringify({ challenge, solution }));
      if (sender) form.requestSubmit(sender);
    });
}
