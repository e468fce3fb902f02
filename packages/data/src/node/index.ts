export { dataSets } from './data-sets.ts';
export { type IdxFilesOptions, loadIdxFiles, loadMnist, type MnistOptions, type Split } from './idx-files.ts';
export { type BrokenPicture, type OpenPicturesOptions, openPictures } from './open-pictures.ts';
export { pictureFolder } from './picture-folder.ts';
