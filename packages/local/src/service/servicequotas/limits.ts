export const PAGE_MAX = 100;
