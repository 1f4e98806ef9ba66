/** What entries of ignoreip stand for: the addresses of a host name, within a short time, and the words of a file, within bounds. */
import type { Clock } from '../../../base/clock';
import { fileStamp } from '../../../base/file-keeping';
import { readText } from '../../../base/files';
import { realFile } from '../../../base/real-file';
import type { Resolver } from '../../../base/resolver';
import { listWords } from '../../../contracts/files/option-value';
import { parseAddress } from '../../../model/address';

/** Seconds that a page waits for all names together. */
const TIME_LIMIT = 2;
/** Names asked for at once, and addresses of one of them; further ones are not looked at. */
const MOST_NAMES = 100;
const MOST_ADDRESSES = 16;
const MOST_BYTES = 1024 * 1024;

/** The addresses of each name; none of those that did not answer in time, or with something else. Never rejects. */
export async function addressesOfNames(
  names: readonly string[],
  resolver: Pick<Resolver, 'addressesOf'>,
  clock: Pick<Clock, 'after'>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  const asked = [...new Set(names)].slice(0, MOST_NAMES).map(async (name) => {
    const answers = await resolver.addressesOf(name);
    const addresses = answers.slice(0, MOST_ADDRESSES).filter((answer) => parseAddress(answer) !== null);
    found.set(name, addresses);
  });
  await new Promise<void>((resolve) => {
    const timer = clock.after(TIME_LIMIT, resolve);
    void Promise.allSettled(asked).then(() => {
      timer.cancel();
      resolve();
    });
  });
  return new Map(found);
}

/** The words of a `file:` entry, without comments; none when it cannot be read. */
export function wordsOfFile(path: string): readonly string[] {
  try {
    if (realFile(path)?.kind !== 'file' || (fileStamp(path)?.size ?? 0) > MOST_BYTES) return [];
    return readText(path)
      .split('\n')
      .flatMap((line) => listWords(line.replace(/[#;].*$/, '')));
  } catch {
    return [];
  }
}
