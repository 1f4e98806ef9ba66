// Makes the pages livelier; without it they work by reloading. Asks for the page again and puts the parts that changed in place.
(() => {
  'use strict';
  const INTERVAL = 2000;
  const SLOWEST = 30000;
  let wait = INTERVAL;

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
    localTimes(fresh);
    if (old.innerHTML === fresh.innerHTML) return;
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
    if (!document.hidden) {
      try {
        await refresh();
        wait = INTERVAL;
      } catch {
        wait = Math.min(wait * 2, SLOWEST);
      }
    }
    setTimeout(live, wait);
  }

  localTimes(document);
  const submit = document.querySelector('form[data-submit-now]');
  if (submit) submit.requestSubmit();
  else if (document.querySelector('[data-live]')) setTimeout(live, wait);
})();
