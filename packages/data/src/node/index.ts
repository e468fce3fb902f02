export { dataSets } from './data-sets.ts';
export { type IdxFilesOptions, loadIdxFiles, loadMnist, type MnistOptions, type Split } from './idx-files.ts';
