/** The table of networks in the data folder: read when it is there, else made from the CSV files in the background, once for each release of theirs. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { sleep, type Clock } from '../../../base/clock';
import { messageOf } from '../../../base/errors';
import { fileStamp } from '../../../base/file-keeping';
import { readLines } from '../../../base/file-lines';
import { exists, readBytes, writeFileSafely } from '../../../base/files';
import { makePrivateFolder } from '../../../base/folders';
import type { Logger } from '../../../base/logger';
import { AsnBuilder } from './asn-builder';
import type { Family } from './asn-format';
import { AsnTable } from './asn-table';

const LOGGER = 'bailiff.geo';
const FILE = 'networks.bin';

/** CSV files of `@ip-location-db/asn` with addresses as numbers. */
export type NetworkFiles = Readonly<Record<Family, string>>;

export interface NetworksOptions {
  readonly files: NetworkFiles;
  /** Where the table is kept. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class Networks {
  /** Null until it has been read or made. */
  table: AsnTable | null = null;
  /** Kept when the table is there, or cannot be had; never rejects. */
  readonly ready: Promise<void>;
  #closed = false;

  constructor(private readonly options: NetworksOptions) {
    this.ready = this.#open().catch((error: unknown) => {
      options.logger.log('WARNING', LOGGER, `networks of addresses are not known: ${messageOf(error)}`);
    });
  }

  /** Gives up making the table. */
  close(): void {
    this.#closed = true;
  }

  async #open(): Promise<void> {
    const { files, folder } = this.options;
    const file = path.join(folder, FILE);
    const stamp = createHash('sha256')
      .update(JSON.stringify([fileStamp(files.inet4), fileStamp(files.inet6)]))
      .digest();
    this.table = exists(file) ? AsnTable.read(readBytes(file), stamp) : null;
    if (this.table !== null) return;
    const bytes = await this.#make(stamp);
    if (bytes === null) return;
    this.table = AsnTable.read(bytes, stamp);
    makePrivateFolder(folder);
    writeFileSafely(file, bytes, 0o600);
  }

  /** Batch by batch, with room for others in between; null when nobody waits any more. */
  async #make(stamp: Buffer): Promise<Buffer | null> {
    const { files, clock, logger } = this.options;
    const builder = new AsnBuilder();
    let wrong = 0;
    for (const family of ['inet4', 'inet6'] as const) {
      for (const { lines } of readLines(files[family], 'utf-8')) {
        for (const line of lines) if (!builder.add(family, line)) wrong++;
        await sleep(clock, 0);
        if (this.#closed) return null;
      }
    }
    if (wrong > 0) logger.log('WARNING', LOGGER, `${wrong} lines of the list of networks were left out`);
    return builder.finish(stamp);
  }
}
