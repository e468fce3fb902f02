// Batch normalisation of [rows, channels], alone and fused with an activation z > 0 ? z : slope * z
// (slope 1: none, 0: relu, else leaky relu). Ioffe and Szegedy 2015, Algorithm 1 and the gradients below it.
#include "kernels.h"

#define BLOCK 64

static inline v128_t load(const float *p) { return wasm_v128_load(p); }

// z > 0 ? z : slope * z; with slope 0 also at minus infinity, and not-a-number stays.
static inline v128_t activate(v128_t z, v128_t slope, v128_t no_slope) {
  v128_t zeros = wasm_f32x4_const_splat(0);
  v128_t low = wasm_v128_bitselect(wasm_f32x4_max(z, zeros), wasm_f32x4_mul(z, slope), no_slope);
  return wasm_v128_bitselect(z, low, wasm_f32x4_gt(z, zeros));
}

static inline float activate_one(float z, float slope) {
  return z > 0 ? z : slope == 0 ? (z != z ? z : 0) : z * slope;
}

// Mean and (biased) variance of each channel. Deviations are taken from the first row, so that a large mean costs no digits.
// `channels` of the `pitch` elements of a row are looked at.
void EXPORT(channel_moments)(const float *x, float *mean, float *variance, u32 rows, u32 channels, u32 pitch) {
  for (u32 c = 0; c < channels; c++) {
    mean[c] = 0;
    variance[c] = 0;
  }
  for (u32 start = 0; start < rows; start += BLOCK) {
    u32 end = rows - start < BLOCK ? rows : start + BLOCK;
    u32 c = 0;
    for (; c + 8 <= channels; c += 8) {
      v128_t o0 = load(x + c), o1 = load(x + c + 4);
      v128_t s0 = wasm_f32x4_const_splat(0), s1 = s0, q0 = s0, q1 = s0;
      const float *p = x + start * pitch + c;
      for (u32 r = start; r < end; r++, p += pitch) {
        v128_t d0 = wasm_f32x4_sub(load(p), o0), d1 = wasm_f32x4_sub(load(p + 4), o1);
        s0 = wasm_f32x4_add(s0, d0);
        s1 = wasm_f32x4_add(s1, d1);
        q0 = wasm_f32x4_add(q0, wasm_f32x4_mul(d0, d0));
        q1 = wasm_f32x4_add(q1, wasm_f32x4_mul(d1, d1));
      }
      wasm_v128_store(mean + c, wasm_f32x4_add(load(mean + c), s0));
      wasm_v128_store(mean + c + 4, wasm_f32x4_add(load(mean + c + 4), s1));
      wasm_v128_store(variance + c, wasm_f32x4_add(load(variance + c), q0));
      wasm_v128_store(variance + c + 4, wasm_f32x4_add(load(variance + c + 4), q1));
    }
    for (; c < channels; c++) {
      float s = 0, q = 0;
      for (u32 r = start; r < end; r++) {
        float d = x[r * pitch + c] - x[c];
        s += d;
        q += d * d;
      }
      mean[c] += s;
      variance[c] += q;
    }
  }
  for (u32 c = 0; c < channels; c++) {
    double shift = (double)mean[c] / rows;
    double v = (double)variance[c] / rows - shift * shift;
    variance[c] = v < 0 ? 0 : (float)v;
    mean[c] = (float)(x[c] + shift);
  }
}

// out = activation((x - mean) * factor + offset), with factor = scale / sqrt(variance + epsilon) made by the caller.
void EXPORT(normalize)(const float *x, const float *mean, const float *factor, const float *offset, float *out, u32 rows,
                       u32 channels, float slope) {
  v128_t slopes = wasm_f32x4_splat(slope);
  v128_t no_slope = slope == 0 ? wasm_i32x4_const_splat(-1) : wasm_i32x4_const_splat(0);
  for (u32 r = 0; r < rows; r++, x += channels, out += channels) {
    u32 c = 0;
    if (slope == 1) {
      for (; c + 4 <= channels; c += 4) {
        v128_t d = wasm_f32x4_sub(load(x + c), load(mean + c));
        wasm_v128_store(out + c, wasm_f32x4_add(wasm_f32x4_mul(d, load(factor + c)), load(offset + c)));
      }
    } else {
      for (; c + 4 <= channels; c += 4) {
        v128_t d = wasm_f32x4_sub(load(x + c), load(mean + c));
        v128_t z = wasm_f32x4_add(wasm_f32x4_mul(d, load(factor + c)), load(offset + c));
        wasm_v128_store(out + c, activate(z, slopes, no_slope));
      }
    }
    for (; c < channels; c++) out[c] = activate_one((x[c] - mean[c]) * factor[c] + offset[c], slope);
  }
}

void EXPORT(normalization_factor)(const float *scale, const float *variance, float *factor, u32 channels, float epsilon) {
  for (u32 c = 0; c < channels; c++) factor[c] = (scale ? scale[c] : 1) / __builtin_sqrtf(variance[c] + epsilon);
}

