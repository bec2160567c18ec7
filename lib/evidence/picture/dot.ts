import { internet } from '../reachability/reachability';
import type { Arrow, Graph, Shape, Tier } from './graph';

const titles: Readonly<Record<Tier, string>> = {
  internet: '',
  edge: 'Edge',
  public: 'Public subnets',
  private: 'Private subnets',
  isolated: 'Isolated subnets',
  any: 'Subnets that no template names',
  aws: 'AWS services',
};

const fills: Readonly<Record<Tier, string>> = {
  internet: '#ffffff',
  edge: '#fff1c2',
  public: '#ffe3d3',
  private: '#dafbe1',
  isolated: '#ddf4ff',
  any: '#ffffff',
  aws: '#f0f1f3',
};

/** The graph in the language of Graphviz. */
export function dotOf({ region, shapes, arrows }: Graph): string {
  const inTier = (tier: Tier) => shapes.filter((shape) => shape.tier === tier);
  const box = (tier: Tier) => {
    const members = inTier(tier);
    if (members.length === 0) return [];
    return [
      `subgraph "cluster ${tier}" {`,
      `label=${quoted(titles[tier])}; style="rounded,filled"; color="#8c959f"; fillcolor="${fills[tier]}";`,
      ...members.map(shapeLine),
      '}',
    ];
  };
  const vpc = [
    `subgraph "cluster vpc" {`,
    `label=${quoted(`VPC in ${region}`)}; style="rounded"; color="#57606a";`,
    ...box('public'),
    ...box('private'),
    ...box('isolated'),
    ...box('any'),
    '}',
  ];
  return [
    'digraph {',
    'rankdir=LR; nodesep=0.3; ranksep=0.7; fontname="Helvetica"; fontsize=13;',
    'node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#57606a", fontname="Helvetica", fontsize=11, margin="0.2,0.08"];',
    'edge [color="#57606a", fontname="Helvetica", fontsize=9, arrowsize=0.7];',
    ...inTier('internet').map(shapeLine),
    ...box('edge'),
    ...vpc,
    ...box('aws'),
    ...arrows.map(arrowLine),
    '}',
    '',
  ].join('\n');
}

const shapeLine = ({ id, label }: Shape): string =>
  `${quoted(id)} [label=${label
    .map(escaped)
    .join('\\n')
    .replace(/^(.*)$/s, '"$1"')}];`;

/** What leads out of the platform must not move the internet to its far end. */
const arrowLine = ({ from, to, ports }: Arrow): string =>
  `${quoted(from)} -> ${quoted(to)} [label=${quoted(ports)}${to === internet ? ', constraint=false' : ''}];`;

const escaped = (text: string): string => text.replace(/["\\]/g, '\\$&');

const quoted = (text: string): string => `"${escaped(text)}"`;
