// Makes a zip archive that is the same byte for byte whenever its files are the same: sorted names, one date, Unix modes, no extras.
import { crc32, deflateRawSync } from 'node:zlib';

/** 1 January 1980, the first day that a zip can name. */
const DOS_DATE = 0x0021;
const UNIX = 3;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const REGULAR = 0o100000;

function header(entry) {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(UTF8_NAMES, 2);
  fields.writeUInt16LE(entry.method, 4);
  fields.writeUInt16LE(0, 6);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(entry.crc, 10);
  fields.writeUInt32LE(entry.data.length, 14);
  fields.writeUInt32LE(entry.size, 18);
  fields.writeUInt16LE(entry.name.length, 22);
  return fields;
}

function word(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function centralRecord(entry) {
  const madeBy = Buffer.from([VERSION, UNIX]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((((REGULAR | entry.mode) << 16) >>> 0) >>> 0, 6);
  rest.writeUInt32LE(entry.offset, 10);
  return Buffer.concat([word(0x02014b50), madeBy, header(entry), rest, entry.name]);
}

/**
 * @param {Map<string, {bytes: Buffer, mode: number}>} files by their names in the archive
 * @param {number} level of compression, 1 to 9
 */
export function makeZip(files, level = 9) {
  const parts = [];
  const entries = [];
  let offset = 0;
  for (const name of [...files.keys()].sort()) {
    const { bytes, mode } = files.get(name);
    const packed = deflateRawSync(bytes, { level });
    const smaller = packed.length < bytes.length;
    const entry = {
      name: Buffer.from(name),
      mode,
      offset,
      size: bytes.length,
      crc: crc32(bytes),
      method: smaller ? 8 : 0,
      data: smaller ? packed : bytes,
    };
    const local = Buffer.concat([word(0x04034b50), header(entry), entry.name]);
    parts.push(local, entry.data);
    offset += local.length + entry.data.length;
    entries.push({ ...entry, data: { length: entry.data.length } });
  }
  const central = Buffer.concat(entries.map(centralRecord));
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, word(0x06054b50), end]);
}
