/** Pieces of a file that is made line by line: nothing lost, nothing in another order, few of them. */
import { inPieces } from '../../../src/panel/web/download';

async function piecesOf(parts: readonly (string | Uint8Array)[]): Promise<readonly (string | Uint8Array)[]> {
  async function* body(): AsyncGenerator<string | Uint8Array> {
    for (const part of parts) yield part;
  }
  const pieces: (string | Uint8Array)[] = [];
  for await (const piece of inPieces(body())) pieces.push(piece);
  return pieces;
}

it('joins lines, and gives the last ones too', async () => {
  const lines = Array.from({ length: 5000 }, (_, at) => `line ${at}\n`);
  const pieces = await piecesOf(lines);
  expect(pieces.join('')).toBe(lines.join(''));
  expect(pieces.length).toBeLessThan(10);
});

it('leaves bytes as they are, in their place', async () => {
  const bytes = Uint8Array.from([0, 255]);
  expect(await piecesOf(['a', 'b', bytes, bytes, 'c'])).toEqual(['ab', bytes, bytes, 'c']);
});

it('gives nothing of nothing', async () => {
  expect(await piecesOf([])).toEqual([]);
  expect(await piecesOf(['', ''])).toEqual([]);
});
