/** Keeps who may log in with a password: one small private JSON file in the home folder. */
import { z } from 'zod';
import { exists, readText, writeFileSafely } from '../../base/files';
import type { Credentials } from './password';

const File = z.object({ user: z.string().min(1).max(200), hash: z.string().min(1).max(500) });

/** Null while the file is not there. Throws when it is not one of ours: then nobody logs in with a password. */
export function readCredentials(file: string): Credentials | null {
  return exists(file) ? File.parse(JSON.parse(readText(file))) : null;
}

export function writeCredentials(file: string, credentials: Credentials): void {
  writeFileSafely(file, `${JSON.stringify(credentials, null, 2)}\n`, 0o600);
}
