// The transforms of Winograd's minimal filtering along one axis, for filters of 3 and of 2 and 4 outputs: of the input (Bt d), of the
// output (At m) and its adjoint (A y), of the filter (G g) and its adjoint (Gt u). Names as in Lavin and Gray 2016.
#pragma once
#include "kernels.h"

typedef v128_t V;
#define ADD wasm_f32x4_add
#define SUB wasm_f32x4_sub

// Factors lie in memory, where the compiler must not know them: V8 makes a constant vector anew at each use, in five instructions.
enum { P, Q, PP, QQ, SUM, PRODUCT, FP, FPP, FQ, FQQ, FACTORS };
#define SPLAT(x) {x, x, x, x}
#define POINTS(p, q)                                                                                            \
  SPLAT(p), SPLAT(q), SPLAT(p *p), SPLAT(q *q), SPLAT(p *p + q * q), SPLAT(p *p *q *q)
float winograd_factors_3[FACTORS][4] = {
    POINTS(0.70710678118654752, 1.41421356237309505),
    SPLAT(-1 / 1.5), SPLAT(-0.70710678118654752 / 1.5), SPLAT(1 / 6.0), SPLAT(1.41421356237309505 / 6)};
#define A 0.375
#define B 1.25
float winograd_factors_2[FACTORS][4] = {
    POINTS(A, B),
    SPLAT(1 / (2 * A * (A * A - B * B))), SPLAT(1 / (2 * (A * A - B * B))),
    SPLAT(1 / (2 * B * (B * B - A * A))), SPLAT(1 / (2 * (B * B - A * A)))};
#undef A
#undef B

#define TIMES(factor, v) wasm_f32x4_mul(wasm_v128_load(winograd_factors_3[factor]), v)

static inline void input_3(const V *d, V *v) {
  // P * P is 1/2, Q * Q is 2.
  V h1 = TIMES(PP, d[1]), h2 = TIMES(PP, d[2]), h3 = TIMES(PP, d[3]);
  V e1 = SUB(SUB(d[4], d[2]), d[2]), o1 = TIMES(P, SUB(SUB(d[3], d[1]), d[1]));
  V e2 = SUB(d[4], h2), o2 = TIMES(Q, SUB(d[3], h1));
  v[0] = ADD(d[0], SUB(e1, h2));
  v[1] = ADD(e1, o1);
  v[2] = SUB(e1, o1);
  v[3] = ADD(e2, o2);
  v[4] = SUB(e2, o2);
  v[5] = ADD(d[5], SUB(SUB(SUB(d[1], d[3]), d[3]), h3));
}

static inline void output_3(const V *m, V *y) {
  V s1 = ADD(m[1], m[2]), s2 = ADD(m[3], m[4]);
  V d1 = TIMES(P, SUB(m[1], m[2])), d2 = TIMES(Q, SUB(m[3], m[4]));
  y[0] = ADD(m[0], ADD(s1, s2));
  y[1] = ADD(d1, d2);
  y[2] = ADD(TIMES(PP, s1), TIMES(QQ, s2));
  y[3] = ADD(ADD(TIMES(PP, d1), TIMES(QQ, d2)), m[5]);
}

static inline void gradient_3(const V *y, V *m) {
  V e1 = ADD(y[0], TIMES(PP, y[2])), o1 = TIMES(P, ADD(y[1], TIMES(PP, y[3])));
  V e2 = ADD(y[0], TIMES(QQ, y[2])), o2 = TIMES(Q, ADD(y[1], TIMES(QQ, y[3])));
  m[0] = y[0];
  m[1] = ADD(e1, o1);
  m[2] = SUB(e1, o1);
  m[3] = ADD(e2, o2);
  m[4] = SUB(e2, o2);
  m[5] = y[3];
}

static inline void filter_3(const V *g, V *u) {
  V e1 = TIMES(FP, ADD(g[0], TIMES(PP, g[2]))), o1 = TIMES(FPP, g[1]);
  V e2 = TIMES(FQ, ADD(g[0], TIMES(QQ, g[2]))), o2 = TIMES(FQQ, g[1]);
  u[0] = g[0];
  u[1] = ADD(e1, o1);
  u[2] = SUB(e1, o1);
  u[3] = ADD(e2, o2);
  u[4] = SUB(e2, o2);
  u[5] = g[2];
}

static inline void filter_gradient_3(const V *u, V *g) {
  V s1 = TIMES(FP, ADD(u[1], u[2])), s2 = TIMES(FQ, ADD(u[3], u[4]));
  g[0] = ADD(u[0], ADD(s1, s2));
  g[1] = ADD(TIMES(FPP, SUB(u[1], u[2])), TIMES(FQQ, SUB(u[3], u[4])));
  g[2] = ADD(ADD(TIMES(PP, s1), TIMES(QQ, s2)), u[5]);
}

#undef TIMES
#define TIMES(factor, v) wasm_f32x4_mul(wasm_v128_load(winograd_factors_2[factor]), v)

static inline void input_2(const V *d, V *v) {
  V e1 = SUB(d[3], TIMES(QQ, d[1])), o1 = TIMES(P, SUB(d[2], TIMES(QQ, d[0])));
  V e2 = SUB(d[3], TIMES(PP, d[1])), o2 = TIMES(Q, SUB(d[2], TIMES(PP, d[0])));
  v[0] = ADD(e1, o1);
  v[1] = SUB(e1, o1);
  v[2] = ADD(e2, o2);
  v[3] = SUB(e2, o2);
  v[4] = ADD(SUB(d[4], TIMES(SUM, d[2])), TIMES(PRODUCT, d[0]));
}

static inline void output_2(const V *m, V *y) {
  V s1 = ADD(m[0], m[1]), s2 = ADD(m[2], m[3]);
  V d1 = TIMES(P, SUB(m[0], m[1])), d2 = TIMES(Q, SUB(m[2], m[3]));
  y[0] = ADD(s1, s2);
  y[1] = ADD(d1, d2);
  y[2] = ADD(TIMES(PP, s1), TIMES(QQ, s2));
  y[3] = ADD(ADD(TIMES(PP, d1), TIMES(QQ, d2)), m[4]);
}

static inline void gradient_2(const V *y, V *m) {
  V e1 = ADD(y[0], TIMES(PP, y[2])), o1 = TIMES(P, ADD(y[1], TIMES(PP, y[3])));
  V e2 = ADD(y[0], TIMES(QQ, y[2])), o2 = TIMES(Q, ADD(y[1], TIMES(QQ, y[3])));
  m[0] = ADD(e1, o1);
  m[1] = SUB(e1, o1);
  m[2] = ADD(e2, o2);
  m[3] = SUB(e2, o2);
  m[4] = y[3];
}

static inline void filter_2(const V *g, V *u) {
  V e1 = TIMES(FP, g[0]), o1 = TIMES(FPP, g[1]), e2 = TIMES(FQ, g[0]), o2 = TIMES(FQQ, g[1]);
  u[0] = ADD(e1, o1);
  u[1] = SUB(o1, e1);
  u[2] = ADD(e2, o2);
  u[3] = SUB(o2, e2);
  u[4] = g[1];
}

static inline void filter_gradient_2(const V *u, V *g) {
  g[0] = ADD(TIMES(FP, SUB(u[0], u[1])), TIMES(FQ, SUB(u[2], u[3])));
  g[1] = ADD(ADD(TIMES(FPP, ADD(u[0], u[1])), TIMES(FQQ, ADD(u[2], u[3]))), u[4]);
}
