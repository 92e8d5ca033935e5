// The page of the standard library: each template as its source says it, with a use.
import type { TemplateDecl } from '../../grammar/ast.ts';
import { parse } from '../../grammar/parser.ts';
import { librarySources } from '../std/sources.ts';
import { programOf, USES } from '../std/uses.ts';
import { code, fence, type Page } from './page.ts';

const templatesOf = (text: string): readonly TemplateDecl[] =>
  parse(text).tree.items.filter((item): item is TemplateDecl => item.kind === 'template');

const about = `Templates for what nearly everybody needs, themselves written in the language: [src/std/](../../src/std) has the sources, which are
part of the compiler. \`import "std/arp" as arp\` makes those of one module known as \`arp.…\`, and \`use\` puts the flows of one into
a table. Nothing is installed of what is not used.

\`prio\` is the priority of the flows; where a template has two of them, the lower one is one below. \`next\` is the table where a
packet goes on, and has to come later than the one with the \`use\`. Parameters with a default may be left out; \`prio = 70\` names
one. A template may be used more than once in a table, with other arguments.`;

export function stdPage(): Page {
  const modules = [...librarySources()].map(([module, text]) => ({
    module,
    text,
    templates: templatesOf(text),
  }));
  const example = (module: string, name: string): string => programOf(module, [USES[module]?.[name] ?? '']);
  return {
    title: 'The standard library',
    about,
    from: 'the sources in `src/std/`',
    parts: modules.flatMap(({ module, text, templates }) => [
      `## ${module}`,
      '',
      ...templates.flatMap(({ name, parametersSpan, doc }) => [
        `### ${module.replace('std/', '')}.${name.text}`,
        '',
        code(name.text + text.slice(parametersSpan.start, parametersSpan.end)),
        '',
        doc ?? '',
        '',
        fence(example(module, name.text)),
        '',
      ]),
    ]),
    examples: modules.flatMap(({ module, templates }) =>
      templates.map(({ name }) => ({
        name: `${module.replace('std/', '')}_${name.text}`,
        text: example(module, name.text),
      })),
    ),
  };
}
