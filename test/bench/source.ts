/** The flows of a benchmark as `.wbf` text, in the styles in which people and programs write. */
import { random, TABLES, type BenchFlow, type Int, type Term } from './flows.ts';

export const STYLES = {
  house: 'as the examples are written: attributes, match and action on a line each',
  'one-line': 'a whole flow on a line',
  tall: 'every term and action on a line of its own',
  unnamed: 'flows without names',
  comments: 'a doc comment before each flow and a remark in it',
  numbers: 'numbers at random in decimal, hexadecimal and with underscores',
  shuffled:
    'terms in random order, parts in random order, random space and comments: thousands of shapes, the worst case',
} as const;

export type Style = keyof typeof STYLES;

const decimal: Int = (n) => n.toString();

function house(flow: BenchFlow, head: string, int: Int): string {
  const match = flow.match.map((term) => term.wbf(int)).join('; ');
  const actions = flow.actions.map((action) => action.wbf(int)).join('; ');
  return `  ${head} {
    priority = ${int(flow.priority)}
    match { ${match} }
    action { ${actions} }
  }
`;
}

function oneLine({ name, priority, match, actions }: BenchFlow): string {
  const join = (terms: readonly Term[]): string => terms.map((term) => term.wbf(decimal)).join('; ');
  return `  flow ${name} { priority = ${priority}; match { ${join(match)} } action { ${join(actions)} } }\n`;
}

function tall(flow: BenchFlow): string {
  const lines = (terms: readonly Term[]): string =>
    terms.map((term) => `      ${term.wbf(decimal)}\n`).join('');
  return `  flow ${flow.name} {
    priority = ${flow.priority}
    match {
${lines(flow.match)}    }
    action {
${lines(flow.actions)}    }
  }
`;
}

function shuffled(flow: BenchFlow, rand: (below: number) => number): string {
  const mixed = <T>(items: readonly T[]): T[] => {
    const all = [...items];
    for (let i = all.length - 1; i > 0; i--) {
      const j = rand(i + 1);
      [all[i], all[j]] = [all[j] as T, all[i] as T];
    }
    return all;
  };
  const gap = (): string => ['; ', ';', '\n      ', ' // remark\n      ', '; /* remark */ '][rand(5)] ?? '';
  const join = (items: readonly string[]): string => items.reduce((text, item) => text + gap() + item);
  const match = join(mixed(flow.match).map((term) => term.wbf(mixedInt(rand))));
  const actions = join(flow.actions.map((action) => action.wbf(mixedInt(rand))));
  const parts = mixed([
    `priority = ${flow.priority}`,
    `match { ${match}\n    }`,
    `action { ${actions}\n    }`,
  ]);
  return `  flow ${rand(3) === 0 ? '' : `${flow.name} `}{\n    ${parts.join('\n    ')}\n  }\n`;
}

function mixedInt(rand: (below: number) => number): Int {
  return (n) => {
    const kind = rand(3);
    if (kind === 0) return `0x${n.toString(16)}`;
    return kind === 1 ? n.toString() : n.toString().replace(/\B(?=(\d{3})+$)/g, '_');
  };
}

/** The whole program. */
export function toSource(flows: readonly BenchFlow[], style: Style): string {
  const rand = random(7);
  const render = (flow: BenchFlow): string => {
    switch (style) {
      case 'house':
        return house(flow, `flow ${flow.name}`, decimal);
      case 'one-line':
        return oneLine(flow);
      case 'tall':
        return tall(flow);
      case 'unnamed':
        return house(flow, 'flow', decimal);
      case 'comments':
        return house(
          flow,
          `/// Flow ${flow.name}, made for a benchmark.\n  flow ${flow.name}`,
          decimal,
        ).replace('\n    match', '   // a remark\n    match');
      case 'numbers':
        return house(flow, `flow ${flow.name}`, mixedInt(rand));
      case 'shuffled':
        return shuffled(flow, rand);
    }
  };
  let text = '/// Made for a benchmark.\nprogram bench { id = 0x00bec }\n';
  for (const [name, number] of TABLES) {
    text += `\ntable ${name} = ${number} {\n  miss = drop\n\n`;
    for (const flow of flows) if (flow.table === number) text += render(flow);
    text += '}\n';
  }
  return text;
}
