/** Diagnostics made by hand, for the tests of every report format. */
import type { Diagnostic } from '../../src/diagnostics/types.ts';
import type { ReportBatch, ReportFile, ReportOptions } from '../../src/report/types.ts';

/** Offset of the n-th occurrence of a text. */
export function at(text: string, what: string, n = 1): { start: number; end: number } {
  let start = -1;
  for (let i = 0; i < n; i++) start = text.indexOf(what, start + 1);
  if (start < 0) throw new Error(`no ${what}`);
  return { start, end: start + what.length };
}

export function diagnostic(more: Partial<Diagnostic> & Pick<Diagnostic, 'place'>): Diagnostic {
  return {
    code: 'WBF3001',
    severity: 'error',
    message: 'something is wrong',
    label: '',
    related: [],
    notes: [],
    help: null,
    fixes: [],
    switchError: null,
    ...more,
  };
}

export const options: ReportOptions = {
  color: false,
  version: '0.1.0',
  repositoryPath: (path) => (path.startsWith('/') ? null : path),
  rule: (code) =>
    code === 'WBF3001'
      ? {
          title: 'Missing prerequisite',
          explanation: 'A field needs a protocol.\n\nState it.',
          severity: 'error',
        }
      : undefined,
};

const rules = `program whitebox { id = 1 }
flow a {
  match { eth_dst = self_mac; ip_dst = self_ip; icmp_type = echo_request; icmp_code = 0 }
  action { drop }
}
`;

const file: ReportFile = { path: 'dir/rules.wbf', text: rules };

/** The diagnostic on the page about the language, and a warning. */
export const batch: ReportBatch = {
  files: [file],
  diagnostics: [
    diagnostic({
      message: 'this match never says that the packet is ICMPv4',
      place: { file: 0, ...at(rules, 'icmp_type') },
      label: 'needs eth_type = 0x0800 and ip_proto = 1',
      related: [
        { file: 0, ...at(rules, 'ip_dst'), message: 'needs eth_type = 0x0800' },
        { file: 0, ...at(rules, 'icmp_code'), message: '' },
      ],
      notes: [
        'ovs-ofctl does not refuse it: it drops these three terms without an error, and the flow matches every frame to 00:00:00:00:99:99',
      ],
      fixes: [
        {
          title: 'Add `icmp`',
          edits: [
            {
              file: 0,
              start: at(rules, 'eth_dst').start,
              end: at(rules, 'eth_dst').start,
              newText: 'icmp; ',
            },
          ],
        },
      ],
      switchError: 'OFPBMC_BAD_PREREQ',
    }),
    diagnostic({
      code: 'WBF4002',
      severity: 'warning',
      message: 'this flow has, in truth, no effect: 100%',
      place: { file: 0, start: at(rules, 'flow a').start, end: rules.length - 1 },
      label: 'never hit',
    }),
  ],
};
