/** Texts of bans in memory: what is found is what a plain look at each text finds, while they come, go and change hands. */
import { BanTexts, NOBODY } from '../../../../src/panel/control/bans/ban-texts';
import { Members } from '../../../../src/panel/control/bans/members';
import { drawer } from '../../../support/attack-history';

/** Places lie below this. */
const PLACES = 20_000;
const WORDS = ['Failed', 'password', 'ROOT', 'über', 'a"b', '198.51.100.7', 'Ö', '日本', 'x'];

function found(texts: BanTexts, piece: string): readonly number[] {
  const members = new Members(PLACES);
  texts.find(piece, members);
  return members.places();
}

it('finds what a plain look finds', () => {
  const draw = drawer(11);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T;
  const texts = new BanTexts(64 * 1024 * 1024);
  const kept: { place: number; text: string }[] = [];
  const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  for (let step = 0; step < 9000; step++) {
    if (kept.length > 0 && draw() < 0.45) {
      const at = Math.floor(draw() * kept.length);
      const one = kept[at];
      if (one === undefined) continue;
      if (draw() < 0.3) {
        texts.move(one.place, step);
        one.place = step;
      } else {
        texts.remove(one.place);
        kept.splice(at, 1);
      }
      continue;
    }
    const text = Array.from({ length: Math.floor(draw() * 6) }, () => pick(WORDS)).join(draw() < 0.5 ? ' ' : '');
    texts.add(step, Buffer.from(text));
    kept.push({ place: step, text });
    if (step % 300 !== 0) continue;
    for (const piece of [pick(WORDS), pick(WORDS).toLowerCase(), `${pick(WORDS)}${pick(WORDS)}`, 'd p', 'nowhere', 'ö']) {
      const wanted = kept.filter((item) => asciiLower(item.text).includes(asciiLower(piece))).map((item) => item.place);
      expect(found(texts, piece)).toEqual(wanted.sort((a, b) => a - b));
    }
  }
});

it('does not keep the texts of who is gone', () => {
  const texts = new BanTexts(50_000);
  for (let name = 0; name < 20_000; name++) {
    texts.add(name, Buffer.from('twenty bytes of text'));
    texts.remove(name);
  }
  expect(texts.count).toBeLessThan(2500);
  expect(texts.isFull).toBe(false);
});

it('finds nothing over the border of two texts, nor by an empty text', () => {
  const texts = new BanTexts(1000);
  texts.add(1, Buffer.from('one'));
  texts.add(2, Buffer.from('two'));
  expect(found(texts, 'onetwo')).toEqual([]);
  expect(found(texts, 'e')).toEqual([1]);
  expect(found(texts, '')).toEqual([]);
  expect(found(texts, 'e\0')).toEqual([]);
});

it('finds a piece where texts of one kind have it, elsewhere, and not where there is none', () => {
  const texts = new BanTexts(64 * 1024 * 1024);
  const kept: string[] = [];
  const draw = drawer(5);
  for (let name = 0; name < 3000; name++) {
    const what = draw() < 0.8 ? 'Failed password' : draw() < 0.5 ? 'a failed password' : 'Accepted';
    const text = `{"matches":["${what} for user${name} from 192.0.2.${name % 200}${' '.repeat(Math.floor(draw() * 3))}"]}`;
    kept.push(text.toLowerCase());
    texts.add(name, Buffer.from(text));
  }
  for (const piece of ['failed password', 'a failed', 'user77', 'from 192.0.2.19', '9  "]}', '}{', 'accepted for user1', 'nobody']) {
    const wanted = kept.flatMap((text, name) => (text.includes(piece) ? [name] : []));
    expect([piece, found(texts, piece)]).toEqual([piece, wanted]);
  }
});

it('keeps a text that is longer than its usual piece of memory', () => {
  const texts = new BanTexts(8 * 1024 * 1024);
  texts.add(1, Buffer.from(`${'x'.repeat(3_000_000)}end`));
  texts.add(2, Buffer.from('the end'));
  expect(found(texts, 'END')).toEqual([1, 2]);
});

it('says when there is no room, and is of use again after it was cleared', () => {
  const texts = new BanTexts(100);
  texts.add(1, Buffer.from('a'.repeat(60)));
  expect(texts.isFull).toBe(false);
  texts.add(2, Buffer.from('b'.repeat(60)));
  expect([texts.has(1), texts.has(2)]).toEqual([false, false]);
  expect(texts.isFull).toBe(true);
  expect(found(texts, 'a')).toEqual([]);
  texts.clear();
  texts.add(3, Buffer.from('abc'));
  expect(found(texts, 'b')).toEqual([3]);
});

it('goes by other places when they are given anew', () => {
  const texts = new BanTexts(1000);
  for (const place of [0, 1, 2, 3]) texts.add(place, Buffer.from(`text ${place}`));
  texts.remove(1);
  texts.renumber(Int32Array.from([2, NOBODY, NOBODY, 0]));
  expect(found(texts, 'text')).toEqual([0, 2]);
  expect(found(texts, 'text 3')).toEqual([0]);
  expect([0, 1, 2, 3].map((place) => texts.has(place))).toEqual([true, false, true, false]);
  texts.move(0, 9);
  texts.remove(2);
  texts.remove(77);
  expect(found(texts, 'text')).toEqual([9]);
});
