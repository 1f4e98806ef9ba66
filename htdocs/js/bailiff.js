// Makes the pages livelier; without it they work by reloading. Asks for the page again and puts the parts that changed in place.
(() => {
  'use strict';
  const INTERVAL = 2000;
  /** With a stream only the spans of time that pass have to be asked for. */
  const STREAM_INTERVAL = 15000;
  const SOON = 150;
  const CHECK_AFTER = 400;
  const SLOWEST = 30000;
  let wait = INTERVAL;
  let next = 0;
  let streaming = false;
  let busy = false;
  let again = false;

  /** Times in the reader's zone; the server's stays in the title. */
  function localTimes(root) {
    const format = new Intl.DateTimeFormat(document.documentElement.lang, {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    for (const time of root.querySelectorAll('time[data-local]')) time.textContent = format.format(new Date(time.dateTime));
  }

  /** What identifies the focused control inside a part, so that it can be found again in the new one. */
  function focusIn(part) {
    const active = document.activeElement;
    if (!part.contains(active)) return null;
    const all = [...part.querySelectorAll('a, button, summary, input')];
    return { label: active.getAttribute('aria-label') || active.textContent, index: all.indexOf(active) };
  }

  function restoreFocus(part, focus) {
    if (focus === null) return;
    const all = [...part.querySelectorAll('a, button, summary, input')];
    const same = all.find((element) => (element.getAttribute('aria-label') || element.textContent) === focus.label);
    if (same) same.focus({ preventScroll: true });
  }

  /** Rows that were not there before are marked for a moment. */
  function markFresh(old, fresh) {
    const keyOf = (row) =>
      [...row.querySelectorAll('time, code')].map((element) => element.getAttribute('datetime') || element.textContent).join();
    const known = new Set([...old.querySelectorAll('tbody tr')].map(keyOf));
    if (known.size === 0) return;
    for (const row of fresh.querySelectorAll('.pul-list__row')) if (!known.has(keyOf(row))) row.classList.add('bailiff-fresh');
  }

  function replace(old, fresh) {
    for (const details of old.querySelectorAll('details[open][data-keep]')) {
      const same = fresh.querySelector(`details[data-keep="${details.dataset.keep}"]`);
      if (same) same.open = true;
    }
    for (const box of old.querySelectorAll('input[type=checkbox][name]:checked')) {
      const same = [...fresh.querySelectorAll('input[type=checkbox][name]')].find((other) => other.value === box.value);
      if (same) same.checked = true;
    }
    localTimes(fresh);
    // What somebody reads or has marked is not pulled away while nothing else changed.
    if (old.innerHTML === fresh.innerHTML || old.querySelector('[data-opened]')) return;
    const focus = focusIn(old);
    markFresh(old, fresh);
    old.replaceChildren(...fresh.childNodes);
    restoreFocus(old, focus);
  }

  /** As a GET: a reload would send a form again. */
  function loadAgain() {
    location.replace(location.pathname + location.search);
  }

  async function refresh() {
    const response = await fetch(location.href, { headers: { 'X-Bailiff-Live': '1' }, cache: 'no-store', redirect: 'follow' });
    if (response.redirected) {
      loadAgain();
      return;
    }
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const parts = [...document.querySelectorAll('[data-live]')];
    const fresh = parts.map((part) => page.querySelector(`[data-live="${part.dataset.live}"]`));
    if (fresh.includes(null)) {
      loadAgain();
      return;
    }
    parts.forEach((part, index) => replace(part, fresh[index]));
  }

  /** One request at a time; slower while the server does not answer, none while nobody looks. */
  async function live() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    if (!document.hidden) {
      try {
        await refresh();
        wait = streaming ? STREAM_INTERVAL : INTERVAL;
      } catch {
        wait = Math.min(wait * 2, SLOWEST);
      }
    }
    busy = false;
    next = setTimeout(live, again ? SOON : wait);
  }

  /** The server tells when something happened; without that (inside the panel, through an old proxy) we ask now and then. */
  function listen() {
    const path = document.body.dataset.stream;
    if (!path || !window.EventSource) return;
    const source = new EventSource(path);
    source.addEventListener('open', () => (streaming = true));
    source.addEventListener('error', () => (streaming = false));
    source.addEventListener('change', () => {
      if (document.hidden) return;
      clearTimeout(next);
      next = setTimeout(live, SOON);
    });
  }

  /** One box that marks all of its form. */
  function markAll(event) {
    const all = event.target.closest('[data-mark-all]');
    if (!all) return;
    for (const box of all.form.querySelectorAll('input[type=checkbox][name]')) box.checked = all.checked;
  }

  /** Shows what a link leads to below its row; a second click puts it away. */
  async function openInline(event) {
    const link = event.target.closest('a[data-inline]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const row = link.closest('tr');
    const below = row.nextElementSibling;
    if (below && below.matches('[data-opened]')) {
      below.remove();
      link.setAttribute('aria-expanded', 'false');
      return;
    }
    try {
      const response = await fetch(link.href, { headers: { 'X-Bailiff-Live': '1' }, cache: 'no-store' });
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const part = page.querySelector('[data-fragment]');
      if (!part || response.redirected) throw new Error('no such part');
      localTimes(part);
      const cell = document.createElement('td');
      cell.colSpan = row.cells.length;
      cell.append(part);
      const opened = document.createElement('tr');
      opened.dataset.opened = '';
      opened.className = 'bailiff-opened';
      opened.append(cell);
      row.after(opened);
      link.setAttribute('aria-expanded', 'true');
    } catch {
      location.href = link.href;
    }
  }

  /** Numbers beside the lines of a text, and what is wrong with it while it is typed. */
  function editor(area) {
    const numbers = document.createElement('div');
    numbers.className = 'bailiff-editor__numbers';
    numbers.setAttribute('aria-hidden', 'true');
    area.before(numbers);
    area.parentElement.classList.add('bailiff-editor--numbered');
    const draw = () => {
      const count = area.value.split('\n').length;
      numbers.textContent = Array.from({ length: count }, (_none, index) => index + 1).join('\n');
      numbers.scrollTop = area.scrollTop;
    };
    let timer = 0;
    area.addEventListener('input', () => {
      draw();
      clearTimeout(timer);
      if (area.dataset.check) timer = setTimeout(() => check(area), CHECK_AFTER);
    });
    area.addEventListener('scroll', () => (numbers.scrollTop = area.scrollTop));
    draw();
  }

  async function check(area) {
    const list = document.getElementById('problems-text');
    const headers = { 'Content-Type': 'application/json', 'X-Bailiff-Csrf': document.body.dataset.csrf || '' };
    const { value } = area;
    try {
      const response = await fetch(area.dataset.check, { method: 'POST', headers, body: JSON.stringify({ text: value }) });
      if (!response.ok || area.value !== value) return;
      const { problems } = await response.json();
      list.replaceChildren(
        ...problems.map((problem) => {
          const item = document.createElement('li');
          if (problem.severity === 'warning') item.className = 'bailiff-checks__warning';
          item.textContent = [problem.line, problem.option, problem.message].filter(Boolean).join(': ');
          return item;
        }),
      );
    } catch {
      // The check comes again with the next letter.
    }
  }

  /** Whoever made an edit that could cut him off is still here when this arrives; what he types meanwhile stays. */
  function stillHere(box) {
    const form = box.querySelector('form');
    const send = async () => {
      // The panel's script adds its token when a form is sent.
      form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
      const fields = new URLSearchParams([...new FormData(form)]);
      fields.set('answer', 'keep');
      const response = await fetch(form.action, { method: 'POST', body: fields, headers: { 'X-Bailiff-Live': '1' }, cache: 'no-store' });
      if (response.ok) box.remove();
    };
    // A second more than is needed, and again while nobody answers.
    const retry = () => send().catch(() => setTimeout(retry, INTERVAL));
    setTimeout(retry, (Number(box.dataset.stillHere) + 1) * 1000);
  }

  for (const area of document.querySelectorAll('textarea[data-lines]')) editor(area);
  const waits = document.querySelector('[data-still-here]');
  if (waits && waits.dataset.stillHere !== '') stillHere(waits);
  document.addEventListener('change', markAll);
  document.addEventListener('click', openInline);
  localTimes(document);
  const submit = document.querySelector('form[data-submit-now]');
  if (submit) submit.requestSubmit();
  // What answers a form is at an address of its own: it cannot be asked for again.
  else if (document.querySelector('[data-live]') && !document.querySelector('[data-posted]')) {
    next = setTimeout(live, wait);
    listen();
  }
})();
