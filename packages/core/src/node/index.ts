export { makeFolder } from './make-folder.ts';
export { syncFolder, writeFileAtomically } from './write-file-atomically.ts';
