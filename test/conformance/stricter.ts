// Where we refuse, on purpose, what the switch takes, because it would silently do something else than what is written.
// Most of these can be turned off at a flow (`allow = …`), for those who mean what the switch does: the judge does so, and
// then the flow has to be the same as the one that the switch took.

export interface Stricter {
  /** Code of our diagnostic. */
  readonly code: string;
  /** Where only these are judged so. */
  readonly of?: 'flows' | 'groups' | 'meters';
  /** Inside which action only. */
  readonly within?: 'learn';
  /** Where the source has this only. */
  readonly matching?: RegExp;
  readonly reason: string;
}

const IN_BUCKET =
  'the switch does not look at the actions of buckets as it does at those of flows, and then leaves them out';

const NOT_LEARNED = 'the switch takes the action and can never learn the flow';

export const STRICTER: readonly Stricter[] = [
  {
    code: 'WBF2007',
    within: 'learn',
    reason: 'the switch does not look whether the field has the bit of `result_dst`',
  },
  { code: 'WBF2010', reason: 'a jump into a table that nobody declares ends the packet without a word' },
  { code: 'WBF2017', reason: 'a packet to port 0 goes nowhere' },
  { code: 'WBF2105', reason: 'ovs-ofctl refuses the masked write, so that a dump could not be read again' },
  { code: 'WBF2113', reason: 'bits of a tag together with "no tag" never match' },
  { code: 'WBF2118', reason: 'the switch writes none of the bits that are outside the mask' },
  {
    code: 'WBF3003',
    matching: /tun_(erspan_(ver|dir|hwid)|gtpu_(flags|msgtype))/,
    reason: 'the switch takes the value for the mask, and a field with a mask of 0 for none',
  },
  { code: 'WBF3017', reason: 'ovs-ofctl can no longer list the flows of the bridge' },
  { code: 'WBF4012', reason: 'all of the field but one bit stays as it is' },
  { code: 'WBF4013', reason: 'what is written to the connection is gone with the packet' },
  { code: 'WBF4102', reason: 'the switch sends nothing, or does not cut the packet' },
  { code: 'WBF4210', reason: 'no helper has the number: the connection gets none' },
  { code: 'WBF4325', reason: 'the learned flow matches more than is written' },
  {
    code: 'WBF4326',
    reason: 'ovs-ofctl can no longer list the flows of the bridge once the flow is learned',
  },
  { code: 'WBF4328', reason: 'of terms on the same bits, a learned flow matches only the last' },
  { code: 'WBF4352', reason: 'the switch leaves all TLVs out of the header' },
  { code: 'WBF4355', reason: 'Open vSwitch crashes when a packet comes by' },
  { code: 'WBF2102', within: 'learn', reason: 'the switch learns a flow with another value, or none' },
  { code: 'WBF2013', within: 'learn', reason: NOT_LEARNED },
  { code: 'WBF3009', within: 'learn', reason: NOT_LEARNED },
  { code: 'WBF4356', reason: 'Open vSwitch crashes when a packet comes by' },
  { code: 'WBF4357', reason: 'the switch sends no metadata' },
  {
    code: 'WBF5107',
    reason:
      'the switch takes a cookie of all ones to mean "leave it as it is", and crashes when it learns with it',
  },
  { code: 'WBF5308', reason: 'the result goes into a header that the packet may not have' },
  { code: 'WBF5607', reason: 'the switch goes round to a depth of 64, then drops the packet and logs it' },
  { code: 'WBF2007', of: 'groups', reason: IN_BUCKET },
  { code: 'WBF2013', of: 'groups', reason: IN_BUCKET },
  { code: 'WBF2015', of: 'groups', reason: IN_BUCKET },
  { code: 'WBF2114', of: 'groups', reason: IN_BUCKET },
  { code: 'WBF4004', of: 'groups', reason: IN_BUCKET },
  { code: 'WBF4324', of: 'groups', reason: IN_BUCKET },
  { code: 'WBF4403', of: 'groups', reason: IN_BUCKET },
  {
    code: 'WBF5216',
    of: 'groups',
    reason: 'a group that is not there is never live, nor is the bucket that watches it',
  },
  { code: 'WBF5217', reason: 'packets go to the controllers without the meter that is not there' },
  { code: 'WBF4514', reason: 'the switch never looks at a conjunction inside `ct`' },
  {
    code: 'WBF5218',
    of: 'groups',
    reason: 'the switch drops every packet that is sent to a group which leads back to itself',
  },
  { code: 'WBF5219', reason: 'the switch leaves the action of the bucket out' },
  { code: 'WBF5234', reason: 'ovs-ofctl refuses the meter, so that a dump could not be read again' },
  { code: 'WBF5235', reason: 'ovs-ofctl refuses the meter, and the switch makes a burst size up' },
];
