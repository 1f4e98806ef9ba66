/** Makes texts harmless that would steer a terminal: control characters, and those that turn the direction of writing. */

const STEERING = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const STEERING_BUT_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text of one line: what steers a terminal becomes `?`. */
export function printable(text: string): string {
  return text.replace(STEERING, '?');
}

/** A text of several lines; tabs stay too. */
export function printableLines(text: string): string {
  return text.replace(STEERING_BUT_LINES, '?');
}

/** JSON in which everything that steers a terminal is written as `\u` and four digits: nothing is lost. */
export function steeringEscaped(json: string): string {
  return json.replace(STEERING_BUT_LINES, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
