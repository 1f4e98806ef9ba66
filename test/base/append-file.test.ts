/** A file that is appended to: bounded while it cannot be written, complaining once, whole lines in order afterwards. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppendFile } from '../../src/base/append-file';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bailiff-append-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('AppendFile', () => {
  it('writes soon and in order without being asked', async () => {
    const path = join(folder, 'a.log');
    const file = new AppendFile({ path });
    for (let line = 0; line < 1000; line++) file.append(`${line}\n`);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(readFileSync(path, 'utf8')).toBe(Array.from({ length: 1000 }, (_, line) => `${line}\n`).join(''));
    file.close();
  });

  it('keeps the newest texts within its bound while the file cannot be written, and tells how many were lost', () => {
    const path = join(folder, 'later', 'a.log');
    const errors: string[] = [];
    const file = new AppendFile({ path, maxBuffer: 100, onError: (message) => errors.push(message) });
    for (let line = 0; line < 50; line++) file.append(`line ${String(line).padStart(4, '0')}\n`);
    expect(file.flush()).toBe(false);
    expect(file.flush()).toBe(false);
    expect(errors).toEqual([expect.stringContaining('cannot be written')]);
    mkdirSync(join(folder, 'later'));
    expect(file.flush()).toBe(true);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(11);
    expect(readFileSync(path, 'utf8')).toContain('line 0049');
    expect(errors[1]).toContain('40 entries were lost');
    file.close();
  });

  it('writes what waits when it is closed, and nothing after that', () => {
    const path = join(folder, 'a.log');
    const file = new AppendFile({ path });
    file.append('last\n');
    file.close();
    file.append('too late\n');
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('last\n');
  });
});
