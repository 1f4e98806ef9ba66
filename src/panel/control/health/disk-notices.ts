/** From the settings of a server: whether its database can be written, and whether the disks of database and log have room. */
import * as path from 'node:path';
import { type DiskSpace, diskSpace } from '../../../base/disk-space';
import { fileState, mayWrite } from '../../../base/file-state';
import type { ServerSettings } from '../settings';
import type { HealthNotice } from './health';

const MB = 1_000_000;
/** Below one of these a disk is nearly full, and below one of those it is as good as full. */
const LOW = { bytes: 200 * MB, share: 0.05 };
const FULL = { bytes: 20 * MB, share: 0.005 };

const isBelow = ({ free, total }: DiskSpace, bound: typeof LOW): boolean => free < bound.bytes || free < total * bound.share;

/** What to say about the disk on which `folder` lies; null when it has room. */
export function spaceNotice(folder: string, disk: DiskSpace): HealthNotice | null {
  // What has no size is no disk: a folder of the kernel's.
  if (disk.total === 0 || !isBelow(disk, LOW)) return null;
  const detail = `${folder}: ${Math.floor(disk.free / MB)} MB`;
  return { kind: 'disk', severity: isBelow(disk, FULL) ? 'error' : 'warning', jail: null, detail, since: null };
}

async function databaseNotice(file: string): Promise<HealthNotice | null> {
  const { access } = await fileState(file);
  if (access === 'readable' && (await mayWrite(file))) return null;
  return { kind: 'database', severity: 'error', jail: null, detail: file, since: null };
}

/** Each disk is told once. @param tell is given every notice as it is found */
export async function lookAtDisks(settings: ServerSettings, tell: (notice: HealthNotice) => void): Promise<void> {
  const isFile = (word: string | null): word is string => word?.startsWith('/') === true && !word.startsWith('/dev/');
  const files = [settings.dbfile, settings.logtarget].filter(isFile);
  const seen = new Set<number>();
  const looks = [...new Set(files.map((file) => path.dirname(file)))].map(async (folder) => {
    const disk = await diskSpace(folder);
    if (disk === null || seen.has(disk.device)) return;
    seen.add(disk.device);
    const notice = spaceNotice(folder, disk);
    if (notice !== null) tell(notice);
  });
  if (isFile(settings.dbfile)) {
    const { dbfile } = settings;
    looks.push(databaseNotice(dbfile).then((notice) => void (notice !== null && tell(notice))));
  }
  await Promise.all(looks);
}
