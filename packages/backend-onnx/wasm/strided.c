// One copy for everything that only moves elements: transpose, slice, pad, concat, tile, reverse, broadcast.
#include "kernels.h"

#define STRIDED_COPY(NAME, TYPE)                                                                              \
  void EXPORT(NAME)(const TYPE *in, TYPE *out, i32 rank, const u32 *dims, const i32 *si, const i32 *so) {     \
    u32 index[MAX_RANK] = {0};                                                                                \
    u32 inner = dims[rank - 1];                                                                               \
    i32 step_in = si[rank - 1], step_out = so[rank - 1];                                                      \
    for (;;) {                                                                                                \
      if (step_in == 1 && step_out == 1) {                                                                    \
        __builtin_memcpy(out, in, inner * sizeof(TYPE));                                                      \
      } else if (step_in == 0 && step_out == 1) {                                                             \
        TYPE value = in[0];                                                                                   \
        for (u32 i = 0; i < inner; i++) out[i] = value;                                                       \
      } else {                                                                                                \
        for (u32 i = 0; i < inner; i++) out[(i32)i * step_out] = in[(i32)i * step_in];                        \
      }                                                                                                       \
      i32 axis = rank - 2;                                                                                    \
      for (; axis >= 0; axis--) {                                                                             \
        in += si[axis];                                                                                       \
        out += so[axis];                                                                                      \
        if (++index[axis] < dims[axis]) break;                                                                \
        in -= si[axis] * (i32)dims[axis];                                                                     \
        out -= so[axis] * (i32)dims[axis];                                                                    \
        index[axis] = 0;                                                                                      \
      }                                                                                                       \
      if (axis < 0) return;                                                                                   \
    }                                                                                                         \
  }

STRIDED_COPY(strided_copy, float)
STRIDED_COPY(strided_copy_bytes, u8)

// out[i, j, :] = in[i, indices[j], :]; the caller has checked the indices.
void EXPORT(gather_rows)(const float *in, const i32 *indices, float *out, u32 outer, u32 axis, u32 count, u32 inner) {
  for (u32 i = 0; i < outer; i++) {
    const float *rows = in + i * axis * inner;
    for (u32 j = 0; j < count; j++, out += inner) copy(out, rows + (u32)indices[j] * inner, inner);
  }
}

// out[ids[i], :] += in[i, :]; negative ids are dropped.
void EXPORT(scatter_add_rows)(const float *in, const i32 *ids, float *out, u32 count, u32 segments, u32 inner) {
  zero(out, segments * inner);
  for (u32 i = 0; i < count; i++) {
    if (ids[i] >= 0 && (u32)ids[i] < segments) add_into(out + (u32)ids[i] * inner, in + i * inner, inner);
  }
}

void EXPORT(one_hot)(const i32 *indices, float *out, u32 count, u32 depth, float on, float off) {
  for (u32 i = 0; i < count; i++, out += depth) {
    for (u32 j = 0; j < depth; j++) out[j] = off;
    if (indices[i] >= 0 && (u32)indices[i] < depth) out[indices[i]] = on;
  }
}
