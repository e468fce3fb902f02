// Pooling over [batch, height, width, channels], as tfjs defines it.
#include "kernels.h"

#define FOR_EACH_WINDOW                                                                   \
  for (i32 n = 0; n < g->batch; n++)                                                      \
    for (i32 oh = 0; oh < g->out_height; oh++)                                            \
      for (i32 ow = 0; ow < g->out_width; ow++)

#define FOR_EACH_TAP                                                                      \
  for (i32 kh = 0; kh < g->filter_height; kh++) {                                         \
    i32 ih = oh * g->stride_height - g->pad_top + kh * g->dilation_height;                \
    if (ih < 0 || ih >= g->height) continue;                                              \
    for (i32 kw = 0; kw < g->filter_width; kw++) {                                        \
      i32 iw = ow * g->stride_width - g->pad_left + kw * g->dilation_width;               \
      if (iw < 0 || iw >= g->width) continue;                                             \
      u32 at = (((u32)n * (u32)g->height + (u32)ih) * (u32)g->width + (u32)iw) * c;

#define END_TAP \
  }             \
  }

void EXPORT(max_pool)(const float *in, float *out, const Geometry *g) {
  u32 c = (u32)g->channels;
  FOR_EACH_WINDOW {
    for (u32 i = 0; i < c; i++) out[i] = -__builtin_inff();
    FOR_EACH_TAP
      const float *restrict pixel = in + at;
      float *restrict target = out;
      for (u32 i = 0; i < c; i++) target[i] = pixel[i] > target[i] ? pixel[i] : target[i];
    END_TAP
    out += c;
  }
}

// dy goes to the first greatest element of each window: first the greatest is found, then its first place.
void EXPORT(max_pool_gradient)(const float *in, const float *dy, float *dx, const Geometry *g) {
  u32 c = (u32)g->channels;
  zero(dx, (u32)g->batch * (u32)g->height * (u32)g->width * c);
  FOR_EACH_WINDOW {
    u32 i = 0;
    for (; i + 4 <= c; i += 4) {
      v128_t lowest = wasm_f32x4_const_splat(-__builtin_inff()), best = lowest;
      FOR_EACH_TAP
        best = wasm_f32x4_pmax(best, wasm_v128_load(in + at + i));
      END_TAP
      v128_t open = wasm_f32x4_gt(best, lowest), gradient = wasm_v128_load(dy + i);
      FOR_EACH_TAP
        v128_t here = wasm_v128_and(open, wasm_f32x4_eq(wasm_v128_load(in + at + i), best));
        v128_t sum = wasm_f32x4_add(wasm_v128_load(dx + at + i), wasm_v128_and(gradient, here));
        wasm_v128_store(dx + at + i, sum);
        open = wasm_v128_andnot(open, here);
      END_TAP
    }
    for (; i < c; i++) {
      float best = -__builtin_inff();
      u32 position = 0xffffffffu;
      FOR_EACH_TAP
        if (in[at + i] > best) {
          best = in[at + i];
          position = at + i;
        }
      END_TAP
      if (position != 0xffffffffu) dx[position] += dy[i];
    }
    dy += c;
  }
}

// The mean of the pixels inside the image.
void EXPORT(average_pool)(const float *in, float *out, const Geometry *g) {
  u32 c = (u32)g->channels;
  FOR_EACH_WINDOW {
    u32 count = 0;
    zero(out, c);
    FOR_EACH_TAP
      add_into(out, in + at, c);
      count++;
    END_TAP
    for (u32 i = 0; i < c; i++) out[i] /= (float)count;
    out += c;
  }
}

// As tfjs's kernel of that name: divided by the whole window also where part of it lies outside the image.
void EXPORT(average_pool_gradient)(const float *dy, float *dx, const Geometry *g) {
  u32 c = (u32)g->channels;
  float scale = 1.0f / (float)(g->filter_height * g->filter_width);
  zero(dx, (u32)g->batch * (u32)g->height * (u32)g->width * c);
  FOR_EACH_WINDOW {
    FOR_EACH_TAP
      scale_add_into(dx + at, dy, scale, c);
    END_TAP
    dy += c;
  }
}

// Depthwise convolution: each of c channels has `multiplier` filters; filter is [kh, kw, c, multiplier].
void EXPORT(depthwise)(const float *in, const float *filter, float *out, const Geometry *g, u32 multiplier) {
  u32 c = (u32)g->channels;
  FOR_EACH_WINDOW {
    zero(out, c * multiplier);
    FOR_EACH_TAP
      const float *weights = filter + (u32)(kh * g->filter_width + kw) * c * multiplier;
      if (multiplier == 1) {
        multiply_add_into(out, in + at, weights, c);
      } else {
        for (u32 i = 0; i < c; i++) scale_add_into(out + i * multiplier, weights + i * multiplier, in[at + i], multiplier);
      }
    END_TAP
    out += c * multiplier;
  }
}

void EXPORT(depthwise_input_gradient)(const float *dy, const float *filter, float *dx, const Geometry *g, u32 multiplier) {
  u32 c = (u32)g->channels;
  zero(dx, (u32)g->batch * (u32)g->height * (u32)g->width * c);
  FOR_EACH_WINDOW {
    FOR_EACH_TAP
      const float *weights = filter + (u32)(kh * g->filter_width + kw) * c * multiplier;
      if (multiplier == 1) {
        multiply_add_into(dx + at, dy, weights, c);
      } else {
        for (u32 i = 0; i < c; i++) {
          float sum = 0;
          for (u32 m = 0; m < multiplier; m++) sum += dy[i * multiplier + m] * weights[i * multiplier + m];
          dx[at + i] += sum;
        }
      }
    END_TAP
    dy += c * multiplier;
  }
}

void EXPORT(depthwise_filter_gradient)(const float *in, const float *dy, float *dw, const Geometry *g, u32 multiplier) {
  u32 c = (u32)g->channels;
  zero(dw, (u32)(g->filter_height * g->filter_width) * c * multiplier);
  FOR_EACH_WINDOW {
    FOR_EACH_TAP
      float *weights = dw + (u32)(kh * g->filter_width + kw) * c * multiplier;
      if (multiplier == 1) {
        multiply_add_into(weights, in + at, dy, c);
      } else {
        for (u32 i = 0; i < c; i++) scale_add_into(weights + i * multiplier, dy + i * multiplier, in[at + i], multiplier);
      }
    END_TAP
    dy += c * multiplier;
  }
}
