// Adam (Kingma and Ba 2015): one pass over parameter, gradient and both moments.
#include "kernels.h"

typedef struct {
  float beta1, rest1, beta2, rest2, rate, epsilon, decay, shrink;
} AdamConstants;

// `rest1` and `rest2` are 1 - beta, taken before rounding to 32 bits. With the bias corrections folded in: rate = learning rate * sqrt(1 - beta2^t) / (1 - beta1^t), epsilon * sqrt(1 - beta2^t).
// `decay` times the parameter is added to the gradient (L2); the parameter is multiplied by `shrink` first (decoupled decay).
void EXPORT(adam)(const float *restrict value, const float *restrict gradient, const float *restrict first,
                  const float *restrict second, float *restrict new_value, float *restrict new_first,
                  float *restrict new_second, u32 count, const AdamConstants *a) {
  float beta1 = a->beta1, rest1 = a->rest1, beta2 = a->beta2, rest2 = a->rest2, rate = a->rate, epsilon = a->epsilon, decay = a->decay, shrink = a->shrink;
  for (u32 i = 0; i < count; i++) {
    float g = gradient[i] + decay * value[i];
    float m = first[i] * beta1 + g * rest1;
    float v = second[i] * beta2 + g * g * rest2;
    new_first[i] = m;
    new_second[i] = v;
    new_value[i] = value[i] * shrink - rate * m / (__builtin_sqrtf(v) + epsilon);
  }
}

// The same on the parameter and the moments themselves: three streams of memory fewer.
void EXPORT(adam_in_place)(float *restrict value, const float *restrict gradient, float *restrict first,
                           float *restrict second, u32 count, const AdamConstants *a) {
  float beta1 = a->beta1, rest1 = a->rest1, beta2 = a->beta2, rest2 = a->rest2, rate = a->rate, epsilon = a->epsilon, decay = a->decay, shrink = a->shrink;
  for (u32 i = 0; i < count; i++) {
    float g = gradient[i] + decay * value[i];
    float m = first[i] * beta1 + g * rest1;
    float v = second[i] * beta2 + g * g * rest2;
    first[i] = m;
    second[i] = v;
    value[i] = value[i] * shrink - rate * m / (__builtin_sqrtf(v) + epsilon);
  }
}
