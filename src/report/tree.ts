import type { Node, PhrasingContent, Root, RootContent, Table } from 'mdast';
import type { PublishedRun } from '../figures/published-run.js';
import type { SetNumber } from './number-format.js';
import type { Reading } from './page/reading.js';
import type { Claim } from './claims.js';
import type { Origin } from './collect.js';

/** Something that is counted, named and referred to: "Figure 2". */
export interface Numbered {
  readonly label: string;
  readonly number: string;
}

/** A figure with its caption. */
export interface FigureNode extends Node, Numbered {
  type: 'reportFigure';
  readonly caption: PhrasingContent[];
  readonly alt: string;
  readonly svg: string;
  readonly origin: Origin;
  readonly wide: boolean;
  /** Trainings that a reader can repeat. */
  readonly runs: readonly PublishedRun[];
  /** Values that a reader can read off the chart. */
  readonly reading: Reading | undefined;
  /** Files that stand beside the picture. */
  readonly files: readonly string[];
}

/** A table with its caption. */
export interface TableNode extends Node, Numbered {
  type: 'reportTable';
  readonly caption: PhrasingContent[];
  readonly table: Table;
  readonly origin: Origin;
}

/** Source code of the library. */
export interface ListingNode extends Node, Numbered {
  type: 'reportListing';
  readonly caption: PhrasingContent[];
  readonly language: string;
  readonly code: string;
  readonly file: string;
  readonly firstLine: number;
}

/** A displayed equation; only one with a label has a number. */
export interface EquationNode extends Node {
  type: 'reportEquation';
  readonly latex: string;
  readonly numbered: Numbered | undefined;
}

/** What a cell has shown as Markdown under a label, such as a derivation: numbered with the equations. */
export interface DerivationNode extends Node, Numbered {
  type: 'reportDerivation';
  children: RootContent[];
  readonly origin: Origin;
}

/** A heading with its number; an unnumbered one has none. */
export interface SectionNode extends Node {
  type: 'reportSection';
  readonly depth: 2 | 3 | 4;
  readonly label: string;
  readonly number: string | undefined;
  readonly children: PhrasingContent[];
}

/** A number in prose that is bound to a claim. */
export interface NumberNode extends Node {
  type: 'reportNumber';
  readonly set: SetNumber;
  readonly claim: Claim;
}

/** "Figure 2" or "Section 3", leading there. */
export interface ReferenceNode extends Node {
  type: 'reportReference';
  readonly label: string;
  readonly text: string;
}

/** "[3]", leading to the list of references. */
export interface CitationNode extends Node {
  type: 'reportCitation';
  readonly keys: readonly string[];
  readonly numbers: readonly number[];
}

/** Where the list of cited works stands. */
export interface ReferencesNode extends Node {
  type: 'reportReferences';
}

declare module 'mdast' {
  interface RootContentMap {
    reportFigure: FigureNode;
    reportTable: TableNode;
    reportListing: ListingNode;
    reportEquation: EquationNode;
    reportDerivation: DerivationNode;
    reportSection: SectionNode;
    reportReferences: ReferencesNode;
    reportNumber: NumberNode;
    reportReference: ReferenceNode;
    reportCitation: CitationNode;
  }
  interface PhrasingContentMap {
    reportNumber: NumberNode;
    reportReference: ReferenceNode;
    reportCitation: CitationNode;
  }
  interface BlockContentMap {
    reportFigure: FigureNode;
    reportTable: TableNode;
    reportListing: ListingNode;
    reportEquation: EquationNode;
    reportDerivation: DerivationNode;
  }
}

/** A work that the report cites, as it is printed. */
export interface Reference {
  readonly key: string;
  readonly number: number;
  readonly text: PhrasingContent[];
}

/** The report with everything resolved: what each output format serialises. */
export interface Report {
  readonly title: string;
  readonly subtitle: string | undefined;
  readonly authors: readonly string[];
  readonly date: string;
  readonly abstract: RootContent[];
  readonly body: Root;
  readonly references: readonly Reference[];
  readonly claims: readonly Claim[];
}
