/** The folder inside a locked folder that holds its owner's claim. */
export const lockName = '.gankit-lock';
