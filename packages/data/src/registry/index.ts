export { dataSet, distributions } from './data-sets.ts';
