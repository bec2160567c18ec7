import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { updatesSnapshots } from './snapshot-update';

/** One reviewed template a file: `<profile>/<tier>.json`. */
const folder = join(__dirname, '../platform/templates');

/**
 * Compares `template` with the reviewed file at `path`, which only `jest -u` writes. A missing file fails.
 *
 * @param path relative to the folder of all reviewed templates
 */
export function expectReviewedTemplate(path: string, template: unknown): void {
  const file = join(folder, path);
  const text = `${JSON.stringify(template, null, 2)}\n`;
  if (updatesSnapshots()) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(reviewed(file));
}

/** Expects a reviewed file for each of `paths` and no others; `jest -u` deletes the others. */
export function expectReviewedTemplates(paths: readonly string[]): void {
  const present = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
  if (updatesSnapshots()) for (const path of present()) if (!paths.includes(path)) rmSync(join(folder, path));
  expect(present().sort()).toEqual([...paths].sort());
}

function reviewed(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`There is no reviewed template at ${file}. Write it with npx jest test/platform/snapshots -u.`, {
      cause,
    });
  }
}

type Tags = Readonly<Record<string, string>>;

/**
 * The template as reviewers read it: sorted, references as CloudFormation's short forms, JSON texts as JSON, without the hashes of assets, which
 * change with every line of code, and without `stackTags`, which every resource repeats.
 */
export function reviewedForm(template: object, stackTags: Tags): unknown {
  const text = JSON.stringify(template).replaceAll(/[0-9a-f]{64}/g, '<asset hash>');
  return shortForm(JSON.parse(text, (key, value: unknown) => (key === 'Tags' ? withoutTags(value, stackTags) : value)));
}

/** Tags are a list of keys and values for most resource types, and an object for the others. */
function withoutTags(tags: unknown, stackTags: Tags): unknown {
  if (!Array.isArray(tags)) {
    return Object.fromEntries(Object.entries(tags as Tags).filter(([key, value]) => stackTags[key] !== value));
  }
  return (tags as { Key: string; Value: unknown }[]).filter(({ Key, Value }) => stackTags[Key] !== Value);
}

function shortForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortForm);
  if (typeof value !== 'object' || value === null) return value;
  const reference = shortReference(value);
  if (reference !== undefined) return `!${reference}`;
  const { 'Fn::Join': join } = value as { 'Fn::Join'?: [string, unknown] };
  if (join?.[0] === '' && Array.isArray(join[1])) return shortJoin(join[1]);
  const sorted = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, each]) => [key, shortForm(each)]));
}

function shortReference(value: object): string | undefined {
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  if (Ref !== undefined) return `Ref ${Ref}`;
  return attribute && `GetAtt ${attribute.join('.')}`;
}

/** As `Fn::Sub` writes it. Definitions of state machines and dashboards are JSON with references. */
function shortJoin(parts: readonly unknown[]): unknown {
  const text = parts
    .map((part) => (typeof part === 'object' && part !== null ? `\${${placeholder(part)}}` : String(part)))
    .join('');
  try {
    return { '!Sub': shortForm(JSON.parse(text)) };
  } catch {
    return `!Sub ${text}`;
  }
}

/** Without double quotes, because the text around it may be JSON. */
function placeholder(part: object): string {
  return shortReference(part)?.replace(/^\w+ /, '') ?? JSON.stringify(shortForm(part)).replaceAll('"', "'");
}
