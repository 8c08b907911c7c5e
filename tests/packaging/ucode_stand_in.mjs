// In the place of ucode, which Debian does not have: a script in what ucode and JavaScript have in
// common, with the few functions of ucode that ours use. It is no proof that ucode takes them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';

function readfile(path, most) {
  return existsSync(path) ? readFileSync(path, 'utf8').slice(0, most) : null;
}

const functions = {
  readfile,
  fs: { readfile },
  unlink: path => rmSync(path, { force: true }),
  system: (words, most_ms) => spawnSync(words[0], words.slice(1), { timeout: most_ms }).status ?? -1,
  type: value => Number.isInteger(value) ? 'int' : typeof value,
  // Where a line's end is an end, too, so that nobody leans on the contrary.
  match: (text, pattern) => text.match(new RegExp(pattern.source, 'm')),
  index: (text, part) => text.indexOf(part),
  json: JSON.parse,
  length: list => list.length,
  min: Math.min,
};

// What the script returns. `paths`: what stands for the paths of a router; `more`: functions that
// whoever includes the script gives it.
export function run(file, paths, more = {}) {
  let text = readFileSync(file, 'utf8').replace(/^import \{.*\} from 'fs';$/m, '');
  // ucode's for..in gives an array's values.
  text = text.replaceAll(/for \(let (\w+) in /g, 'for (let $1 of ');
  for (const [from, to] of Object.entries(paths)) text = text.replaceAll(from, to);
  const given = { ...functions, ...more };
  return new Function(...Object.keys(given), text)(...Object.values(given));
}
