/** A request handed to an app in this process, without any connection: its bytes in, the bytes of the answer out. */
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

export interface Injected {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export type Handler = (req: IncomingMessage, res: ServerResponse) => void;

export const CLIENT = '192.0.2.200';

/** The request as node would have read it. */
export function requestOf({ method, url, headers, body }: Injected, socket: Duplex = new Duplex({ read() {} })): IncomingMessage {
  const req = new IncomingMessage(Object.assign(socket, { remoteAddress: CLIENT }) as unknown as Socket);
  Object.assign(req, { method, url, httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1, complete: true });
  req.headers = { ...headers };
  req.rawHeaders = Object.entries(headers).flat();
  if (body.length > 0) req.push(body);
  req.push(null);
  return req;
}

/** Rejects when the app lets an error through to node. */
export function inject(handler: Handler, asked: Injected): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = new Duplex({
      read() {},
      write(chunk: Buffer | string, _encoding, done) {
        chunks.push(Buffer.from(chunk));
        done();
      },
    });
    const req = requestOf(asked, socket);
    const res = new ServerResponse(req);
    res.assignSocket(socket as unknown as Socket);
    socket.on('error', reject);
    res.on('finish', () => {
      const whole = Buffer.concat(chunks);
      const at = whole.indexOf('\r\n\r\n');
      resolve({ status: res.statusCode, headers: res.getHeaders(), text: whole.subarray(at + 4).toString() });
    });
    handler(req, res);
  });
}
