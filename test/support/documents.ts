import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const root = join(__dirname, '..', '..');
const fence = /^```[^\n]*\n[\s\S]*?^```$/gm;

/** One Markdown file of the repository. */
export interface MarkdownDocument {
  /** Relative to the root, with slashes: `lib/DECISIONS.md`. */
  readonly path: string;
  readonly text: string;
  /** The anchors that a Markdown viewer gives to the headings, in the order of the file. */
  readonly anchors: readonly string[];
  /** The targets of all links, as they are written. */
  readonly links: readonly string[];
}

/** A heading with the text up to the next heading of any level. */
export interface Section {
  readonly anchor: string;
  readonly text: string;
}

/** Every Markdown file of the project, without dependencies and generated files. */
export function allDocuments(): MarkdownDocument[] {
  return markdownBelow(root).map((path) => documentAt(relative(root, path).split(sep).join('/')));
}

/** @param path relative to the root */
export function documentAt(path: string): MarkdownDocument {
  const text = readFileSync(join(root, path), 'utf8');
  const prose = text.replace(fence, '');
  return {
    path,
    text,
    anchors: anchorsOf(prose),
    links: [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target),
  };
}

/** The sections of a document, except for what precedes its first heading. */
export function sectionsOf({ text, anchors }: Pick<MarkdownDocument, 'text' | 'anchors'>): Section[] {
  // A comment in a shell command is no heading.
  const withoutComments = text.replace(fence, (block) => block.replace(/^#/gm, ' '));
  const bodies = withoutComments.split(/^#+ .+$/m).slice(1);
  return bodies.map((body, index) => ({ anchor: anchors[index] ?? '', text: body }));
}

/** The fenced blocks and code spans of a text: what a reader may paste. */
export function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(fence)].map(([block]) => block.split('\n').slice(1, -1).join('\n'));
  const spans = [...text.replace(fence, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  return [...blocks, ...spans];
}

/** As GitHub makes them: repeated headings are numbered. */
function anchorsOf(prose: string): string[] {
  const seen = new Map<string, number>();
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

function markdownBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(\.|node_modules$|cdk\.out|dist$)/.test(entry.name) ? [] : markdownBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}
