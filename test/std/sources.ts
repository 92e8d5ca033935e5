/** The standard library as it is in src/std/*.wbf. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../src/std', import.meta.url));

/** `std/arp` and its text, by name. */
export function librarySources(): ReadonlyMap<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.wbf'));
  return new Map(
    names.sort().map((name) => [`std/${name.replace('.wbf', '')}`, readFileSync(join(folder, name), 'utf8')]),
  );
}

/** What src/std/sources.ts has to be. */
export function sourcesModule(): string {
  const entries = [...librarySources()].map(
    ([name, text]) => `  '${name}': \`${text.replace(/[\\`]|\$\{/g, '\\$&')}\`,\n`,
  );
  return `/** Generated from the .wbf files beside it (\`npm run generate\`): the standard library, by the path of its import. */
export const SOURCES: Readonly<Record<string, string>> = {
${entries.join('')}};
`;
}
