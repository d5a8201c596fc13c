/**
 * What is used of an arquero table, which is one. arquero's own declarations need a newer TypeScript than the one that
 * checks notebook cells, where they would silently become `any`.
 */
export interface DataFrame {
  columnNames(): string[];
  numRows(): number;
  get(name: string, row?: number): unknown;
  array(name: string): unknown;
  objects(): object[];
  filter(criteria: string | ((row: never) => unknown)): DataFrame;
  derive(values: object): DataFrame;
  select(...columns: (string | string[])[]): DataFrame;
  orderby(...keys: string[]): DataFrame;
  groupby(...keys: string[]): DataFrame;
  rollup(values?: object): DataFrame;
  toCSV(): string;
}
