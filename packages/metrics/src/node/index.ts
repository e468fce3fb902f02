export { FeatureCache, type FeatureKey, folderFingerprint } from './feature-cache.ts';
