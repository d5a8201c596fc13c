/** What can be read off a chart of lines over epochs; `panels` and the values of a point belong together. */
export interface Reading {
  readonly panels: readonly {
    readonly title: string;
    /** Pixels of the panel's own coordinates. */
    readonly width: number;
    readonly height: number;
    readonly epochs: readonly [number, number];
    readonly percent: boolean;
  }[];
  readonly series: readonly {
    readonly name: string;
    /** The colour in which its line, its band and its name are drawn, and nothing else. */
    readonly colour: string;
    readonly points: readonly Point[];
  }[];
}

/** An epoch and its value in each panel. */
export interface Point {
  readonly epoch: number;
  readonly values: readonly (number | null)[];
}
