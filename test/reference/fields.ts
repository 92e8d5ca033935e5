// The page of fields: what the table says of each, and an example.
import type { Field } from '../../src/openflow/fields.ts';
import { FIELDS } from '../../src/openflow/fields.ts';
import { flagBits, valueNames } from '../../src/openflow/names.ts';
import { PREREQUISITES } from '../../src/openflow/protocols.ts';
import { overlaps } from '../../src/openflow/storage.ts';
import type { OpenFlowVersion } from '../../src/openflow/types.ts';
import { isAddress, ones, remedies, terms } from '../conformance/samples.ts';
import { code, codes, fence, type Page, rows, versionsText } from './page.ts';

/** Fields that no flow can match: the switch refuses them, and so do we. */
const unmatched = (f: Field): boolean =>
  f.headers.length === 0 || f.name === 'recirc_id' || f.name === 'dp_hash';

const GENEVE = 'tunnel_metadata { tun_metadata0 = {class: 0xffff, type: 0x80, len: 4} }';

/** A value that one might really write. */
function value(f: Field): string {
  if (f.name === 'vlan_tci') return '0x100a';
  switch (f.format) {
    case 'Ethernet':
      return '02:00:00:00:00:01';
    case 'IPv4':
      return '10.0.0.1';
    case 'IPv6':
      return '2001:db8::1';
    case 'frag':
      return 'later';
    case 'packet type':
      return 'ethernet';
    case 'ct state':
      return '+trk+est';
    case 'TCP flags':
      return '+syn-ack';
    case 'tunnel flags':
      return '+oam';
    case 'OpenFlow 1.0 port':
    case 'OpenFlow 1.1+ port':
      return '1';
    case 'decimal':
    case 'hexadecimal':
      return wellKnown(f) ?? number(f);
  }
}

function wellKnown(f: Field): string | undefined {
  const names = valueNames(f);
  const usual = ['https', 'echo_request', 'request', 'ipv4', 'tcp', 'af11', 'none', 'network_unreachable'];
  return usual.find((name) => names.includes(name)) ?? names[0];
}

/** What might be written instead of it. */
function another(f: Field): string {
  const first = value(f);
  return first === 'request' ? 'reply' : isAddress(f) ? first.replace(/1$/, '2') : first;
}

/** A number within the field's domain, in the radix in which ovs-ofctl shows it. */
function number(f: Field): string {
  const { domain } = f;
  const most = domain.kind === 'max' ? domain.max : ones(Math.min(f.bits, 16));
  const some = domain.kind === 'one of' ? domain.values[0]! : 0xan & most & ~forbidden(f) || 1n & most;
  const shown = some === 0n && domain.kind === 'forbidden bits' ? 0x20n & ~domain.bits : some;
  return f.format === 'hexadecimal' ? `0x${shown.toString(16)}` : String(shown);
}

const forbidden = ({ domain }: Field): bigint => (domain.kind === 'forbidden bits' ? domain.bits : 0n);

/** A table with one flow that matches the field, and writes it where that can be done. */
export function example(f: Field): string | null {
  if (unmatched(f)) return null;
  const metadata = /^tun_metadata(\d+)$/.exec(f.name)?.[1];
  const before = metadata === undefined ? '' : `${GENEVE.replace('metadata0', `metadata${metadata}`)}\n\n`;
  const [context = ''] = f.prerequisite === 'Ethernet' ? [] : remedies(f);
  const match = terms(context, term(f));
  const write = f.writable && writes(f) ? `${f.name} = ${another(f)}; ` : '';
  const action =
    f.name === 'ct_mark' || f.name === 'ct_label'
      ? `ct(commit) { ${f.name} = ${value(f)} }`
      : `${write}output 2`;
  const ct = f.name.startsWith('ct_') && !match.includes('ip') ? 'ip; ' : '';
  return `${before}table t = 0 {
  miss = drop
  flow {
    match { ${ct}${match} }
    action { ${action} }
  }
}`;
}

const term = (f: Field): string => `${f.name} = ${value(f)}`;

/** `in_port` may be written, which is rarely meant; of a tag only its number and priority are. */
const writes = (f: Field): boolean => !f.name.startsWith('in_port') && f.name !== 'vlan_vid';

export function fieldsPage(): Page {
  const parts = FIELDS.map((f) => {
    const made = example(f);
    return [
      `## ${f.name}`,
      '',
      `${f.summary}.`,
      '',
      rows([
        ['also called', codes(f.aliases)],
        [
          'width',
          `${f.bits} bit${f.bits === 1 ? '' : 's'}${isAddress(f) ? `, written as ${code(value(f))}` : ''}`,
        ],
        ['needs', needs(f)],
        ['masks', f.maskable ? 'any' : 'no'],
        ['can be written', f.writable ? 'yes' : 'no'],
        ['shares its bits with', codes(overlaps(f).map((o) => o.name))],
        ['values by name', namesText(f)],
        ['match, in OpenFlow', versionsText(f.exactIn)],
        ['match with a mask, in OpenFlow', f.maskable ? versionsText(f.maskedIn) : ''],
        ['headers', f.headers.map((h) => code(h.name) + since(h.since)).join(', ')],
      ]),
      '',
      made === null ? 'No flow can match it: the switch refuses that, and so does wbfc.' : fence(made),
      '',
    ].join('\n');
  });
  return {
    title: 'Fields',
    about: `All ${FIELDS.length} fields of ovs-fields(7), in the order of the switch. “Needs” is what a match has to say besides, in any order; the error that says so has the fix.`,
    parts,
    examples: FIELDS.flatMap((f) => {
      const text = example(f);
      return text === null ? [] : [{ name: f.name, text }];
    }),
  };
}

const since = (version: OpenFlowVersion | null): string => (version === null ? '' : ` (${version})`);

function needs(f: Field): string {
  if (f.prerequisite === 'none') return '';
  if (f.prerequisite === 'Ethernet')
    return 'an Ethernet packet, as every packet is unless the match says `packet_type`';
  const { terms: words, remedies: ways } = PREREQUISITES[f.prerequisite];
  const written = ways.map((r) => code([r.protocol, r.term].filter((w) => w !== undefined).join('; ')));
  return `${words}: write ${written.join(' or ')}`;
}

const MOST_NAMES = 12;

function namesText(f: Field): string {
  const flags = flagBits(f);
  const names = flags === undefined ? valueNames(f) : [...flags.keys()];
  const more = names.length - MOST_NAMES;
  return codes(names.slice(0, MOST_NAMES)) + (more > 0 ? ` and ${more} more` : '');
}
