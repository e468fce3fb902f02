// What surrounds the matrix products and blocked convolutions: patches, their adjoint, and filters in blocked order.
// Images are [batch, height, width, channels].
#include "kernels.h"

// Taps of the filter along the width that fall inside the image, for dilation 1: [*first, *last).
static inline void inside(i32 start, i32 taps, i32 width, i32 *first, i32 *last) {
  *first = start < 0 ? -start : 0;
  *last = start + taps > width ? width - start : taps;
  if (*first > taps) *first = taps;
  if (*last < *first) *last = *first;
}

// out[n, oh, ow, kh, kw, c] = image[n, oh * stride + kh * dilation - pad, ...] or 0. Rows first..first+count of all
// images' rows of the output.
void EXPORT(patches)(const float *image, float *out, const Geometry *g, i32 first_row, i32 count) {
  u32 c = (u32)g->channels, row = (u32)g->width * c, run = (u32)g->filter_width * c;
  for (i32 r = first_row; r < first_row + count; r++) {
    i32 n = r / g->out_height, oh = r % g->out_height;
    const float *plane = image + (u32)n * (u32)g->height * row;
    for (i32 ow = 0; ow < g->out_width; ow++) {
      i32 left = ow * g->stride_width - g->pad_left;
      i32 first, last;
      inside(left, g->filter_width, g->width, &first, &last);
      for (i32 kh = 0; kh < g->filter_height; kh++, out += run) {
        i32 ih = oh * g->stride_height - g->pad_top + kh * g->dilation_height;
        if (ih < 0 || ih >= g->height) {
          zero(out, run);
        } else if (g->dilation_width == 1) {
          const float *source = plane + (u32)ih * row;
          for (u32 i = 0; i < (u32)first * c; i++) out[i] = 0;
          float *target = out + (u32)first * c;
          const float *from = source + (left + first) * (i32)c;
          u32 length = (u32)(last - first) * c, i = 0;
          for (; i + 4 <= length; i += 4) wasm_v128_store(target + i, wasm_v128_load(from + i));
          for (; i < length; i++) target[i] = from[i];
          for (u32 i = (u32)last * c; i < run; i++) out[i] = 0;
        } else {
          for (i32 kw = 0; kw < g->filter_width; kw++) {
            i32 iw = left + kw * g->dilation_width;
            if (iw < 0 || iw >= g->width) zero(out + (u32)kw * c, c);
            else copy(out + (u32)kw * c, plane + (u32)ih * row + (u32)iw * c, c);
          }
        }
      }
    }
  }
}

// The adjoint of `patches`: adds every patch element to the image element that it came from.
void EXPORT(add_patches)(const float *in, float *image, const Geometry *g, i32 first_image, i32 count) {
  u32 c = (u32)g->channels, row = (u32)g->width * c, run = (u32)g->filter_width * c;
  zero(image + (u32)first_image * (u32)g->height * row, (u32)count * (u32)g->height * row);
  for (i32 n = first_image; n < first_image + count; n++) {
    float *plane = image + (u32)n * (u32)g->height * row;
    for (i32 oh = 0; oh < g->out_height; oh++) {
      for (i32 ow = 0; ow < g->out_width; ow++) {
        i32 left = ow * g->stride_width - g->pad_left;
        i32 first, last;
        inside(left, g->filter_width, g->width, &first, &last);
        for (i32 kh = 0; kh < g->filter_height; kh++, in += run) {
          i32 ih = oh * g->stride_height - g->pad_top + kh * g->dilation_height;
          if (ih < 0 || ih >= g->height) continue;
          if (g->dilation_width == 1) {
            add_into(plane + (u32)ih * row + (left + first) * (i32)c, in + (u32)first * c, (u32)(last - first) * c);
          } else {
            for (i32 kw = 0; kw < g->filter_width; kw++) {
              i32 iw = left + kw * g->dilation_width;
              if (iw >= 0 && iw < g->width) add_into(plane + (u32)ih * row + (u32)iw * c, in + (u32)kw * c, c);
            }
          }
        }
      }
    }
  }
}

