import { type Clause, whenItIsOurs, whenItServes } from '../clause.ts';
import { failed, notCheckable, passed } from '../verdict.ts';
import { differences, listFiles } from '../watched-files.ts';

/** The user of the container, which overrides that of the image. */
const userId = 65532;

export const image: readonly Clause[] = [
  {
    clause: 25,
    title: `Runs as user ${userId}, who is not root`,
    check: whenItServes(async (started) => {
      const own = process.getuid?.();
      if (own === undefined) return notCheckable('this operating system has no numbered users');
      if (own !== 0) return passed(`ran as user ${own}`);
      const second = await started.another({ userId });
      await second.process.kill();
      return second.silence === undefined
        ? passed()
        : failed(`a process that listens as user ${userId}`, second.silence);
    }),
  },
  {
    clause: 26,
    title: 'Writes no file',
    check: whenItIsOurs(async ({ ending, silence, watched }) => {
      if (silence === undefined) await ending();
      const written = differences(watched.before, await listFiles(watched.directories));
      return written.length === 0
        ? passed(`in ${watched.directories.join(', ')}`)
        : failed(`nothing new in its directory, HOME and TMPDIR`, written.join(', '));
    }),
  },
  {
    clause: 27,
    title: 'Is built for linux/arm64',
    check: async () => notCheckable("a matter of the image: docker inspect --format '{{.Os}}/{{.Architecture}}' IMAGE"),
  },
];
