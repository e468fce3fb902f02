export { type BackendName, browserBackends, nodeBackends, selectableBackends } from './backend-name.ts';
export type { WasmPaths } from './candidate.ts';
export { checkBackend } from './check/check-backend.ts';
export {
  type BackendReport,
  faultOf,
  formatBackendReport,
  type OperationReport,
  type TrainingReport,
} from './check/report.ts';
export type { ImportPackage } from './platform.ts';
export {
  type RefusedBackend,
  type SelectBackendOptions,
  type SelectedBackend,
  selectBackend,
} from './select-backend.ts';
