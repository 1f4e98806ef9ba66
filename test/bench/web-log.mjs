// Makes an access log as Apache and nginx write it ("combined"), from a seed: visitors, files, a few bad requests.
import { random } from './logs.mjs';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value) => String(value).padStart(2, '0');

/** `22/Nov/2026:09:00:01 +0000` in local time. */
export function accessDate(seconds) {
  const date = new Date(seconds * 1000);
  const minutes = -date.getTimezoneOffset();
  const zone = `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}${two(Math.abs(minutes) % 60)}`;
  return `${two(date.getDate())}/${MONTHS[date.getMonth()]}/${date.getFullYear()}:${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}

const PATHS = [
  '/',
  '/index.php',
  '/blog/how-to-bake-bread/',
  '/wp-content/themes/plain/style.css',
  '/img/photo-1920.jpg',
  '/api/v1/items?page=2',
  '/robots.txt',
  '/shop/cart',
];
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
];

/** The text of an access log of so many lines whose dates lie in the `span` seconds before `now`; a share of the requests is bad (400). */
export function accessLog({ lines, failures, now, span = 50, seed = 1 }) {
  const next = random(seed);
  const pick = (from) => (typeof from === 'number' ? Math.floor(next() * from) : from[Math.floor(next() * from.length)]);
  const out = [];
  let hits = 0;
  for (let i = 0; i < lines; i++) {
    const date = accessDate(Math.floor(now - span + (span * i) / lines));
    const host = `203.0.${pick(250)}.${pick(250)}`;
    if (next() < failures) {
      hits += 1;
      out.push(`${host} - - [${date}] "\\x16\\x03\\x01" 400 166 "-" "-"\n`);
    } else
      out.push(
        `${host} - - [${date}] "GET ${pick(PATHS)} HTTP/1.1" ${pick([200, 200, 200, 304, 301])} ${pick(90000)} "https://www.example.org${pick(PATHS)}" "${pick(AGENTS)}"\n`,
      );
  }
  return {
    text: out.join(''),
    lines,
    hits,
    sentinel: `192.0.2.99 - - [${accessDate(Math.floor(now))}] "\\x16\\x03\\x01" 400 166 "-" "-"\n`,
  };
}
