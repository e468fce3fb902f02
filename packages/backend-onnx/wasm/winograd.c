// Convolution in tiles of 4x4 outputs by Winograd's minimal filtering (Lavin and Gray 2016): Y = At [(G g Gt) . (Bt d B)] A,
// with 36 (filter 3x3) or 25 (2x2) multiplications where 144 or 64 are asked for. The points that the polynomials are
// evaluated at are chosen for small rounding errors: 0, +-sqrt(1/2), +-sqrt(2), infinity and +-3/8, +-5/4, infinity.
//
// A convolution of stride 2 is the sum of four of stride 1 over every other row and column, its `planes`.
// What is transformed lies as [position, tile, plane, channel], so that the products are one matrix product per position.
#include "kernels.h"

#define OUTPUTS 4
// Images have at most so many channels.
#define MAX_CHANNELS 2048

static const float zeros[MAX_CHANNELS];

typedef struct {
  // The image, and its channels; the filter's or image's partner in the gradient has a call of its own.
  i32 height, width, channels;
  // Planes per axis. Row j of plane b is row planes * j + b - pad_top of the image.
  i32 planes, pad_top, pad_left;
  i32 tile_rows, tile_columns;
  // Tiles that lie side by side in memory, and the first of these.
  i32 chunk, first_in_chunk;
} Tiling;

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

// Two dimensions from one, columns first. LOAD is the number at row r, column c; STORE puts `value` there.
#define TWICE(TRANSFORM, FROM, TO, LOAD, STORE)              \
  do {                                                       \
    V between[TO][FROM];                                     \
    UNROLL for (u32 c = 0; c < (FROM); c++) {                \
      V from[FROM], to[TO];                                  \
      UNROLL for (u32 r = 0; r < (FROM); r++) from[r] = LOAD; \
      TRANSFORM(from, to);                                   \
      UNROLL for (u32 r = 0; r < (TO); r++) between[r][c] = to[r]; \
    }                                                        \
    UNROLL for (u32 r = 0; r < (TO); r++) {                  \
      V to[TO];                                              \
      TRANSFORM(between[r], to);                             \
      UNROLL for (u32 c = 0; c < (TO); c++) {                \
        V value = to[c];                                     \
        STORE;                                               \
      }                                                      \
    }                                                        \
  } while (0)
#define UNROLL _Pragma("clang loop unroll(full)")

// Where a tile lies: its image, and the place of its first pixel in plane `plane`.
typedef struct {
  i32 image, row, column;
} Place;

static inline Place place_of(const Tiling *g, i32 tile, i32 plane) {
  i32 tiles = g->tile_rows * g->tile_columns, index = tile % tiles;
  i32 row = OUTPUTS * (index / g->tile_columns), column = OUTPUTS * (index % g->tile_columns);
  return (Place){tile / tiles, g->planes * row + plane / g->planes - g->pad_top,
                 g->planes * column + plane % g->planes - g->pad_left};
}

// Where the size x size pixels of a tile's plane lie: in the image or, beyond its borders, at `outside`.
static inline void locate(const float **at, u32 size, const float *image, const float *outside, const Tiling *g, Place place) {
  const float *plane = image + (u32)(place.image * g->height * g->width) * (u32)g->channels;
  for (u32 i = 0; i < size; i++, place.row += g->planes) {
    i32 column = place.column;
    for (u32 j = 0; j < size; j++, column += g->planes) {
      u32 inside = place.row >= 0 && place.row < g->height && column >= 0 && column < g->width;
      *at++ = inside ? plane + (u32)(place.row * g->width + column) * (u32)g->channels : outside;
    }
  }
}

// Tiles first..first+count: the FROM x FROM pixels under a tile to TO x TO positions.
#define FORWARD(NAME, TRANSFORM, FROM, TO)                                                             \
  void EXPORT(NAME)(const float *image, float *out, const Tiling *g, i32 first, i32 count) {           \
    u32 channels = (u32)g->channels, planes = (u32)(g->planes * g->planes);                            \
    u32 position = (u32)g->chunk * planes * channels;                                                  \
    const float *at[(FROM) * (FROM)];                                                                  \
    float *target = out + (u32)(first - g->first_in_chunk) * planes * channels;                        \
    for (i32 tile = first; tile < first + count; tile++) {                                             \
      for (u32 plane = 0; plane < planes; plane++, target += channels) {                               \
        locate(at, FROM, image, zeros, g, place_of(g, tile, (i32)plane));                              \
        for (u32 i = 0; i < channels; i += 4)                                                          \
          TWICE(TRANSFORM, FROM, TO, wasm_v128_load(at[r * (FROM) + c] + i),                           \
                wasm_v128_store(target + (r * (TO) + c) * position + i, value));                       \
      }                                                                                                \
    }                                                                                                  \
  }

FORWARD(winograd_input_3, input_3, 6, 6)
FORWARD(winograd_input_2, input_2, 5, 5)
FORWARD(winograd_gradient_3, gradient_3, OUTPUTS, 6)
FORWARD(winograd_gradient_2, gradient_2, OUTPUTS, 5)

