// Vite gives the address of a file that is imported with ?url; the browser tests use it.
declare module '*.wasm?url' {
  const address: string;
  export default address;
}
