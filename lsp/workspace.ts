/** The texts that an editor has open, the files on the disk that they import and load, and what is known of all of them. */
import { pathToFileURL } from 'node:url';
import type { Connection, Diagnostic, Location, Position, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Document, Host, Library } from '../src/service/index.ts';
import { definition, internalDiagnostic, LOCK_NAME, Project, readDocument } from '../src/service/index.ts';
import type { Published } from './convert.ts';
import { Converter } from './convert.ts';

/** A text is read anew when nothing has been typed for so long. */
const PAUSE_MS = 30;

interface Read {
  readonly version: number;
  readonly document: Document;
  /** Null for a text that is in no file. */
  readonly library: Library | null;
  /** The identities of the files that it asked for, be they there or not. */
  readonly asked: ReadonlySet<string>;
  readonly convert: Converter;
}

export class Workspace {
  private readonly connection: Connection;
  private readonly texts: TextDocuments<TextDocument>;
  private readonly host: Host;
  private readonly read = new Map<string, Read>();
  /** Why a text could not be read: a defect of ours. */
  private readonly failures = new Map<string, unknown>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** What each open text has given last, by the text it is about. */
  private readonly published = new Map<string, Published>();

  constructor(connection: Connection, texts: TextDocuments<TextDocument>, host: Host) {
    this.connection = connection;
    this.texts = texts;
    this.host = host;
  }

  /** The text as it is now, with what is known of it; null when it is not open or cannot be read. */
  current(uri: string): { text: TextDocument; document: Document; convert: Converter } | null {
    const text = this.texts.get(uri);
    if (text === undefined) return null;
    let known = this.read.get(uri);
    if (known?.version !== text.version) {
      try {
        known = this.readAnew(text);
      } catch (error) {
        // A defect of ours must not take the editor's server away.
        this.failures.set(uri, error);
        this.connection.console.error(
          `internal error in ${uri}: ${error instanceof Error ? (error.stack ?? '') : ''}`,
        );
        return null;
      }
      this.read.set(uri, known);
    }
    return { text, document: known.document, convert: known.convert };
  }

  /** Where the name at a place is declared. */
  definition(uri: string, position: Position): Location | null {
    const state = this.current(uri);
    if (state === null) return null;
    const library = this.read.get(uri)?.library ?? null;
    const found = definition(state.document, state.text.offsetAt(position), library);
    if (found === null) return null;
    const target = found.file === null ? state.text : this.textAt(found.file);
    return { uri: target.uri, range: new Converter(target).range(found.span) };
  }

  private readAnew(text: TextDocument): Read {
    const path = pathOf(text.uri);
    const onDisk = isFile(text.uri);
    const project = new Project(this.host, { open: (identity) => this.openAt(identity)?.getText() });
    const library = onDisk ? project.library(path) : null;
    const lock = onDisk ? this.lockOf(path) : null;
    const document = readDocument(path, text.getText(), library, lock?.text ?? null);
    const others = new Map<number, TextDocument | null>();
    const other = (index: number): TextDocument | null => {
      let made = others.get(index);
      if (made === undefined) {
        const file = document.analysis.files[index];
        made = file === undefined || !onDisk || !file.path.startsWith('/') ? null : this.textAt(file);
        others.set(index, made);
      }
      return made;
    };
    return {
      version: text.version,
      document,
      library,
      asked: lock === null ? project.asked : new Set([...project.asked, lock.identity]),
      convert: new Converter(text, other),
    };
  }

  /** The `wbf.lock` beside a program; its text is null where there is none. */
  private lockOf(path: string): { readonly identity: string; readonly text: string | null } {
    const beside = `${path.slice(0, path.lastIndexOf('/') + 1)}${LOCK_NAME}`;
    const identity = this.host.identity(beside);
    const open = this.openAt(identity)?.getText();
    if (open !== undefined) return { identity, text: open };
    try {
      if (this.host.kind(beside) !== 'file') return { identity, text: null };
      return { identity, text: new TextDecoder().decode(this.host.read(beside)) };
    } catch {
      return { identity, text: null };
    }
  }

  /** Under the URI by which the editor has it open, if it has. */
  private textAt({ path, text }: { readonly path: string; readonly text: string }): TextDocument {
    const open = this.openAt(this.host.identity(path));
    return TextDocument.create(open?.uri ?? pathToFileURL(path).href, 'wbf', 0, text);
  }

  private openAt(identity: string): TextDocument | undefined {
    return this.texts.all().find(({ uri }) => isFile(uri) && this.host.identity(pathOf(uri)) === identity);
  }

  /** Publishes the diagnostics of the latest text soon, and those of what imports or loads it; a burst is answered once. */
  changed(uri: string): void {
    this.soon(uri);
    this.fileChanged(uri);
  }

  /** A file is not as it was, on the disk or in the editor: what has asked for it is read anew. */
  fileChanged(uri: string): void {
    if (!isFile(uri)) return;
    const identity = this.host.identity(pathOf(uri));
    for (const [other, { asked }] of this.read) {
      if (other === uri || !asked.has(identity)) continue;
      this.read.delete(other);
      this.soon(other);
    }
  }

  private soon(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.set(
      uri,
      setTimeout(() => {
        this.timers.delete(uri);
        this.publish(uri);
      }, PAUSE_MS),
    );
  }

  private publish(uri: string): void {
    const text = this.texts.get(uri);
    if (text === undefined) return;
    const state = this.current(uri);
    this.replace(
      uri,
      state === null
        ? new Map([[uri, [new Converter(text).diagnostic(internalDiagnostic(this.failures.get(uri)))]]])
        : state.convert.diagnostics(state.document),
    );
  }

  /** What a text has given anew takes the place of what it gave before, in all files. */
  private replace(uri: string, made: Published): void {
    const about = new Set([...(this.published.get(uri)?.keys() ?? []), ...made.keys()]);
    if (made.size === 0) this.published.delete(uri);
    else this.published.set(uri, made);
    for (const target of about) {
      const found: Diagnostic[] = [];
      const told = new Set<string>();
      // Several programs may import one file: what is wrong in it is shown once.
      for (const d of [...this.published.values()].flatMap((p) => p.get(target) ?? [])) {
        const key = JSON.stringify([d.range, d.code, d.message]);
        if (!told.has(key)) found.push(d);
        told.add(key);
      }
      const version = this.texts.get(target)?.version;
      void this.connection.sendDiagnostics({
        uri: target,
        ...(version === undefined ? {} : { version }),
        diagnostics: found,
      });
    }
  }

  closed(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.delete(uri);
    this.read.delete(uri);
    this.failures.delete(uri);
    this.replace(uri, new Map());
    // The file on the disk counts again.
    this.fileChanged(uri);
  }
}

const isFile = (uri: string): boolean => uri.startsWith('file:');

/** The path in a URI; for the name of the program where it is no file. */
function pathOf(uri: string): string {
  try {
    return decodeURIComponent(new URL(uri).pathname);
  } catch {
    return uri;
  }
}