// Sums over the rows of dz and of dz * (x - mean), where dz = dy * activation'(z).
void EXPORT(normalize_gradient_sums)(const float *x, const float *dy, const float *mean, const float *factor, const float *offset,
                                     float *sum_dz, float *sum_dz_deviation, u32 rows, u32 channels, u32 pitch, float slope) {
  v128_t zeros = wasm_f32x4_const_splat(0), ones = wasm_f32x4_const_splat(1), slopes = wasm_f32x4_splat(slope);
  for (u32 c = 0; c < channels; c++) {
    sum_dz[c] = 0;
    sum_dz_deviation[c] = 0;
  }
  for (u32 start = 0; start < rows; start += BLOCK) {
    u32 end = rows - start < BLOCK ? rows : start + BLOCK;
    u32 c = 0;
    for (; c + 4 <= channels; c += 4) {
      v128_t m = load(mean + c), f = load(factor + c), o = load(offset + c), s = zeros, q = zeros;
      const float *px = x + start * pitch + c, *pd = dy + start * pitch + c;
      for (u32 r = start; r < end; r++, px += pitch, pd += pitch) {
        v128_t d = wasm_f32x4_sub(load(px), m);
        v128_t z = wasm_f32x4_add(wasm_f32x4_mul(d, f), o);
        v128_t dz = wasm_f32x4_mul(load(pd), wasm_v128_bitselect(ones, slopes, wasm_f32x4_gt(z, zeros)));
        s = wasm_f32x4_add(s, dz);
        q = wasm_f32x4_add(q, wasm_f32x4_mul(dz, d));
      }
      wasm_v128_store(sum_dz + c, wasm_f32x4_add(load(sum_dz + c), s));
      wasm_v128_store(sum_dz_deviation + c, wasm_f32x4_add(load(sum_dz_deviation + c), q));
    }
    for (; c < channels; c++) {
      float s = 0, q = 0;
      for (u32 r = start; r < end; r++) {
        float d = x[r * pitch + c] - mean[c];
        float dz = dy[r * pitch + c] * (d * factor[c] + offset[c] > 0 ? 1 : slope);
        s += dz;
        q += dz * d;
      }
      sum_dz[c] += s;
      sum_dz_deviation[c] += q;
    }
  }
}

// dx = factor * (dz - correction_mean - deviation * correction_deviation); zero corrections where the moments are constants.
void EXPORT(normalize_gradient_input)(const float *x, const float *dy, const float *mean, const float *factor, const float *offset,
                                      const float *correction_mean, const float *correction_deviation, float *dx, u32 rows,
                                      u32 channels, float slope) {
  v128_t zeros = wasm_f32x4_const_splat(0), ones = wasm_f32x4_const_splat(1), slopes = wasm_f32x4_splat(slope);
  for (u32 r = 0; r < rows; r++, x += channels, dy += channels, dx += channels) {
    u32 c = 0;
    for (; c + 4 <= channels; c += 4) {
      v128_t f = load(factor + c);
      v128_t d = wasm_f32x4_sub(load(x + c), load(mean + c));
      v128_t z = wasm_f32x4_add(wasm_f32x4_mul(d, f), load(offset + c));
      v128_t dz = wasm_f32x4_mul(load(dy + c), wasm_v128_bitselect(ones, slopes, wasm_f32x4_gt(z, zeros)));
      v128_t correction = wasm_f32x4_add(load(correction_mean + c), wasm_f32x4_mul(d, load(correction_deviation + c)));
      wasm_v128_store(dx + c, wasm_f32x4_mul(f, wasm_f32x4_sub(dz, correction)));
    }
    for (; c < channels; c++) {
      float d = x[c] - mean[c];
      float dz = dy[c] * (d * factor[c] + offset[c] > 0 ? 1 : slope);
      dx[c] = factor[c] * (dz - correction_mean[c] - d * correction_deviation[c]);
    }
  }
}

// out = dy * (y > 0 ? 1 : slope): the gradient of an activation, from its result or its argument.
void EXPORT(activation_gradient)(const float *y, const float *dy, float *out, u32 count, float slope) {
  for (u32 i = 0; i < count; i++) out[i] = y[i] > 0 ? dy[i] : dy[i] * slope;
}

// From the sums of dz and of dz * deviation: the terms that the gradient of the input subtracts, and in place of the second
// sum the gradient of the scale. `inverse` is 1 / sqrt(variance + epsilon).
void EXPORT(normalization_terms)(const float *sum_dz, float *sum_dz_deviation, const float *inverse, float *mean_term,
                                 float *deviation_term, u32 rows, u32 channels) {
  for (u32 c = 0; c < channels; c++) {
    mean_term[c] = sum_dz[c] / (float)rows;
    deviation_term[c] = sum_dz_deviation[c] * inverse[c] * inverse[c] / (float)rows;
    sum_dz_deviation[c] *= inverse[c];
  }
}

// out = in * factor, for each channel.
void EXPORT(scale_rows)(const float *in, const float *factor, float *out, u32 rows, u32 channels) {
  for (u32 r = 0; r < rows; r++, in += channels, out += channels) {
    u32 c = 0;
    for (; c + 4 <= channels; c += 4) wasm_v128_store(out + c, wasm_f32x4_mul(load(in + c), load(factor + c)));
    for (; c < channels; c++) out[c] = in[c] * factor[c];
  }
}

// The gradients of (x - mean) * factor + offset, with factor = scale * inverse and inverse = 1 / sqrt(variance + epsilon), from the
// sums of dy and of dy * (x - mean); the scale's gradient takes the place of the latter.
void EXPORT(given_moments_gradient)(const float *sum_dy, float *sum_dy_deviation, const float *factor, const float *inverse,
                                    float *mean, float *variance, u32 channels) {
  for (u32 c = 0; c < channels; c++) {
    mean[c] = -factor[c] * sum_dy[c];
    variance[c] = -0.5f * factor[c] * inverse[c] * inverse[c] * sum_dy_deviation[c];
    sum_dy_deviation[c] *= inverse[c];
  }
}
