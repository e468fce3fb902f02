// Must run before the specs are declared: they ask for the test environments at once.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';
import '../../packages/backend-onnx/src/index.ts';

setTestEnvs([{ name: 'native', backendName: process.env.OP_SPECS_BACKEND, isDataSync: true }]);
