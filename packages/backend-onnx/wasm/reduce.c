// Reductions of [outer, length, inner] over `length`. Sums run in blocks so that the rounding error grows with the square
// root of the length's logarithm rather than with the length.
#include "kernels.h"

#define BLOCK 128

static float sum_row(const float *in, u32 n) {
  double total = 0;
  u32 i = 0;
  while (i + 16 <= n) {
    v128_t s0 = wasm_f32x4_const_splat(0), s1 = s0, s2 = s0, s3 = s0;
    u32 end = n - i < BLOCK * 16 ? i + (n - i) / 16 * 16 : i + BLOCK * 16;
    for (; i < end; i += 16) {
      s0 = wasm_f32x4_add(s0, wasm_v128_load(in + i));
      s1 = wasm_f32x4_add(s1, wasm_v128_load(in + i + 4));
      s2 = wasm_f32x4_add(s2, wasm_v128_load(in + i + 8));
      s3 = wasm_f32x4_add(s3, wasm_v128_load(in + i + 12));
    }
    total += horizontal_sum(wasm_f32x4_add(wasm_f32x4_add(s0, s1), wasm_f32x4_add(s2, s3)));
  }
  for (; i < n; i++) total += in[i];
  return (float)total;
}

// Rows are added a block at a time to `out`, sixteen columns in registers.
static void sum_columns(const float *in, float *out, u32 length, u32 inner, u32 pitch) {
  zero(out, inner);
  for (u32 start = 0; start < length; start += BLOCK) {
    u32 end = length - start < BLOCK ? length : start + BLOCK;
    u32 j = 0;
    for (; j + 16 <= inner; j += 16) {
      v128_t s0 = wasm_f32x4_const_splat(0), s1 = s0, s2 = s0, s3 = s0;
      const float *p = in + start * pitch + j;
      for (u32 i = start; i < end; i++, p += pitch) {
        s0 = wasm_f32x4_add(s0, wasm_v128_load(p));
        s1 = wasm_f32x4_add(s1, wasm_v128_load(p + 4));
        s2 = wasm_f32x4_add(s2, wasm_v128_load(p + 8));
        s3 = wasm_f32x4_add(s3, wasm_v128_load(p + 12));
      }
      wasm_v128_store(out + j, wasm_f32x4_add(wasm_v128_load(out + j), s0));
      wasm_v128_store(out + j + 4, wasm_f32x4_add(wasm_v128_load(out + j + 4), s1));
      wasm_v128_store(out + j + 8, wasm_f32x4_add(wasm_v128_load(out + j + 8), s2));
      wasm_v128_store(out + j + 12, wasm_f32x4_add(wasm_v128_load(out + j + 12), s3));
    }
    for (; j < inner; j++) {
      float s = 0;
      for (u32 i = start; i < end; i++) s += in[i * pitch + j];
      out[j] += s;
    }
  }
}

// `inner` of the `pitch` elements of a row are summed up.
void EXPORT(reduce_sum)(const float *in, float *out, u32 outer, u32 length, u32 inner, u32 pitch, float scale) {
  for (u32 o = 0; o < outer; o++) {
    if (inner == 1 && pitch == 1) out[o] = sum_row(in + o * length, length);
    else sum_columns(in + o * length * pitch, out + o * inner, length, inner, pitch);
  }
  if (scale != 1) for (u32 i = 0; i < outer * inner; i++) out[i] *= scale;
}

#define REDUCE(NAME, TYPE, START, EXPRESSION)                                              \
  void EXPORT(NAME)(const TYPE *in, TYPE *out, u32 outer, u32 length, u32 inner) {         \
    for (u32 o = 0; o < outer; o++, out += inner, in += length * inner) {                  \
      if (inner == 1) {                                                                    \
        TYPE x = START;                                                                    \
        for (u32 i = 0; i < length; i++) { TYPE y = in[i]; x = EXPRESSION; }               \
        out[0] = x;                                                                        \
        continue;                                                                          \
      }                                                                                    \
      for (u32 j = 0; j < inner; j++) out[j] = START;                                      \
      for (u32 i = 0; i < length; i++) {                                                   \
        const TYPE *restrict row = in + i * inner;                                         \
        TYPE *restrict target = out;                                                       \
        for (u32 j = 0; j < inner; j++) { TYPE x = target[j], y = row[j]; target[j] = EXPRESSION; } \
      }                                                                                    \
    }                                                                                      \
  }

REDUCE(reduce_maximum, float, -__builtin_inff(), (x != x) ? x : (y != y) ? y : (x > y) ? x : y)
REDUCE(reduce_minimum, float, __builtin_inff(), (x != x) ? x : (y != y) ? y : (x < y) ? x : y)
REDUCE(reduce_product, float, 1.0f, x *y)
REDUCE(reduce_all, u8, 1, (x != 0) & (y != 0))
REDUCE(reduce_any, u8, 0, (x != 0) | (y != 0))

// First position of the extreme value along `length`; with `sign` -1 the minimum.
void EXPORT(argument_extreme)(const float *in, i32 *out, u32 outer, u32 length, u32 inner, float sign) {
  for (u32 o = 0; o < outer; o++) {
    for (u32 j = 0; j < inner; j++) {
      const float *p = in + o * length * inner + j;
      float best = p[0];
      i32 position = 0;
      for (u32 i = 1; i < length; i++) {
        float value = p[i * inner];
        if (value * sign > best * sign) { best = value; position = (i32)i; }
      }
      out[o * inner + j] = position;
    }
  }
}
