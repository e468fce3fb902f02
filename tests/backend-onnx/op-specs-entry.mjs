// tfjs-core's own specs, on the backend that the environment variable OP_SPECS_BACKEND names.
import './op-specs-environment.mjs';
import '@tensorflow/tfjs-core/dist/tests';
