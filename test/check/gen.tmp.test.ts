import { test } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import { check, draw } from './expect.ts';
test('gen', () => {
  const out: string[] = [];
  for (const block of readFileSync('/tmp/w/cases.txt', 'utf8').split('\n#').filter(Boolean)) {
    const [title, ...rest] = block.replace(/^#/, '').split('\n');
    const src = rest.join('\n').trimEnd();
    const c = check(src);
    const drawn = draw(c.text, c.diagnostics);
    out.push(
      `  test('${title!.trim()}', () => {\n    expectDiagnostics(\`\n${drawn.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\n\`);\n  });\n`,
    );
  }
  writeFileSync('/tmp/w/out.txt', out.join('\n'));
});
