/** From the name of an encoding (Python's or Node's) a decoder of single lines: strict first, with U+FFFD where bytes are wrong. */
import { isAscii, isUtf8 } from 'node:buffer';

export interface LineText {
  readonly text: string;
  /** True when bytes did not belong to the encoding. */
  readonly flawed: boolean;
}

export interface TextEncoding {
  readonly name: string;
  /** Bytes of a code unit: a newline is the unit 0x0A. */
  readonly unit: 1 | 2;
  readonly bigEndian: boolean;
  /** Whether each byte of these is one character of Latin-1: then they may be decoded before they are parted into lines. */
  isPlain(bytes: Buffer): boolean;
  /** Whether plain bytes are always ASCII. */
  readonly plainIsAscii: boolean;
  /** Whether each ASCII character of a text is the byte of the same value, also among bytes that are wrong. */
  readonly keepsAscii: boolean;
  /**
   * A decoder for lines of one chunk, chosen by a look at the whole chunk: pure ASCII, the usual case, needs no decoding.
   * @param chunk bytes that hold only whole lines
   */
  decoderFor(chunk: Buffer): (start: number, end: number) => LineText;
}

type Decoder = (start: number, end: number) => LineText;

/** Python's spellings that TextDecoder does not know, after folding to lower case with `-`. */
const ALIASES: Readonly<Record<string, string>> = {
  auto: 'utf-8',
  utf8: 'utf-8',
  u8: 'utf-8',
  'utf-8-sig': 'utf-8',
  latin1: 'latin-1',
  l1: 'latin-1',
  'iso-8859-1': 'latin-1',
  'iso8859-1': 'latin-1',
  '8859': 'latin-1',
  'us-ascii': 'ascii',
  '646': 'ascii',
  'ansi-x3.4-1968': 'ascii',
  utf16: 'utf-16',
  'utf-16le': 'utf-16-le',
  utf16le: 'utf-16-le',
  'utf-16be': 'utf-16-be',
  utf16be: 'utf-16-be',
  cp932: 'shift-jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
};

function asciiText(chunk: Buffer): Decoder {
  return (start, end) => ({ text: chunk.toString('latin1', start, end), flawed: false });
}

function utf8(chunk: Buffer): Decoder {
  if (isAscii(chunk)) return asciiText(chunk);
  if (isUtf8(chunk)) return (start, end) => ({ text: chunk.toString('utf8', start, end), flawed: false });
  return (start, end) => ({ text: chunk.toString('utf8', start, end), flawed: !isUtf8(chunk.subarray(start, end)) });
}

function ascii(chunk: Buffer): Decoder {
  if (isAscii(chunk)) return asciiText(chunk);
  return (start, end) => {
    const text = chunk.toString('latin1', start, end);
    return isAscii(chunk.subarray(start, end)) ? { text, flawed: false } : { text: text.replace(/[\x80-\xff]/g, '\ufffd'), flawed: true };
  };
}

const always = (): boolean => true;
const never = (): boolean => false;

/** How `byTextDecoder` takes ASCII bytes of a label. */
const plainOf = (label: string, unit: 1 | 2): TextEncoding['isPlain'] => (unit === 1 && label !== 'iso-2022-jp' ? isAscii : never);

function byTextDecoder(label: string, unit: 1 | 2): TextEncoding['decoderFor'] {
  const strict = new TextDecoder(label, { fatal: true });
  const lenient = new TextDecoder(label);
  const isPlain = plainOf(label, unit);
  return (chunk) => {
    if (isPlain(chunk)) return asciiText(chunk);
    return (start, end) => {
      const bytes = chunk.subarray(start, end);
      // Some decoders change control characters: a line that needs none is the same whatever is beside it.
      if (isPlain(bytes)) return { text: bytes.toString('latin1'), flawed: false };
      try {
        return { text: strict.decode(bytes), flawed: false };
      } catch {
        return { text: lenient.decode(bytes), flawed: true };
      }
    };
  };
}

/**
 * The encoding of a name; `auto` is UTF-8, as in every locale a server has today.
 * @param head the first bytes of the file: `utf-16` is read by its byte order mark, little endian without one
 * @returns null when nobody knows the name
 */
export function encodingOf(name: string, head: Buffer = Buffer.alloc(0)): TextEncoding | null {
  const marked = head.length >= 2 && head[0] === 0xfe && head[1] === 0xff;
  const key = `${marked ? 'marked ' : ''}${name}`;
  let encoding = made.get(key);
  if (encoding === undefined) {
    if (made.size >= MOST_MADE) made.clear();
    made.set(key, (encoding = make(name, marked)));
  }
  return encoding;
}

/** Thousands of files share one. */
const made = new Map<string, TextEncoding | null>();
const MOST_MADE = 100;

function make(name: string, marked: boolean): TextEncoding | null {
  const folded = name.trim().toLowerCase().replace(/_/g, '-');
  const canonical = ALIASES[folded] ?? folded;
  switch (canonical) {
    case 'utf-8':
      return { name, unit: 1, bigEndian: false, isPlain: isAscii, plainIsAscii: true, keepsAscii: true, decoderFor: utf8 };
    case 'latin-1':
      return { name, unit: 1, bigEndian: false, isPlain: always, plainIsAscii: false, keepsAscii: true, decoderFor: asciiText };
    case 'ascii':
      return { name, unit: 1, bigEndian: false, isPlain: isAscii, plainIsAscii: true, keepsAscii: true, decoderFor: ascii };
    case 'utf-16':
    case 'utf-16-le':
    case 'utf-16-be': {
      const bigEndian = canonical === 'utf-16-be' || (canonical === 'utf-16' && marked);
      return {
        name,
        unit: 2,
        bigEndian,
        isPlain: never,
        plainIsAscii: false,
        keepsAscii: false,
        decoderFor: byTextDecoder(bigEndian ? 'utf-16be' : 'utf-16le', 2),
      };
    }
    default:
      return known(name, canonical);
  }
}

function known(name: string, canonical: string): TextEncoding | null {
  const windows = /^(?:cp|windows-?)(125\d|874)$/.exec(canonical)?.[1];
  const iso = /^(?:iso-?)?8859-(\d+)$/.exec(canonical)?.[1];
  const label = windows !== undefined ? `windows-${windows}` : iso !== undefined ? `iso-8859-${iso}` : canonical;
  try {
    return {
      name,
      unit: 1,
      bigEndian: false,
      isPlain: plainOf(label, 1),
      plainIsAscii: true,
      keepsAscii: false,
      decoderFor: byTextDecoder(label, 1),
    };
  } catch {
    return null;
  }
}
