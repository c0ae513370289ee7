/** The most rows that one page may ask for. */
export const MAX_PAGE_SIZE = 100;

/** Rows of a page that does not say how many. */
export const DEFAULT_PAGE_SIZE = 20;
