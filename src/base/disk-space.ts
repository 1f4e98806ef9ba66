/** From a path: how much room is left on the disk it lies on. */
import { stat, statfs } from 'node:fs/promises';

export interface DiskSpace {
  /** The same for all paths on one disk. */
  readonly device: number;
  /** Bytes. */
  readonly total: number;
  /** Bytes that programs may still fill; less than what is free where some is kept for root. */
  readonly free: number;
}

/** The room on the disk of a file or folder; null when it is not there. A disk that hangs never answers: bound the time. */
export async function diskSpace(path: string): Promise<DiskSpace | null> {
  try {
    const [{ dev }, disk] = await Promise.all([stat(path), statfs(path)]);
    return { device: dev, total: disk.blocks * disk.bsize, free: disk.bavail * disk.bsize };
  } catch {
    return null;
  }
}
