/** The client against a real fail2ban-server: results, refusals, and what goes wrong when nobody answers. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerRefusal, SocketClient } from '../../../src/contracts/socket/client';
import { PyTuple } from '../../../src/model/python-repr';
import { startStockServer } from '../../support/stock-server';
import type { StockServer } from '../../support/stock-server';

describe('the client with the stock server', () => {
  let server: StockServer;
  let client: SocketClient;
  beforeAll(async () => {
    server = await startStockServer('client');
    client = new SocketClient({ path: server.socket });
  });
  afterAll(() => server.stop());

  it('is answered to a ping', async () => {
    await expect(client.send(['ping'])).resolves.toBe('pong');
  });

  it('reads pairs as tuples', async () => {
    await expect(client.send(['status'])).resolves.toEqual([new PyTuple(['Number of jail', 0]), new PyTuple(['Jail list', ''])]);
  });

  it('sends words of every type and reads addresses that the server sends as calls', async () => {
    await client.send(['add', 'j1', 'polling']);
    await client.send(['set', 'j1', 'maxretry', 7]);
    await client.send(['set', 'j1', 'idle', 'off']);
    await expect(client.send(['get', 'j1', 'maxretry'])).resolves.toBe(7);
    await expect(client.send(['set', 'j1', 'banip', '192.0.2.1', '2001:db8::1'])).resolves.toBe(2);
    await expect(client.send(['get', 'j1', 'banip'])).resolves.toEqual(['192.0.2.1', '2001:db8::1']);
    await expect(client.send(['banned'])).resolves.toEqual([new Map([['j1', ['192.0.2.1', '2001:db8::1']]])]);
  });

  it('carries text of any script, and text that contains the end marker', async () => {
    const hostile = 'x<F2B_END_COMMAND>ü漢🙂\udc80';
    await expect(client.send(['echo', 'ü漢🙂\udc80', 'y'.repeat(100_000)])).resolves.toEqual(['ü漢🙂\udc80', 'y'.repeat(100_000)]);
    // The stock server ends the message at the marker, wherever it stands: it complains, and the client says so.
    await expect(client.send(['echo', hostile])).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
  });

  it('says what the server refused, with the server’s exception', async () => {
    const refusal = await client.send(['status', 'nosuch']).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ServerRefusal);
    expect(refusal).toMatchObject({
      code: 'SERVER_REFUSED',
      message: 'nosuch',
      answer: { exception: { module: 'fail2ban.exceptions', name: 'UnknownJailException', args: ['nosuch'] } },
    });
    await expect(client.send(['foo'])).rejects.toMatchObject({ message: 'Invalid command' });
    await expect(client.send(['set', 'j1', 'addfailregex', '(<HOST>'])).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
  });

  it('sends many commands at the same time and mixes no answers', async () => {
    const words = Array.from({ length: 40 }, (_, index) => `word ${index}`);
    await expect(Promise.all(words.map((word) => client.send(['echo', word])))).resolves.toEqual(words.map((word) => [word]));
  });
});

describe('the client without a server', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bailiff-client-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says that no server is running when there is no socket', async () => {
    await expect(new SocketClient({ path: join(folder, 'none') }).send(['ping'])).rejects.toMatchObject({
      code: 'SERVER_NOT_RUNNING',
      cause: { code: 'ENOENT' },
    });
  });

  it('gives up when the server does not answer in time, or closes without an answer, or talks nonsense', async () => {
    const path = join(folder, 'mute');
    const replies: (Buffer | null)[] = [null, Buffer.alloc(0), Buffer.from('<F2B_END_COMMAND>'), Buffer.from('nonsense<F2B_END_COMMAND>')];
    const server = createServer((socket) => {
      const reply = replies.shift();
      socket.resume().on('error', () => undefined);
      if (reply?.length === 0) socket.destroy();
      else if (reply !== null && reply !== undefined) socket.end(reply);
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    chmodSync(path, 0o700);
    const client = new SocketClient({ path });
    await expect(client.send(['ping'], { timeout: 0.1 })).rejects.toMatchObject({ code: 'SERVER_TIMEOUT' });
    await expect(client.send(['ping'])).rejects.toMatchObject({ code: 'SERVER_NOT_RUNNING' });
    await expect(client.send(['ping'])).rejects.toMatchObject({ code: 'PROTOCOL' });
    await expect(client.send(['ping'])).rejects.toMatchObject({ code: 'PROTOCOL' });
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});
