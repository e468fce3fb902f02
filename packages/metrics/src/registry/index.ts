export { extractors, suitedExtractor } from './extractors.ts';
export { type Metric, type MetricContext, metrics } from './metrics.ts';
