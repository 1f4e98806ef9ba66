/** `-i`: commands are typed one after the other until `exit`, `quit` or the end of the input. */
import { createInterface } from 'node:readline';

const PROMPT = 'fail2ban> ';

/** Words as a shell splits them: blanks divide, quotes and backslashes hold together. Null when a quote is left open. */
export function splitWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote !== '' && character === quote) quote = '';
    else if (character === '\\' && quote !== "'" && (quote === '' || '"\\'.includes(text[at + 1] ?? ' ')))
      word = (word ?? '') + (text[++at] ?? '');
    else if (quote !== '') word = (word ?? '') + character;
    else if (character === '"' || character === "'") [quote, word] = [character, word ?? ''];
    else if (!/\s/.test(character)) word = (word ?? '') + character;
    else if (word !== null) [word] = [null, words.push(word)];
  }
  if (quote !== '') return null;
  return word === null ? words : [...words, word];
}

/** Runs what is typed; true at the end. */
export async function interact(run: (command: readonly string[]) => Promise<boolean>, stdout: (text: string) => void): Promise<boolean> {
  const input = createInterface({ input: process.stdin, terminal: false });
  stdout(PROMPT);
  for await (const line of input) {
    const words = splitWords(line);
    const [word] = words ?? [];
    if (word === 'exit' || word === 'quit') break;
    if (words === null) stdout('No closing quotation\n');
    else if (word !== undefined) await run(words);
    stdout(PROMPT);
  }
  input.close();
  return true;
}
