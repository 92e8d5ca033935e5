/** SARIF 2.1.0 (OASIS), as code scanning services read it. */
import type { Diagnostic, Place, Severity } from '../diagnostics/types.ts';
import { Fingerprints } from './fingerprint.ts';
import { linesOf } from './lines.ts';
import { helpUrl, PROJECT_URL } from './links.ts';
import { sentences } from './sentences.ts';
import type { ReportFile, Reporter, ReportOptions } from './types.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const ROOT = '%SRCROOT%';

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
};

interface ArtifactLocation {
  readonly uri: string;
  readonly uriBaseId?: string;
}

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A path as a URI: relative to the repository where it lies inside, else absolute (RFC 3986 §3.3, RFC 8089). */
export function artifactLocation(path: string, options: ReportOptions): ArtifactLocation {
  const encode = (p: string): string =>
    p
      .split('/')
      .map((part) => encodeURIComponent(part.replace(/[\ud800-\udfff]/gu, '\ufffd')))
      .join('/');
  const inside = options.repositoryPath(path);
  // The standard library, `std/l2`, is in no directory.
  if (inside === null) return { uri: path.startsWith('/') ? `file://${encode(path)}` : encode(path) };
  return { uri: encode(inside), uriBaseId: ROOT };
}

function region(file: ReportFile, place: { readonly start: number; readonly end: number }): Region {
  const start = linesOf(file).positionUtf16(place.start);
  const end = linesOf(file).positionUtf16(Math.max(place.start, place.end));
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

class RunWriter {
  private readonly options: ReportOptions;
  private readonly fingerprints = new Fingerprints();
  private readonly ruleIndexes = new Map<string, number>();
  readonly rules: object[] = [];

  constructor(options: ReportOptions) {
    this.options = options;
  }

  private ruleIndex(d: Diagnostic): number {
    const known = this.ruleIndexes.get(d.code);
    if (known !== undefined) return known;
    const index = this.rules.length;
    this.ruleIndexes.set(d.code, index);
    const rule = this.options.rule(d.code);
    this.rules.push({
      id: d.code,
      shortDescription: { text: rule?.title ?? d.code },
      ...(rule === undefined
        ? {}
        : {
            fullDescription: { text: rule.explanation.split('\n\n')[0] ?? rule.title },
            help: { text: rule.explanation, markdown: rule.explanation },
          }),
      helpUri: helpUrl(d.code),
      defaultConfiguration: { level: LEVEL[rule?.severity ?? d.severity] },
    });
    return index;
  }

  private physical(file: ReportFile, place: Place): object {
    return { artifactLocation: artifactLocation(file.path, this.options), region: region(file, place) };
  }

  private fix(fix: Diagnostic['fixes'][number], files: readonly ReportFile[]): object | null {
    const changes = new Map<ReportFile, object[]>();
    for (const edit of fix.edits) {
      const file = files[edit.file];
      if (file === undefined) return null;
      const replacements = changes.get(file) ?? [];
      replacements.push({ deletedRegion: region(file, edit), insertedContent: { text: edit.newText } });
      changes.set(file, replacements);
    }
    if (changes.size === 0) return null;
    return {
      description: { text: fix.title },
      artifactChanges: [...changes].map(([file, replacements]) => ({
        artifactLocation: artifactLocation(file.path, this.options),
        replacements,
      })),
    };
  }

  result(d: Diagnostic, files: readonly ReportFile[]): object {
    const file = files[d.place.file];
    const fixes = d.fixes.flatMap((f) => this.fix(f, files) ?? []);
    const related = d.related.flatMap((r) => {
      const at = files[r.file];
      if (at === undefined) return [];
      const physicalLocation = this.physical(at, r);
      return [r.message === '' ? { physicalLocation } : { physicalLocation, message: { text: r.message } }];
    });
    return {
      ruleId: d.code,
      ruleIndex: this.ruleIndex(d),
      level: LEVEL[d.severity],
      message: { text: sentences(d).join('\n') },
      locations: file === undefined ? [] : [{ physicalLocation: this.physical(file, d.place) }],
      ...(related.length === 0 ? {} : { relatedLocations: related.map((r, i) => ({ id: i + 1, ...r })) }),
      ...(file === undefined
        ? {}
        : {
            partialFingerprints: {
              primaryLocationLineHash: this.fingerprints.of(d.code, file, d.place.start),
            },
          }),
      ...(fixes.length === 0 ? {} : { fixes }),
      ...(d.switchError === null ? {} : { properties: { switchError: d.switchError } }),
    };
  }
}

export const sarif: Reporter = (batches, options) => {
  const writer = new RunWriter(options);
  const results = batches.flatMap(({ files, diagnostics }) =>
    diagnostics.map((d) => writer.result(d, files)),
  );
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'wbfc',
            version: options.version,
            semanticVersion: options.version,
            informationUri: PROJECT_URL,
            rules: writer.rules,
          },
        },
        originalUriBaseIds: { [ROOT]: { description: { text: 'The root of the repository.' } } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};
