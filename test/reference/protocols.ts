// The page of protocols: the words that a match begins with.
import { FIELDS } from '../../src/openflow/fields.ts';
import {
  impliedTerms,
  PREREQUISITES,
  PROTOCOL_NAMES,
  protocolAllows,
  type ProtocolName,
} from '../../src/openflow/protocols.ts';
import type { PrerequisiteName } from '../../src/openflow/types.ts';
import { code, codes, fence, type Page, rows } from './page.ts';

const example = (protocol: ProtocolName): string => `table t = 0 {
  miss = drop
  flow {
    match { ${protocol} }
    action { output 2 }
  }
}`;

const hexadecimal = (value: bigint): string => `0x${value.toString(16).padStart(4, '0')}`;

function says(protocol: ProtocolName): string {
  return impliedTerms(protocol)
    .map(({ field, value }) =>
      code(`${field} = ${field === 'nw_proto' ? String(value) : hexadecimal(value)}`),
    )
    .join(' and ');
}

/** The fields that a match has for it at once: those of the protocol itself, not of what it travels in. */
function opens(protocol: ProtocolName): string {
  const implied = new Map(impliedTerms(protocol).map((t) => [t.field, Number(t.value)] as const));
  const state = { ethType: implied.get('eth_type'), ipProto: implied.get('nw_proto') };
  if (state.ethType === undefined) return '';
  const open = (name: PrerequisiteName): boolean =>
    name !== 'none' &&
    PREREQUISITES[name].conditions.some((c) => c.kind === 'eth_type' || c.kind === 'ip_proto') &&
    PREREQUISITES[name].conditions.every(
      (c) => c.kind === 'eth_type' || c.kind === 'ip_proto' || c.kind === 'not a later fragment',
    ) &&
    protocolAllows(name, state);
  return codes(FIELDS.filter((f) => open(f.prerequisite) && f.headers.length > 0).map((f) => f.name));
}

export function protocolsPage(): Page {
  return {
    title: 'Protocols',
    about:
      'A bare word in a match says what the packet is, and thereby which fields it has. The switch wants it said: a field without its protocol is `OFPBMC_BAD_PREREQ`, or with ovs-ofctl a match that silently lacks it.',
    parts: [
      ...PROTOCOL_NAMES.map((name) =>
        [
          `## ${name}`,
          '',
          rows([
            ['stands for', says(name)],
            ['its fields', opens(name)],
          ]),
          '',
          fence(example(name)),
          '',
        ].join('\n'),
      ),
      '## Prerequisites',
      '',
      'What a field or an action may need, by the names that ovs-fields(7) has for it.',
      '',
      '| name | holds when a match has | write |',
      '|---|---|---|',
      ...Object.values(PREREQUISITES)
        .filter((p) => p.name !== 'none')
        .map((p) => {
          const ways = p.remedies.map((r) =>
            code([r.protocol, r.term].filter((w) => w !== undefined).join('; ')),
          );
          return `| ${p.name} | ${p.terms} | ${ways.join(' or ')} |`;
        }),
      '',
    ],
    examples: PROTOCOL_NAMES.map((name) => ({ name, text: example(name) })),
  };
}
