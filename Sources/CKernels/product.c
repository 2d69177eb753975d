#include "CKernels.h"

#include <string.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <sys/sysctl.h>
#endif

/// The address of a stored row, whose elements have `size` bytes.
static inline const char *stored_row(const ckernels_weights *w, size_t row, size_t size) {
    return (const char *)w->base + (w->rows ? (size_t)w->rows[row] : row) * w->stride * size;
}

/// Weights that will be widened soon: `rows` stored rows, of each the `lines` lines of a cache from byte `offset` on. While other products
/// are computed, lines `from` to `to` of them are on their way from memory.
typedef struct {
    const ckernels_weights *weights;
    size_t first, rows, offset, lines, size, from, to;
} ahead;

/// The bytes of a line, and after how many terms of a block of sums more lines are asked for.
enum { LINE = 64, AHEAD_STEP = 16 };

/// The columns `c` to `n` for a block of terms from `start` on, of `k`; of these the share `part` of `parts`.
static inline ahead ahead_of(const ckernels_weights *w, size_t c, size_t n, size_t start, size_t k, size_t part, size_t parts) {
    if (start >= k) return (ahead){0};
    size_t size = w->type == ckernels_float32 ? 4 : 2, columns = n - c, terms = k - start < ckernels_depth ? k - start : ckernels_depth;
    ahead next = w->by_columns ? (ahead){w, start, terms, c * size, (columns * size + LINE - 1) / LINE, size, 0, 0}
                               : (ahead){w, c, columns, start * size, (terms * size + LINE - 1) / LINE, size, 0, 0};
    next.from = next.rows * next.lines * part / parts;
    next.to = next.rows * next.lines * (part + 1) / parts;
    return next;
}

/// Asks for the share of them that belongs to `AHEAD_STEP` terms from `term` on.
static inline __attribute__((always_inline)) void ask_ahead(const ahead *next, size_t term) {
    size_t steps = ckernels_depth / AHEAD_STEP, step = term / AHEAD_STEP, all = next->to - next->from;
    for (size_t each = next->from + all * step / steps; each < next->from + all * (step + 1) / steps; each++) {
        const char *row = stored_row(next->weights, next->first + each / next->lines, next->size);
        __builtin_prefetch(row + next->offset + each % next->lines * LINE, 0, 2);
    }
}

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

/// With more rows than this, panels are worth their writing.
#define FEW ckernels_few_rows

/// Floats between panels: a line of a cache.
#define PANEL_GAP 16

// product.inc is the source for every instruction set. It is written in vectors of WIDTH floats and compiled once for each.

#define TARGET
#define WIDTH 4
#if defined(__aarch64__)
#define BLOCK 12
#else
#define BLOCK 6
#endif
#define SUFFIX portable
#include "product.inc"

/// A set and whether this CPU can run it.
typedef struct {
    ckernels_set set;
    int (*runs)(void);
} candidate;

#define CANDIDATE(suffix) {{#suffix, product_##suffix}, runs_##suffix}

static int runs_portable(void) { return 1; }

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2,fma")))
#define WIDTH 8
#define BLOCK 6
#define SUFFIX avx2
#include "product.inc"

#define TARGET __attribute__((target("avx512f,avx512bw,avx2,fma")))
#define WIDTH 16
#define BLOCK 12
#define SUFFIX avx512
#include "product.inc"

static int runs_avx512(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw"); }
static int runs_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

static const candidate candidates[] = {CANDIDATE(avx512), CANDIDATE(avx2), CANDIDATE(portable)};

#else

static const candidate candidates[] = {CANDIDATE(portable)};

#endif

const ckernels_set *ckernels_runnable(size_t index) {
    for (size_t each = 0; each < sizeof candidates / sizeof *candidates; each++) {
        if (candidates[each].runs() && index-- == 0) return &candidates[each].set;
    }
    return NULL;
}

/// The size of a core's second-level cache in bytes; 0 if the system does not say.
static size_t second_level_cache(void) {
#if defined(__APPLE__)
    size_t bytes = 0, length = sizeof bytes;
    return sysctlbyname("hw.l2cachesize", &bytes, &length, NULL, 0) == 0 ? bytes : 0;
#elif defined(_SC_LEVEL2_CACHE_SIZE)
    long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
    return bytes > 0 ? (size_t)bytes : 0;
#else
    return 0;
#endif
}

size_t ckernels_panel_columns(void) {
    size_t columns = second_level_cache() / 2 / (ckernels_depth * sizeof(float)) / ckernels_panel_step * ckernels_panel_step;
    return columns < 64 ? 64 : columns > 512 ? 512 : columns;
}

size_t ckernels_panel_count(size_t columns) {
    size_t rounded = (columns + ckernels_panel_step - 1) / ckernels_panel_step * ckernels_panel_step;
    // The narrowest panels have 8 columns.
    return rounded * ckernels_depth + rounded / 8 * PANEL_GAP;
}

size_t ckernels_arranged_count(size_t m, size_t k) { return (k + ckernels_depth - 1) / ckernels_depth * m * ckernels_row_stride; }

void ckernels_arrange(const float *a, size_t row, size_t m, size_t k, float *arranged) {
    for (size_t start = 0; start < k; start += ckernels_depth, arranged += m * ckernels_row_stride) {
        size_t depth = k - start < ckernels_depth ? k - start : ckernels_depth;
        memcpy(arranged + row * ckernels_row_stride, a + row * k + start, depth * sizeof *a);
    }
}
