export { type SampleGrid, type SampleGridOptions, sampleGrid } from './sample-grid.ts';
