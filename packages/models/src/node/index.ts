export { loadGenerator, saveGenerator } from './generator-folder.ts';
