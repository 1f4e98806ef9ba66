/** Messages are found in the bytes whatever the bytes are cut into, and a marker inside a text does not end one. */
import * as fc from 'fast-check';
import { CLOSE_MESSAGE, FrameReader, frame, isCloseMessage } from '../../../src/contracts/socket/framing';
import { decodePickle } from '../../../src/contracts/socket/pickle-decode';
import { encodePickle } from '../../../src/contracts/socket/pickle-encode';

const MARKER = '<F2B_END_COMMAND>';

function messages(reader: FrameReader): Buffer[] {
  const found: Buffer[] = [];
  for (let message = reader.next(); message !== null; message = reader.next()) found.push(message);
  return found;
}

function read(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const reader = new FrameReader();
  const found: Buffer[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    reader.push(bytes.subarray(from, cut));
    found.push(...messages(reader));
    from = cut;
  }
  expect(reader.pending).toBe(0);
  return found;
}

describe('FrameReader', () => {
  const commands = [['ping'], ['echo', `a${MARKER}b`, MARKER], ['echo', 'x'.repeat(300) + MARKER], ['status', 'j1']];
  const stream = Buffer.concat([
    ...commands.map((command) => frame(encodePickle(command))),
    Buffer.from(`garbage${MARKER}`),
    CLOSE_MESSAGE,
  ]);
  const expected = [...commands.map((command) => encodePickle(command)), Buffer.from('garbage'), Buffer.from('<F2B_CLOSE_COMMAND>')];

  it('finds the same messages when the bytes are split in two at every place', () => {
    for (let cut = 0; cut <= stream.length; cut++) expect(read(stream, [cut])).toEqual(expected);
  });

  it('finds the same messages when every byte comes alone', () => {
    expect(read(stream, Array.from(stream.keys()))).toEqual(expected);
  });

  it('finds what was framed, for any commands and any cuts', () => {
    const word = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(MARKER), fc.integer(), fc.constant(`${MARKER}\n.`));
    fc.assert(
      fc.property(fc.array(fc.array(word), { maxLength: 5 }), fc.array(fc.nat(2000)), (all, cuts) => {
        const bytes = Buffer.concat(all.map((command) => frame(encodePickle(command))));
        const places = cuts.filter((cut) => cut <= bytes.length).sort((a, b) => a - b);
        expect(read(bytes, places).map((message) => decodePickle(message))).toEqual(all);
      }),
      { numRuns: 300 },
    );
  });

  it('knows the message that asks to close', () => {
    expect(isCloseMessage(read(CLOSE_MESSAGE, [])[0] ?? Buffer.alloc(0))).toBe(true);
    expect(isCloseMessage(encodePickle(['<F2B_CLOSE_COMMAND>']))).toBe(false);
  });

  it('refuses garbage without an end once it is longer than a message may be', () => {
    const reader = new FrameReader(100_000);
    const chunk = Buffer.alloc(10_000, 'g');
    expect(() => {
      for (let count = 0; count < 12; count++) reader.push(chunk);
    }).toThrow(/too long/);
  });

  it('takes time in proportion to the bytes, even when a text is full of markers and comes in small parts', () => {
    const text = MARKER.repeat(100_000);
    const bytes = frame(encodePickle(['echo', text]));
    const reader = new FrameReader();
    let found: Buffer | null = null;
    for (let from = 0; from < bytes.length; from += 1000) {
      reader.push(bytes.subarray(from, from + 1000));
      found = reader.next() ?? found;
    }
    expect(decodePickle(found ?? Buffer.alloc(0))).toEqual(['echo', text]);
  });
});
