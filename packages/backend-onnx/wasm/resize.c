// Resizing of [batch, height, width, channels] by tables: for every output row and column the source before, the source
// after and the weight of the latter. Nearest neighbour is the case of weight 0. The gradient adds along the same tables.
#include "kernels.h"

typedef struct {
  u32 batch, height, width, channels, out_height, out_width;
} Sizes;

void EXPORT(resize)(const float *in, float *out, const Sizes *s, const u32 *rows, const float *row_weights, const u32 *columns,
                    const float *column_weights) {
  u32 c = s->channels;
  for (u32 n = 0; n < s->batch; n++) {
    const float *image = in + n * s->height * s->width * c;
    for (u32 r = 0; r < s->out_height; r++) {
      const float *upper = image + rows[2 * r] * s->width * c, *lower = image + rows[2 * r + 1] * s->width * c;
      float down = row_weights[r];
      for (u32 q = 0; q < s->out_width; q++, out += c) {
        u32 before = columns[2 * q] * c, after = columns[2 * q + 1] * c;
        float right = column_weights[q];
        if (down == 0 && right == 0) {
          copy(out, upper + before, c);
          continue;
        }
        const float *tl = upper + before, *tr = upper + after, *bl = lower + before, *br = lower + after;
        float *restrict target = out;
        for (u32 i = 0; i < c; i++) {
          float top = tl[i] + (tr[i] - tl[i]) * right;
          float bottom = bl[i] + (br[i] - bl[i]) * right;
          target[i] = top + (bottom - top) * down;
        }
      }
    }
  }
}

void EXPORT(resize_gradient)(const float *dy, float *dx, const Sizes *s, const u32 *rows, const float *row_weights,
                             const u32 *columns, const float *column_weights) {
  u32 c = s->channels;
  zero(dx, s->batch * s->height * s->width * c);
  for (u32 n = 0; n < s->batch; n++) {
    float *image = dx + n * s->height * s->width * c;
    for (u32 r = 0; r < s->out_height; r++) {
      float *upper = image + rows[2 * r] * s->width * c, *lower = image + rows[2 * r + 1] * s->width * c;
      float down = row_weights[r];
      for (u32 q = 0; q < s->out_width; q++, dy += c) {
        u32 before = columns[2 * q] * c, after = columns[2 * q + 1] * c;
        float right = column_weights[q];
        if (down == 0 && right == 0) {
          add_into(upper + before, dy, c);
          continue;
        }
        scale_add_into(upper + before, dy, (1 - down) * (1 - right), c);
        scale_add_into(upper + after, dy, (1 - down) * right, c);
        scale_add_into(lower + before, dy, down * (1 - right), c);
        scale_add_into(lower + after, dy, down * right, c);
      }
    }
  }
}
