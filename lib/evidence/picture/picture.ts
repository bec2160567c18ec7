import { createHash } from 'node:crypto';
import type { Assembly } from '../assembly';
import { reachabilityOf } from '../reachability/reachability';
import { dotOf } from './dot';
import { type Graph, graphOf } from './graph';

/** The architecture of an assembly: tiers as boxes, connections as arrows. */
export const architectureOf = (assembly: Assembly): Graph => graphOf(assembly, reachabilityOf(assembly));

/** Identifies what a picture shows. A picture with another digest is older than the code. */
export const digestOf = (graph: Graph): string => createHash('sha256').update(dotOf(graph)).digest('hex');

/** Draws a graph as an SVG image whose comment has the digest. @param title for those who do not see it */
export async function drawn(graph: Graph, title: string): Promise<string> {
  // An ES module, which CommonJS code can import dynamically only.
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  const graphviz = await Graphviz.load();
  const svg = graphviz.dot(dotOf(graph), 'svg');
  const image = svg.slice(svg.indexOf('<svg')).replace('<svg', `<svg role="img" aria-label="${title}"`);
  return `<!-- ${digestOf(graph)} -->\n${image}`;
}