// A filter in the order that the blocked convolution reads: [out / block, in / block, tap, in % block, out % block], or
// [out / block, in, tap, out % block] when the input channels are too few to be blocked. `taps` are element offsets.
void EXPORT(block_filter)(const float *filter, float *out, const u32 *taps, u32 tap_count, u32 in_channels, u32 out_channels,
                          u32 in_stride, u32 out_stride, u32 block, i32 blocked_input) {
  u32 group = blocked_input ? block : 1;
  for (u32 ob = 0; ob < out_channels; ob += block) {
    u32 wide = out_channels - ob < block ? out_channels - ob : block;
    for (u32 ib = 0; ib < in_channels; ib += group) {
      for (u32 t = 0; t < tap_count; t++) {
        for (u32 i = ib; i < ib + group; i++, out += block) {
          if (i >= in_channels) {
            zero(out, block);
            continue;
          }
          const float *source = filter + taps[t] + i * in_stride + ob * out_stride;
          for (u32 o = 0; o < wide; o++) out[o] = source[o * out_stride];
          for (u32 o = wide; o < block; o++) out[o] = 0;
        }
      }
    }
  }
}

// Puts the image of one phase of a strided transposed convolution at every stride-th pixel.
void EXPORT(place_phase)(const float *phase, float *image, u32 batch, u32 phase_height, u32 phase_width, u32 height, u32 width,
                         u32 channels, u32 first_row, u32 first_column, u32 row_step, u32 column_step) {
  for (u32 n = 0; n < batch; n++) {
    for (u32 i = 0; i < phase_height; i++) {
      float *row = image + ((n * height + first_row + i * row_step) * width + first_column) * channels;
      for (u32 j = 0; j < phase_width; j++, row += column_step * channels, phase += channels) {
        if (channels % 4 == 0) {
          for (u32 c = 0; c < channels; c += 4) wasm_v128_store(row + c, wasm_v128_load(phase + c));
        } else {
          for (u32 c = 0; c < channels; c++) row[c] = phase[c];
        }
      }
    }
  }
}

// out[r, c] = activation(in[r, c] + bias[c]). `bias` may be null.
void EXPORT(bias_activation)(const float *in, const float *bias, float *out, u32 rows, u32 columns, i32 activation, float slope) {
  v128_t slopes = wasm_f32x4_splat(slope);
  for (u32 r = 0; r < rows; r++, in += columns, out += columns) {
    u32 c = 0;
    for (; c + 4 <= columns; c += 4) {
      v128_t value = wasm_v128_load(in + c);
      if (bias) value = wasm_f32x4_add(value, wasm_v128_load(bias + c));
      wasm_v128_store(out + c, activated(value, activation, slopes));
    }
    for (; c < columns; c++) {
      v128_t value = wasm_f32x4_splat(in[c] + (bias ? bias[c] : 0));
      out[c] = wasm_f32x4_extract_lane(activated(value, activation, slopes), 0);
    }
  }
}

// out[n, oh, ow, o] = sum of products[n, ih, iw, kh, kw, o] over the taps inside the image, for stride 1 and few channels o.
void EXPORT(sum_shifted)(const float *products, float *out, const Geometry *g, u32 out_channels, i32 images) {
  u32 pixel = (u32)g->filter_height * (u32)g->filter_width * out_channels;
  for (i32 n = 0; n < images; n++) {
    const float *plane = products + (u32)n * (u32)g->height * (u32)g->width * pixel;
    for (i32 oh = 0; oh < g->out_height; oh++) {
      float *row = out + ((u32)n * (u32)g->out_height + (u32)oh) * (u32)g->out_width * out_channels;
      zero(row, (u32)g->out_width * out_channels);
      for (i32 kh = 0; kh < g->filter_height; kh++) {
        i32 ih = oh - g->pad_top + kh * g->dilation_height;
        if (ih < 0 || ih >= g->height) continue;
        for (i32 kw = 0; kw < g->filter_width; kw++) {
          i32 shift = kw * g->dilation_width - g->pad_left;
          i32 first = shift < 0 ? -shift : 0;
          i32 last = g->width - shift < g->out_width ? g->width - shift : g->out_width;
          const float *tap = plane + (u32)ih * (u32)g->width * pixel + (u32)(kh * g->filter_width + kw) * out_channels;
          for (i32 ow = first; ow < last; ow++) {
            const float *source = tap + (u32)(ow + shift) * pixel;
            for (u32 o = 0; o < out_channels; o++) row[(u32)ow * out_channels + o] += source[o];
          }
        }
      }
    }
  }
}