// Positions of tiles first..first+count to 4x4 pixels in each plane. `bias` may be null.
#define BACK(NAME, TRANSFORM, FROM)                                                                    \
  void EXPORT(NAME)(const float *in, float *image, const Tiling *g, i32 first, i32 count,              \
                    const float *bias, i32 activation, float slope) {                                  \
    u32 channels = (u32)g->channels, planes = (u32)(g->planes * g->planes);                            \
    u32 position = (u32)g->chunk * planes * channels;                                                  \
    float outside[MAX_CHANNELS];                                                                       \
    float *at[OUTPUTS * OUTPUTS];                                                                      \
    V slopes = wasm_f32x4_splat(slope);                                                                \
    const float *source = in + (u32)(first - g->first_in_chunk) * planes * channels;                   \
    for (i32 tile = first; tile < first + count; tile++) {                                             \
      for (u32 plane = 0; plane < planes; plane++, source += channels) {                               \
        locate((const float **)at, OUTPUTS, image, outside, g, place_of(g, tile, (i32)plane));         \
        if (!bias && activation == 0) {                                                                \
          for (u32 i = 0; i < channels; i += 4)                                                        \
            TWICE(TRANSFORM, FROM, OUTPUTS, wasm_v128_load(source + (r * (FROM) + c) * position + i),  \
                  wasm_v128_store(at[r * OUTPUTS + c] + i, value));                                    \
          continue;                                                                                    \
        }                                                                                              \
        for (u32 i = 0; i < channels; i += 4) {                                                        \
          V biases = wasm_v128_load((bias ? bias : zeros) + i);                                        \
          TWICE(TRANSFORM, FROM, OUTPUTS, wasm_v128_load(source + (r * (FROM) + c) * position + i),    \
                wasm_v128_store(at[r * OUTPUTS + c] + i, activated(ADD(value, biases), activation, slopes)));  \
        }                                                                                              \
      }                                                                                                \
    }                                                                                                  \
  }

BACK(winograd_output_3, output_3, 6)
BACK(winograd_output_2, output_2, 5)

// A filter [taps, taps, in, out] to [position, plane, in, out]; of each plane's in x out numbers, first..first+count.
// Plane (b, c) holds the taps (planes * i + b, planes * j + c).
#define FILTER(NAME, TRANSFORM, TAPS, SIZE)                                                            \
  void EXPORT(NAME)(const float *filter, float *out, u32 taps, u32 planes, u32 block, i32 turned,      \
                    u32 first, u32 count) {                                                            \
    u32 position = planes * planes * block;                                                            \
    for (u32 plane = 0; plane < planes * planes; plane++, out += block) {                              \
      const float *at[(TAPS) * (TAPS)];                                                                \
      for (u32 i = 0; i < (TAPS) * (TAPS); i++) {                                                      \
        u32 row = planes * (i / (TAPS)) + plane / planes, column = planes * (i % (TAPS)) + plane % planes; \
        u32 place = turned ? (TAPS) * (TAPS) - 1 - i : i;                                              \
        at[place] = row < taps && column < taps ? filter + (row * taps + column) * block : 0;          \
      }                                                                                                \
      for (u32 i = first; i < first + count; i += 4)                                                   \
        TWICE(TRANSFORM, TAPS, SIZE,                                                                   \
              at[r * (TAPS) + c] ? wasm_v128_load(at[r * (TAPS) + c] + i) : wasm_f32x4_const_splat(0), \
              wasm_v128_store(out + (r * (SIZE) + c) * position + i, value));                          \
    }                                                                                                  \
  }

FILTER(winograd_filter_3, filter_3, 3, 6)
FILTER(winograd_filter_2, filter_2, 2, 5)

static inline V sum_of(const float *in, u32 addends, u32 size) {
  V sum = wasm_v128_load(in);
  for (u32 i = 1; i < addends; i++) sum = ADD(sum, wasm_v128_load(in += size));
  return sum;
}

// The filter's gradient, first..first+count of each plane's in x out numbers, from the positions' products
// [position, plane, in, out], of which there are `addends` to be added up.
#define FILTER_GRADIENT(NAME, TRANSFORM, TAPS, SIZE)                                                   \
  void EXPORT(NAME)(const float *in, float *filter, u32 taps, u32 planes, u32 block, u32 addends,      \
                    u32 first, u32 count) {                                                            \
    u32 position = planes * planes * block, size = (SIZE) * (SIZE) * position;                         \
    for (u32 plane = 0; plane < planes * planes; plane++, in += block) {                               \
      for (u32 i = first; i < first + count; i += 4)                                                   \
        TWICE(TRANSFORM, SIZE, TAPS, sum_of(in + (r * (SIZE) + c) * position + i, addends, size), {    \
          u32 row = planes * r + plane / planes;                                                       \
          u32 column = planes * c + plane % planes;                                                    \
          if (row < taps && column < taps)                                                             \
            wasm_v128_store(filter + (row * taps + column) * block + i, value);                        \
        });                                                                                            \
    }                                                                                                  \
  }

FILTER_GRADIENT(winograd_filter_gradient_3, filter_gradient_3, 3, 6)
FILTER_GRADIENT(winograd_filter_gradient_2, filter_gradient_2, 2, 5)
