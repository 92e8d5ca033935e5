// Values to try a field with, and what a match has to say besides.
import { ipv4Text, ipv6Text, macText } from '../../src/emit/text/values.ts';
import type { Field } from '../../src/openflow/fields.ts';
import { PREREQUISITES, type Remedy } from '../../src/openflow/protocols.ts';

export const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

export function isAddress(f: Field): boolean {
  return f.format === 'Ethernet' || f.format === 'IPv4' || f.format === 'IPv6';
}

/** A value as the source language has it: addresses as such, everything else as a number. */
export function literal(f: Field, value: bigint): string {
  switch (f.format) {
    case 'Ethernet':
      return macText(value);
    case 'IPv4':
      return ipv4Text(value);
    case 'IPv6':
      return ipv6Text(value);
    default:
      return `0x${value.toString(16)}`;
  }
}

const PATTERN = BigInt(`0x${'5a'.repeat(124)}`);
const MASK = BigInt(`0x${'a5'.repeat(124)}`);

/** The bits that any value of the field may have. */
function allowed(f: Field): bigint {
  const { domain } = f;
  if (domain.kind === 'forbidden bits') return ones(f.bits) & ~domain.bits;
  return domain.kind === 'max' ? domain.max : ones(f.bits);
}

/** Words for ports and the like, where a number is not what one writes. */
const WORDS: Partial<Record<Field['format'], Readonly<Record<string, string>>>> = {
  'OpenFlow 1.0 port': { exact: '3', zero: '0', ones: 'any' },
  'OpenFlow 1.1+ port': { exact: '3', zero: '0', ones: 'any' },
  'packet type': { exact: 'nsh', zero: 'ethernet' },
  frag: { exact: 'first', zero: 'no', ones: 'later', masked: 'not_later', bit: 'yes' },
};

export type Form = 'exact' | 'zero' | 'ones' | 'masked' | 'subfield' | 'bit' | 'whole';

export interface Sample {
  readonly form: Form;
  /** `tcp_dst = 0x5a5a`, both as a term of a match and as a statement. */
  readonly text: string;
}

/** How a field can be compared with something: one sample for each form that the field has. */
export function samples(f: Field): Sample[] {
  const name = nameFor(f);
  const found: Sample[] = [];
  const add = (form: Form, left: string, value: string): void => {
    found.push({ form, text: `${left} = ${value}` });
  };
  const words = WORDS[f.format];
  if (words !== undefined) {
    for (const [form, word] of Object.entries(words)) add(form as Form, name, word);
    return found;
  }
  const { domain } = f;
  const some = domain.kind === 'one of' ? (domain.values.at(-1) ?? 0n) : PATTERN & allowed(f);
  add('exact', name, literal(f, some === 0n ? 1n : some));
  if (domain.kind !== 'one of') {
    add('zero', name, literal(f, 0n));
    add('ones', name, literal(f, allowed(f)));
  }
  if (f.maskable && f.bits > 1) {
    // No prefix; ovs-ofctl does not read an IPv6 mask that begins with a digit, and shows no part of a VLAN priority.
    const mask = f.name === 'vlan_tci' ? 0x1ff5n : MASK & allowed(f);
    add('masked', name, `${literal(f, mask & ~1n)}/${literal(f, mask)}`);
    const top = Math.min(f.bits, 8) - 1;
    add('subfield', `${name}[1..${top}]`, '1');
    add('bit', `${name}[${top}]`, '1');
  }
  add('whole', `${name}[0..${f.bits - 1}]`, literal(f, some === 0n ? 1n : some));
  return found;
}

export function sample(f: Field, form: Form = 'exact'): Sample {
  const found = samples(f).find((s) => s.form === form);
  if (found === undefined) throw new Error(`${f.name} has no ${form} form`);
  return found;
}

const remedyWords = ({ protocol, term }: Remedy): string =>
  [protocol, term].filter((w) => w !== undefined).join('; ');

