export { type JsonLines, jsonLines } from './json-lines.ts';
