// Which backend computes, and why.
import { type BackendName, browserBackends, selectBackend } from '@gankit/backends';
import * as tf from '@tensorflow/tfjs';
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { EngineState } from '../protocol.ts';

const absolute = (address: string) => new URL(address, import.meta.url).href;
const wasmPaths = {
  'tfjs-backend-wasm.wasm': absolute(wasm),
  'tfjs-backend-wasm-simd.wasm': absolute(wasmSimd),
  // Threads bought nothing for networks of this size, and need headers that a static host may not send.
  'tfjs-backend-wasm-threaded-simd.wasm': absolute(wasmSimd),
};

/** Whether the graphics card is a program: then it is slower than WebAssembly at anything. */
async function isSoftware(): Promise<boolean> {
  const { gpu } = navigator as {
    readonly gpu?: {
      requestAdapter(): Promise<{
        readonly info?: {
          readonly vendor?: string;
          readonly architecture?: string;
          readonly isFallbackAdapter?: boolean;
        };
      } | null>;
    };
  };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (adapter?.info !== undefined) {
    const { vendor = '', architecture = '', isFallbackAdapter = false } = adapter.info;
    return isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(`${vendor} ${architecture}`);
  }
  if (typeof OffscreenCanvas === 'undefined') return true;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  const debug = gl?.getExtension('WEBGL_debug_renderer_info');
  const renderer = debug && gl?.getParameter(debug.UNMASKED_RENDERER_WEBGL);
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return gl === null || gl === undefined || /swiftshader|llvmpipe|software/i.test(String(renderer));
}

/** What to try first for a kind of data, and why. */
async function preferred(
  kind: 'points' | 'images',
): Promise<{ readonly order: readonly BackendName[]; readonly why: string }> {
  if (kind === 'points') {
    return {
      order: ['wasm', 'webgl', 'cpu'],
      why: 'Networks this small are done before a graphics card has been asked, so WebAssembly comes first.',
    };
  }
  if (await isSoftware()) {
    return {
      order: ['wasm', 'webgl', 'cpu'],
      why: 'There is no graphics card here that computes, so WebAssembly comes first.',
    };
  }
  return { order: ['webgpu', 'webgl', 'wasm', 'cpu'], why: 'Convolutions run fastest on the graphics card.' };
}

/**
 * Starts a backend, after a check that it computes right.
 * @param chosen By the user; by the kind of data when absent.
 */
export async function startEngine(kind: 'points' | 'images', chosen?: BackendName): Promise<EngineState> {
  const { order, why } = await preferred(kind);
  // The flag exists once its package is there.
  await import('@tensorflow/tfjs-backend-wasm');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const known = chosen !== undefined && browserBackends.includes(chosen as never) ? chosen : undefined;
  const selected = await selectBackend({
    prefer: known === undefined ? order : [known, ...order],
    check: true,
    wasmPaths,
  });
  const { backend, tried } = selected;
  const reason =
    known === undefined ? why : known === backend ? 'You chose it.' : `You chose ${known}, which was refused.`;
  return { backend, reason, tried };
}

/** Calls back when the graphics card takes away what was on it. */
export function onLost(lost: (sentence: string) => void): void {
  const backend = tf.backend() as {
    readonly gpgpu?: { readonly gl?: WebGLRenderingContext };
    readonly device?: { readonly lost?: Promise<{ readonly reason?: string }> };
  };
  backend.gpgpu?.gl?.canvas.addEventListener('webglcontextlost', () => {
    lost('The graphics card was taken away; training goes on from the last saved step.');
  });
  backend.device?.lost?.then(({ reason }) => {
    if (reason !== 'destroyed') lost('The graphics card was taken away; training goes on from the last saved step.');
  });
}
