// Where we refuse, on purpose, what the switch takes, because it would silently do something else than what is written.
// Most of these can be turned off at a flow (`allow = …`), for those who mean what the switch does: the judge does so, and
// then the flow has to be the same as the one that the switch took.

export interface Stricter {
  /** Code of our diagnostic. */
  readonly code: string;
  readonly reason: string;
}

export const STRICTER: readonly Stricter[] = [
  { code: 'WBF2017', reason: 'a packet to port 0 goes nowhere' },
  { code: 'WBF2105', reason: 'ovs-ofctl refuses the masked write, so that a dump could not be read again' },
  { code: 'WBF2113', reason: 'bits of a tag together with "no tag" never match' },
  { code: 'WBF3017', reason: 'ovs-ofctl can no longer list the flows of the bridge' },
  { code: 'WBF4325', reason: 'the learned flow matches more than is written' },
  { code: 'WBF4326', reason: 'ovs-ofctl can no longer list the flows of the bridge once the flow is learned' },
  { code: 'WBF4352', reason: 'the switch leaves all TLVs out of the header' },
];
