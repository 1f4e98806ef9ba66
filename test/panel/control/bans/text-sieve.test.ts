/** A sieve never leaves out a text that holds a piece, and leaves out nearly all that do not. */
import { SIEVE_BYTES, soughtOf, TextSieve } from '../../../../src/panel/control/bans/text-sieve';
import { drawer } from '../../../support/attack-history';

const draw = drawer(31);
const below = (most: number): number => Math.floor(draw() * most);
const lineOf = (at: number): string =>
  `{"matches":["nov 27 10:${10 + below(50)}:${10 + below(50)} host sshd[${1000 + at}]: failed password for invalid user root${at} from ` +
  `${1 + below(200)}.${below(256)}.${below(256)}.${below(256)} port ${1024 + below(60_000)} ssh2"],"failures":${below(9)}}`;

/** Two hundred sieves as the list has them: each of eight times its bytes. */
function filled(): readonly { readonly sieve: TextSieve; readonly texts: string[] }[] {
  let line = 0;
  return Array.from({ length: 200 }, () => {
    const sieve = new TextSieve();
    const texts: string[] = [];
    for (let bytes = 0; bytes < 8 * SIEVE_BYTES;) {
      const text = Buffer.from(lineOf(line++));
      // A text is a part of longer memory.
      const memory = Buffer.concat([Buffer.from('before\0'), text, Buffer.from('\0after')]);
      sieve.add(memory, 7, 7 + text.length);
      texts.push(text.toString());
      bytes += text.length;
    }
    return { sieve, texts };
  });
}

const sieves = filled();

it('leaves out no text that holds the piece', () => {
  for (const { sieve, texts } of sieves) {
    const text = texts[below(texts.length)] ?? '';
    for (let length = 0; length < 40; length++) {
      const from = below(text.length - length + 1);
      const piece = text.slice(from, from + length);
      expect([piece, sieve.mayHold(soughtOf(Buffer.from(piece)))]).toEqual([piece, true]);
    }
    for (const whole of texts) expect(sieve.mayHold(soughtOf(Buffer.from(whole)))).toBe(true);
  }
});

it('takes no byte of what stands beside a text', () => {
  for (const { sieve } of sieves) expect(sieve.mayHold(soughtOf(Buffer.from('before')))).toBe(false);
});

it.each(['nothing 8315', 'nobody12', 'user root55x', 'accepted publickey'])('leaves out nearly all texts without «%s»', (piece) => {
  const sought = soughtOf(Buffer.from(piece));
  const looked = sieves.filter(({ sieve }) => sieve.mayHold(sought)).length;
  expect(looked).toBeLessThan(4);
});
