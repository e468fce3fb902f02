// Products of small matrices, done before a call into ONNX Runtime has begun.
#include "kernels.h"

// out[i, j] = sum over k of a[i * row_a + k * column_a] * b[k * row_b + j * column_b]
void EXPORT(small_product)(const float *a, const float *b, float *out, u32 rows, u32 inner, u32 columns, u32 row_a, u32 column_a,
                           u32 row_b, u32 column_b) {
  for (u32 i = 0; i < rows; i++, out += columns) {
    zero(out, columns);
    for (u32 k = 0; k < inner; k++) {
      float factor = a[i * row_a + k * column_a];
      const float *row = b + k * row_b;
      for (u32 j = 0; j < columns; j++) out[j] += factor * row[j * column_b];
    }
  }
}
