// Element-wise operations of one operand that need no transcendental function.
#include "kernels.h"

#define UNARY(NAME, IN, OUT, EXPRESSION)                                                                     \
  void EXPORT(NAME)(const IN *restrict in, OUT *restrict out, u32 n, float first, float second) {            \
    (void)first;                                                                                             \
    (void)second;                                                                                            \
    for (u32 i = 0; i < n; i++) { IN x = in[i]; out[i] = EXPRESSION; }                                       \
  }

UNARY(negate, float, float, -x)
UNARY(absolute, float, float, __builtin_fabsf(x))
UNARY(square, float, float, x *x)
UNARY(square_root, float, float, __builtin_sqrtf(x))
UNARY(reciprocal_square_root, float, float, 1 / __builtin_sqrtf(x))
UNARY(reciprocal, float, float, 1 / x)
UNARY(floor_of, float, float, __builtin_floorf(x))
UNARY(ceiling_of, float, float, __builtin_ceilf(x))
UNARY(round_to_even, float, float, __builtin_rintf(x))
UNARY(sign, float, float, x > 0 ? 1.0f : x < 0 ? -1.0f : 0.0f)
// The comparisons are turned so that not-a-number passes through, as Math.max and Math.min let it.
UNARY(relu, float, float, x < 0 ? 0.0f : x)
UNARY(relu6, float, float, x < 0 ? 0.0f : x > 6 ? 6.0f : x)
UNARY(clip, float, float, x < first ? first : x > second ? second : x)
UNARY(leaky_relu, float, float, x < 0 ? x *first : x)
UNARY(step, float, float, x > 0 ? 1.0f : x != x ? x : first)
UNARY(is_nan, float, u8, x != x)
UNARY(is_infinite, float, u8, __builtin_fabsf(x) == __builtin_inff())
UNARY(is_finite, float, u8, __builtin_fabsf(x) < __builtin_inff())
UNARY(logical_not, u8, u8, x == 0)
UNARY(bool_to_float, u8, float, (float)(x != 0))
UNARY(int32_to_float, i32, float, (float)x)
UNARY(float_to_bool, float, u8, x != 0)
UNARY(scale_and_shift, float, float, x *first + second)

void EXPORT(fill)(float *out, u32 n, float value) {
  for (u32 i = 0; i < n; i++) out[i] = value;
}

// out = condition ? a : b; `inner` elements of a and b belong to each condition.
void EXPORT(select_rows)(const u8 *condition, const float *a, const float *b, float *out, u32 n, u32 inner) {
  if (inner == 1) {
    for (u32 i = 0; i < n; i++) out[i] = condition[i] ? a[i] : b[i];
    return;
  }
  for (u32 i = 0; i < n; i++) copy(out + i * inner, (condition[i] ? a : b) + i * inner, inner);
}

// out += the sum of `addends` tensors that lie `size` elements apart.
void EXPORT(add_up)(const float *in, float *out, u32 n, u32 addends, u32 size) {
  for (u32 i = 0; i < addends; i++) add_into(out, in + i * size, n);
}

// out += in, for sums of many tensors.
void EXPORT(accumulate)(const float *in, float *out, u32 n) { add_into(out, in, n); }
