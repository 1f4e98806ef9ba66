/** How often files are looked at whose writes the kernel tells of: seldomer each where there are thousands, so that the looks cost no more. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Attachment } from '../../../src/engine/source/attachment';
import { DirectoryWatch, type FolderSubscription } from '../../../src/engine/source/directory-watch';
import { FollowedFiles } from '../../../src/engine/source/followed-files';
import { manualClock } from '../../support/clock';
import { temporaryFolder } from '../../support/folder';
import { keptReader, until } from '../../support/reader';

/** Listens and tells nobody: as with files that another machine writes. */
class DeafWatch extends DirectoryWatch {
  override onFile(folder: string, name: string): FolderSubscription {
    return super.onFile(folder, name, { told: () => undefined });
  }
}

const WRITTEN = 40;
const folder = temporaryFolder();
afterAll(() => folder.remove());

test.each([
  [WRITTEN, 5],
  [4000, 10],
])(
  'of %d files, one that was written without notice is read within %d seconds, and not all are looked at sooner',
  async (count, longest) => {
    const clock = manualClock();
    const files = new FollowedFiles(clock, new DeafWatch());
    const reader = keptReader();
    const paths = Array.from({ length: count }, (_, at) => join(folder.path, `${count}-${at}.log`));
    for (const path of paths) {
      writeFileSync(path, '');
      files.attach(path, 'utf-8', new Attachment(reader, (tail) => tail.begin(), 0, null, false));
    }
    await clock.advance(2);
    await until(() => reader.kinds().length === count, 'the end of all');
    await clock.advance(2 * longest);
    for (const path of paths.slice(0, WRITTEN)) appendFileSync(path, 'line\n');
    await clock.advance(0.7 * longest);
    expect(reader.lines().length).toBeLessThan(WRITTEN);
    await clock.advance(0.4 * longest);
    await until(() => reader.lines().length === WRITTEN, 'all lines');
    files.close();
  },
);
