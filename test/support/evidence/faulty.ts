import { join } from 'node:path';

/** A cloud assembly, made by hand, with a fault of each sort. */
export const faultyFolder = join(__dirname, 'faulty-assembly');
