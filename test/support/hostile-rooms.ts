/** Rooms of the pages in which every text that they tell carries hostile marks: wherever data can come from, it comes like this. */
import type { PageWorld } from '../../src/panel/web/page';

/** In a page each of these would be a script, an element, the end of what it stands in, a template, or a control character; `injected` is looked for. */
export const MARKS = [
  '"><script>window.hacked=1</script>',
  '<img id=injected src=x onerror="window.hacked=1">',
  "' onmouseover='window.hacked=1' id='injected",
  '</textarea></title></option></select><svg id=injected onload="window.hacked=1"></svg>',
  '<style id=injected>body{display:none}</style><base id=injected href="http://evil.example/">',
  '<meta id=injected http-equiv=refresh content="0;url=http://evil.example/"><iframe id=injected src="http://evil.example/"></iframe>',
  '<form id=injected action="http://evil.example/"><link id=injected rel=stylesheet href="http://evil.example/x.css">',
  '{{constructor.constructor "window.hacked=1"}}{{{html}}}<!--&lt;&#x3c;',
  '\u202e\u2066\u001b[31m\u009b31m\0',
].join('');

export interface HostileMarks {
  /** The text as the pages get it. */
  readonly on: (text: string) => string;
  /** And what a form sends of it, as the rooms know it. */
  readonly off: (text: string) => string;
}

/** Behind each text. */
export const BEHIND: HostileMarks = { on: (text) => text + MARKS, off: (text) => text.replaceAll(MARKS, '') };
const SCHEME = `javascript:window.hacked=1//${MARKS}`;
/** Before it: as the beginning of a link. */
export const BEFORE: HostileMarks = { on: (text) => SCHEME + text, off: (text) => text.replaceAll(SCHEME, '') };

/** Words of ours by which pages choose a sentence or a colour, not texts that come from anywhere; and stamps and ids that we made. */
const OURS: ReadonlySet<string> = new Set([
  ...['kind', 'severity', 'origin', 'verdict', 'tone', 'what', 'engine', 'reason', 'stopped', 'record', 'stamp', 'state', 'target'],
  // The links to where the data of places is from are written in our code.
  ...['leftOut', 'country', 'next', 'url'],
]);
/** Texts by which our own code decides. */
const DECIDING = /^(true|false)$/;

function mapTexts(value: unknown, map: (text: string) => string, key = ''): unknown {
  if (typeof value === 'string') return OURS.has(key) || DECIDING.test(value) ? value : map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map, key));
  if (value instanceof Map) return new Map([...value].map(([name, item]) => [mapTexts(name, map), mapTexts(item, map)]));
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || value instanceof Promise) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, map, name)]));
}

function hostileAnswer(answer: unknown, marks: HostileMarks): unknown {
  if (answer instanceof Promise) return answer.then((value: unknown) => mapTexts(value, marks.on));
  if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) {
    const items = answer as AsyncIterable<unknown>;
    return (async function* () {
      for await (const item of items) yield mapTexts(item, marks.on);
    })();
  }
  return mapTexts(answer, marks.on);
}

/** Texts of answers get the marks, texts of questions lose them again, so that what a page names is found. */
function hostileRoom<Room extends object>(room: Room, marks: HostileMarks): Room {
  return new Proxy(room, {
    get(target, name, receiver): unknown {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return mapTexts(value, marks.on);
      return (...words: unknown[]) =>
        hostileAnswer(
          Reflect.apply(
            value,
            target,
            words.map((word) => mapTexts(word, marks.off)),
          ),
          marks,
        );
    },
  });
}

/** All rooms but the log-in, the clock and what tells of changes. */
export function hostileWorld(rooms: PageWorld, marks: HostileMarks): PageWorld {
  const hostile = Object.entries(rooms).map(([name, room]: [string, unknown]) => {
    if (['clock', 'logger', 'login', 'live'].includes(name)) return [name, room];
    if (typeof room === 'string') return [name, marks.on(room)];
    if (typeof room === 'function') {
      const ask = room as (...words: unknown[]) => unknown;
      return [name, (...words: unknown[]) => hostileAnswer(ask(...words.map((word) => mapTexts(word, marks.off))), marks)];
    }
    return [name, hostileRoom(room as object, marks)];
  });
  return Object.fromEntries(hostile) as PageWorld;
}