/** What a match may say so that it can have the field: one text for each way to satisfy the prerequisites. */
export function remedies(f: Field): string[] {
  const words = PREREQUISITES[f.prerequisite].remedies.map(remedyWords);
  if (words.length === 0) return [''];
  // The switch leaves them out of its description of a flow otherwise.
  if (f.name === 'ct_tp_src' || f.name === 'ct_tp_dst') return words.map((w) => `${w}; ct_nw_proto = 6`);
  if (f.name === 'ct_nw_src' || f.name === 'ct_nw_dst') return words.map((w) => `ip; ${w}`);
  if (f.name === 'ct_ipv6_src' || f.name === 'ct_ipv6_dst') return words.map((w) => `ipv6; ${w}`);
  return words;
}

/** Terms of a match as one text. */
export function terms(...all: string[]): string {
  return all.filter((t) => t !== '').join('; ');
}

const NUMBERS: Readonly<Record<string, string>> = {
  nsh: '0x894f',
  neighbor_solicitation: '135',
  neighbor_advertisement: '136',
};

/** The same match for ovs-ofctl: the words are its own, only the punctuation and names of numbers are not. */
export function ofctlMatch(match: string): string {
  return match
    .replace(
      /packet_type = (\w+)/g,
      (_, type: string) => `packet_type=${type === 'ethernet' ? '(0,0)' : '(1,0x894f)'}`,
    )
    .replace(/ = (\w+)/g, (_, word: string) => `=${NUMBERS[word] ?? word}`)
    .replace(/ = /g, '=')
    .replace(/; /g, ',');
}

/** A field as the source names it where its prerequisites may be missing: `nw_proto` is arp_op under arp, and nothing without a protocol. */
export function nameFor(f: Field): string {
  return f.name === 'nw_proto' ? 'ip_proto' : f.name;
}

/** What a match may say besides: everything that a prerequisite looks at. */
export const CONTEXTS: readonly string[] = [
  '',
  'eth',
  'ip',
  'ipv6',
  'arp',
  'rarp',
  'tcp',
  'tcp6',
  'udp',
  'udp6',
  'sctp',
  'sctp6',
  'icmp',
  'icmp6',
  'mpls',
  'mplsm',
  'eth_type = nsh',
  'eth_type = 0x1234',
  'eth_type = 0',
  'ip; ip_proto = 47',
  'ipv6; ip_proto = 58; icmpv6_type = 135',
  'icmp6; icmpv6_type = 136',
  'icmp6; icmpv6_type = 135; icmpv6_code = 0',
  'icmp6; icmpv6_type = 135; icmpv6_code = 1',
  'icmp6; icmpv6_type = 134',
  'icmp6; icmpv6_code = 0',
  'vlan_vid = 10',
  'vlan_vid = none',
  'vlan_tci = 0x1000/0x1000',
  'vlan_tci = 0/0x1000',
  'vlan_tci = 0x5/0xfff',
  'dl_vlan = 5',
  'dl_vlan_pcp = 3',
  'vlan_vid = 10; tcp',
  'tcp; ip_frag = no',
  'tcp; ip_frag = first',
  'tcp; ip_frag = later',
  'tcp6; ip_frag = later',
  'udp; ip_frag = not_later',
  'udp; ip_frag[1] = 1',
  'sctp; ip_frag = yes',
  'packet_type = ethernet',
  'packet_type = ipv4',
  'packet_type = ipv6',
  'packet_type = nsh',
  'packet_type = mpls',
  'packet_type = ipv4; ip_proto = 6',
  'packet_type = ipv6; ip_proto = 58',
  'packet_type = ipv6; ip_proto = 58; icmpv6_type = 135',
  'packet_type = ethernet; ip',
  'packet_type = ethernet; udp6',
  'ip; ct_state = +trk',
  'ct_state = +trk',
  'ct_state = +trk-inv',
  'ip; ct_state = +trk-inv',
  'ipv6; ct_state = +trk-inv',
  'ct_state = +new',
  'ip; ct_state = +trk+inv',
  'ip; ct_state = -trk',
  'ip; ct_state = 0x20',
  'ip; ct_state = 0',
  'tcp; ct_state = +trk+est',
  'arp; ct_state = +est',
  'ipv6; ct_state = +snat',
  'ct_state = 0x8',
  'eth_src = 02:00:00:00:00:01',
  'metadata = 5',
  'in_port = 1',
];
