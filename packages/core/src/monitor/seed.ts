/** Of the choice of embeddings: windows that are merged use one seed. */
export const SEED = 1;
