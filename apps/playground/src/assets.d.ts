// What Vite makes of imports and of the environment.
interface ImportMeta {
  readonly env: { readonly PROD: boolean };
}
