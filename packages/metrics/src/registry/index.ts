export { type Metric, type MetricContext, metrics } from './metrics.ts';
