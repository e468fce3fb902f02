export { type BackendName, browserBackends, nodeBackends, selectableBackends } from './backend-name.ts';
export type { WasmPaths } from './candidate.ts';
export type { ImportPackage } from './platform.ts';
export {
  type RefusedBackend,
  type SelectBackendOptions,
  type SelectedBackend,
  selectBackend,
} from './select-backend.ts';
