/** Bare words in a match that are no protocols. */
import type { CommandStatement, RelationStatement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/match.ts';
import { notLowerCase } from '../diagnostics/codes/names.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { fieldByName } from '../openflow/fields.ts';
import { isProtocolName, PROTOCOL_NAMES } from '../openflow/protocols.ts';
import { replaceFix, report } from './report.ts';
import type { FlowContext } from './types.ts';

/** `tcp = 1` */
export function protocolWithValue(
  ctx: FlowContext,
  name: string,
  { target, value, span }: RelationStatement,
): void {
  // Any other value says something that the protocol alone does not.
  const said = value.kind === 'int' && value.value === 1n;
  report(ctx, codes.protocolWithValue, { name }, target.span, {
    help: `write \`${name}\``,
    fixes: said ? [replaceFix(ctx, `Write \`${name}\``, span, name)] : [],
  });
}

/** A word that is neither a protocol nor a Geneve option. */
export function unknownWord(ctx: FlowContext, { name, span }: Pick<CommandStatement, 'name' | 'span'>): void {
  const word = name.text;
  if (word === '') return;
  if (fieldByName(word) !== undefined || ctx.scope.lookup(word)?.kind === 'register') {
    report(ctx, codes.fieldWithoutValue, { name: word }, span);
    return;
  }
  const write = (instead: string | undefined) =>
    instead === undefined ? [] : [replaceFix(ctx, `Write \`${instead}\``, span, instead)];
  const correct = word.toLowerCase();
  if (correct !== word && isProtocolName(correct)) {
    report(ctx, notLowerCase, { name: word, correct }, span, { fixes: write(correct) });
    return;
  }
  if (ctx.scope.lookup(word)?.kind === 'port') {
    const port = `in_port = ${word}`;
    report(ctx, codes.unknownProtocol, { name: word }, span, {
      help: `write \`${port}\``,
      fixes: write(port),
    });
    return;
  }
  const known = OTHER_WORDS[correct];
  const suggestion = known === undefined ? nearest(word, PROTOCOL_NAMES) : undefined;
  report(ctx, codes.unknownProtocol, { name: word, suggestion }, span, {
    ...(known === undefined ? {} : { help: `write \`${known}\`` }),
    fixes: write(known ?? suggestion),
  });
}

/** Words that people expect and ovs-ofctl does not have either. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  icmpv6: 'icmp6',
  icmp4: 'icmp',
  icmpv4: 'icmp',
  tcp4: 'tcp',
  udp4: 'udp',
  sctp4: 'sctp',
  igmp: 'ip; ip_proto = igmp',
  vlan: 'vlan_vid = 0x1000/0x1000',
  nsh: 'eth_type = nsh',
  lldp: 'eth_type = lldp',
  pppoe: 'eth_type = pppoe_session',
};
