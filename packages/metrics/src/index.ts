export { type ModeCoverage, type ModeCoverageOptions, modeCoverage } from './mode-coverage.ts';
