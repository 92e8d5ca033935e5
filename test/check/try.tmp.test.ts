import { test } from 'vitest';
import { readFileSync } from 'node:fs';
import { check, draw, applyEdits } from './expect.ts';
test('try', () => {
  for (const src of readFileSync('/tmp/w/in.txt', 'utf8').split('\n====\n')) {
    const c = check(src);
    console.log(draw(c.text, c.diagnostics));
    for (const d of c.diagnostics) {
      if (d.label) console.log('   label:', d.label);
      for (const n of d.notes) console.log('   note:', n);
      if (d.help) console.log('   help:', d.help);
      if (d.switchError) console.log('   switch:', d.switchError);
      for (const f of d.fixes) console.log('   fix:', f.title, '→', applyEdits(c.text, f));
    }
    for (const f of c.flows)
      console.log(
        '   =>',
        JSON.stringify({
          p: f.priority,
          m: f.match
            .map(
              (m) => `${m.field}=${m.value.toString(16)}${m.mask === null ? '' : '/' + m.mask.toString(16)}`,
            )
            .join(','),
        }),
      );
  }
});
