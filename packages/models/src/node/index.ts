export { loadGenerator, saveGenerator, saveLayersModel } from './generator-folder.ts';
