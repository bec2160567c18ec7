import { bundlePrograms } from './bundle-programs.ts';

/* `npm run build --workspace app -- [directory]`: the content of the image. */

await bundlePrograms(process.argv[2] ?? 'dist');
