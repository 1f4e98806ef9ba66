/** The lock between processes: one at a time, and free again when its holder is killed. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { processLock } from '../../../src/contracts/database/process-lock';
import { temporaryFolder } from '../../support/folder';

const root = path.resolve(__dirname, '../../..');
/** Takes the lock, says so, and keeps it. */
const HOLDER = `
import { systemClock } from '${root}/src/base/clock';
import { processLock } from '${root}/src/contracts/database/process-lock';
void processLock(process.argv[2] ?? '', systemClock).run(async () => {
  process.stdout.write('held');
  await new Promise((resolve) => setTimeout(resolve, 120_000));
});
`;

describe('the lock between processes', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  test('lets one work at a time, in whatever way the work ends', async () => {
    const file = path.join(folder.path, 'deep', 'x.lock');
    const told: string[] = [];
    const work = (name: string, fails = false): Promise<void> =>
      processLock(file, systemClock).run(async () => {
        told.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        told.push(`${name} ends`);
        if (fails) throw new Error('failed');
      });
    const results = await Promise.allSettled([work('a', true), work('b'), work('c')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(told).toHaveLength(6);
    for (let at = 0; at < told.length; at += 2) expect(told[at + 1]).toBe(told[at]?.replace('begins', 'ends'));
  });

  test('is free again when its holder is killed', async () => {
    const file = path.join(folder.path, 'x.lock');
    const script = path.join(folder.path, 'holder.ts');
    writeFileSync(script, HOLDER);
    const child = spawn(process.execPath, [path.join(root, 'test/support/typescript.mjs'), script, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    let got = false;
    const mine = processLock(file, systemClock).run(async () => void (got = true));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(got).toBe(false);
    child.kill('SIGKILL');
    await mine;
    expect(got).toBe(true);
  });

  test('holds up nobody where it cannot be made', async () => {
    const file = path.join(folder.path, 'x.lock');
    mkdirSync(file);
    chmodSync(file, 0o500);
    expect(await processLock(file, systemClock).run(() => Promise.resolve('done'))).toBe('done');
  });
});
