/** What a notebook front end is given to show: one entry a MIME type; strings, or JSON objects for `+json` types. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Anything that a notebook can show. */
export interface Displayable {
  display(): MimeBundle | Promise<MimeBundle>;
}
