/** `bailiff password`: reads a new password from standard input and keeps its hash for the log-in page. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { AppError } from '../../base/errors';
import { writeCredentials } from '../../panel/web/credentials';
import { hashPassword } from '../../panel/web/password';

const LEAST_LENGTH = 10;

/** One line of a stream; what is typed at a terminal is not shown. '' when the stream ends without one. */
function readHidden(input: NodeJS.ReadStream): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: input.isTTY });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => resolve(''));
  });
}

/** @throws AppError BAD_ARGUMENT when the password is too short */
export async function setPassword(file: string, user: string, input: NodeJS.ReadStream): Promise<void> {
  if (input.isTTY) process.stderr.write(`New password for ${user}: `);
  const password = await readHidden(input);
  if (input.isTTY) process.stderr.write('\n');
  if (password.length < LEAST_LENGTH) throw new AppError('BAD_ARGUMENT', `the password needs at least ${LEAST_LENGTH} characters`);
  writeCredentials(file, { user, hash: await hashPassword(password) });
}
