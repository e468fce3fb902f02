// Convolution in tiles of 4x4 outputs by Winograd's minimal filtering (Lavin and Gray 2016): Y = At [(G g Gt) . (Bt d B)] A,
// with 36 (filter 3x3) or 25 (2x2) multiplications where 144 or 64 are asked for. The points that the polynomials are
// evaluated at are chosen for small rounding errors: 0, +-sqrt(1/2), +-sqrt(2), infinity and +-3/8, +-5/4, infinity.
//
// A convolution of stride 2 is the sum of four of stride 1 over every other row and column, its `planes`.
// What is transformed lies as [position, tile, plane, channel], so that the products are one matrix product per position.
#include "winograd.h"

#define OUTPUTS 4
// Images have at most so many channels.
#define MAX_CHANNELS 2048

static const float zeros[MAX_CHANNELS];

typedef struct {
  // Of the images that are cut into tiles.
  i32 height, width, channels;
  // Planes per axis. Row j of plane b is row planes * j + b - pad_top of the image.
  i32 planes, pad_top, pad_left;
  i32 tile_rows, tile_columns;
  // Tiles that lie side by side in memory, and the first of these.
  i32 chunk, first_in_chunk;
} Tiling;

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
