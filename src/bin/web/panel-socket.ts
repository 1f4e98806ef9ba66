/** Listens on the UNIX socket over which the panel's PHP asks for pages: root's, open to one group and to nobody else. */
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { AppError, messageOf } from '../../base/errors';
import { readText } from '../../base/files';
import { makeSocketFolder, openSocketToGroup, removeSocketFile, standingAt } from '../../base/file-socket';

/** Shorter secrets could be guessed. */
const LEAST_SECRET = 32;

export interface PanelSocket {
  readonly path: string;
  /** Name of the group that may connect; null for our own. */
  readonly group: string | null;
}

/** @throws AppError BAD_ARGUMENT when the system has no such group */
function groupId(name: string): number {
  const line = readText('/etc/group')
    .split('\n')
    .map((text) => text.split(':'))
    .find(([group]) => group === name);
  const gid = Number(line?.[2] ?? NaN);
  if (!Number.isInteger(gid)) throw new AppError('BAD_ARGUMENT', `there is no group '${name}' on this system`);
  return gid;
}

/** The secret in a file. @throws AppError BAD_ARGUMENT when it cannot be read or is too short to be one */
export function readSecret(file: string): string {
  let secret: string;
  try {
    secret = readText(file).trim();
  } catch (error) {
    throw new AppError('BAD_ARGUMENT', `the secret cannot be read: ${messageOf(error)}`, { cause: error });
  }
  if (secret.length < LEAST_SECRET)
    throw new AppError('BAD_ARGUMENT', `${file} holds fewer than ${LEAST_SECRET} characters: that is no secret`);
  return secret;
}

function somebodyListens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

/** @throws AppError SOCKET_IN_USE when another process listens there, or when what stands there is no socket */
export async function listenOnPanelSocket(app: RequestListener, socket: PanelSocket): Promise<Server> {
  const gid = socket.group === null ? (process.getgid?.() ?? 0) : groupId(socket.group);
  makeSocketFolder(socket.path);
  if (standingAt(socket.path) === 'something else') throw new AppError('SOCKET_IN_USE', `${socket.path} is there and no socket`);
  if (await somebodyListens(socket.path)) throw new AppError('SOCKET_IN_USE', `another process listens on ${socket.path}`);
  removeSocketFile(socket.path);
  // Nobody else's from its first moment on; then the group's.
  const mask = process.umask(0o177);
  const server = createServer(app);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket.path, resolve);
    });
  } finally {
    process.umask(mask);
  }
  openSocketToGroup(socket.path, gid);
  return server;
}
