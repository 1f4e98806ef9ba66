#!/usr/bin/env node
/** `bailiff-client`: speaks to a server, ours or the stock one, with the commands and texts of fail2ban-client. */
import { extname, join } from 'node:path';
import { messageOf } from '../base/errors';
import { runClientHere } from './client/world';

runClientHere(process.argv.slice(2), join(__dirname, `bailiff-server${extname(__filename)}`)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`ERROR   ${messageOf(error)}\n`);
    process.exitCode = 255;
  },
);
