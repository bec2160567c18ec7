const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EDQUOT: 'the quota of this user is used up',
  EEXIST: 'a file or a broken link is in its place',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'the path is too long',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
};

/** The messages of PostgreSQL and initdb for the same errors, in the C locale. */
const messages: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, 'ENOSPC'],
  [/Disk quota exceeded/, 'EDQUOT'],
  [/Read-only file system/, 'EROFS'],
  [/Permission denied/, 'EACCES'],
];

/** Turns a failed write below `path` into an error with reason and remedy. Returns any other error unchanged. */
export function storageError(error: unknown, path: string): Error {
  const { code, message, path: where = path } = error as NodeJS.ErrnoException;
  const known = code !== undefined && code in reasons ? code : messages.find(([pattern]) => pattern.test(message))?.[1];
  if (known === undefined) return error as Error;
  const remedy =
    known === 'ENOSPC' || known === 'EDQUOT'
      ? 'Free some space and start again; the data is kept.'
      : 'Choose another directory with --data-directory.';
  return new Error(`${where} cannot be written: ${reasons[known] ?? known}. ${remedy}`, { cause: error });
}
