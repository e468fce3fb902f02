// Element-wise operations of two operands with broadcasting. `rank`, `dims` and the strides (0 where an operand is
// broadcast) describe the output after neighbouring axes were merged; the last axis is the inner loop.
#include "kernels.h"

#define BINARY(NAME, IN, OUT, EXPRESSION)                                                                       \
  static void NAME##_row(const IN *restrict a, const IN *restrict b, OUT *restrict out, u32 n, i32 sa, i32 sb) { \
    if (sa == 1 && sb == 1) {                                                                                   \
      for (u32 i = 0; i < n; i++) { IN x = a[i], y = b[i]; out[i] = EXPRESSION; }                               \
    } else if (sa == 1) {                                                                                       \
      IN y = b[0];                                                                                              \
      for (u32 i = 0; i < n; i++) { IN x = a[i]; out[i] = EXPRESSION; }                                         \
    } else if (sb == 1) {                                                                                       \
      IN x = a[0];                                                                                              \
      for (u32 i = 0; i < n; i++) { IN y = b[i]; out[i] = EXPRESSION; }                                         \
    } else {                                                                                                    \
      IN x = a[0], y = b[0];                                                                                    \
      OUT value = EXPRESSION;                                                                                   \
      for (u32 i = 0; i < n; i++) out[i] = value;                                                               \
    }                                                                                                           \
  }                                                                                                             \
  void EXPORT(NAME)(const IN *a, const IN *b, OUT *out, i32 rank, const u32 *dims, const i32 *sa, const i32 *sb) { \
    u32 index[MAX_RANK] = {0};                                                                                  \
    u32 inner = dims[rank - 1];                                                                                 \
    for (;;) {                                                                                                  \
      NAME##_row(a, b, out, inner, sa[rank - 1], sb[rank - 1]);                                                 \
      out += inner;                                                                                             \
      i32 axis = rank - 2;                                                                                      \
      for (; axis >= 0; axis--) {                                                                               \
        a += sa[axis];                                                                                          \
        b += sb[axis];                                                                                          \
        if (++index[axis] < dims[axis]) break;                                                                  \
        a -= sa[axis] * (i32)dims[axis];                                                                        \
        b -= sb[axis] * (i32)dims[axis];                                                                        \
        index[axis] = 0;                                                                                        \
      }                                                                                                         \
      if (axis < 0) return;                                                                                     \
    }                                                                                                           \
  }

BINARY(add, float, float, x + y)
BINARY(subtract, float, float, x - y)
BINARY(multiply, float, float, x *y)
BINARY(divide, float, float, x / y)
BINARY(squared_difference, float, float, (x - y) * (x - y))
// As Math.max and Math.min: not-a-number in either operand wins.
BINARY(maximum, float, float, (x != x) ? x : (y != y) ? y : (x > y) ? x : y)
BINARY(minimum, float, float, (x != x) ? x : (y != y) ? y : (x < y) ? x : y)
BINARY(parametric_relu, float, float, x < 0 ? x *y : x)
BINARY(elu_gradient, float, float, y >= 0 ? x : x *(y + 1))
BINARY(equal, float, u8, x == y)
BINARY(not_equal, float, u8, x != y)
BINARY(less, float, u8, x < y)
BINARY(less_equal, float, u8, x <= y)
BINARY(greater, float, u8, x > y)
BINARY(greater_equal, float, u8, x >= y)
BINARY(logical_and, u8, u8, (x != 0) & (y != 0))
BINARY(logical_or, u8, u8, (x != 0) | (y != 0))
BINARY(add_int32, i32, i32, (i32)((u32)x + (u32)y))
BINARY(subtract_int32, i32, i32, (i32)((u32)x - (u32)y))
