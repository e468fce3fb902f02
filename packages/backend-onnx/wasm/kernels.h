// What every kernel file needs. Pointers are offsets in the tensor memory; counts are elements, not bytes.
#pragma once
#include <wasm_simd128.h>

typedef unsigned char u8;
typedef unsigned int u32;
typedef int i32;

#define EXPORT(name) __attribute__((export_name(#name))) name
#define MAX_RANK 8

static inline void zero(float *target, u32 count) { __builtin_memset(target, 0, count * sizeof(float)); }
static inline void copy(float *target, const float *source, u32 count) {
  __builtin_memcpy(target, source, count * sizeof(float));
}
static inline void add_into(float *restrict target, const float *restrict source, u32 count) {
  for (u32 i = 0; i < count; i++) target[i] += source[i];
}
static inline void scale_add_into(float *restrict target, const float *restrict source, float scale, u32 count) {
  for (u32 i = 0; i < count; i++) target[i] += source[i] * scale;
}
static inline void multiply_add_into(float *restrict target, const float *restrict a, const float *restrict b, u32 count) {
  for (u32 i = 0; i < count; i++) target[i] += a[i] * b[i];
}
static inline float horizontal_sum(v128_t v) {
  return (wasm_f32x4_extract_lane(v, 0) + wasm_f32x4_extract_lane(v, 1)) +
         (wasm_f32x4_extract_lane(v, 2) + wasm_f32x4_extract_lane(v, 3));
}

// Activations after a bias: 0 none, 1 relu, 2 leaky relu, 3 relu6. Comparisons, so that not-a-number stays.
static inline v128_t activated(v128_t value, i32 activation, v128_t slope) {
  if (activation == 0) return value;
  v128_t none = wasm_f32x4_const_splat(0), most = wasm_f32x4_const_splat(6), negative = wasm_f32x4_lt(value, none);
  if (activation == 2) return wasm_v128_bitselect(wasm_f32x4_mul(value, slope), value, negative);
  value = wasm_v128_bitselect(none, value, negative);
  return activation == 3 ? wasm_v128_bitselect(most, value, wasm_f32x4_gt(value, most)) : value;
}

// Sizes of a sliding window over [batch, height, width, channels].
typedef struct {
  i32 batch, height, width, channels, out_height, out_width, filter_height, filter_width;
  i32 stride_height, stride_width, dilation_height, dilation_width, pad_top, pad_left;
} Geometry;
