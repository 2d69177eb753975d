// Products with weights as they are stored, which BLAS does not have. Weights are read once and widened once, whatever the number of
// rows: into registers for few rows, and into a panel in the second-level cache for more.

#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

typedef enum { ckernels_float32, ckernels_bfloat16, ckernels_float16 } ckernels_type;

/// A stored matrix `w[n][k]`, or its transpose: stored row `r` begins at element `r * stride`, or `rows[r] * stride` if there is a list.
/// `w[c][i]` is element `i` of stored row `c`, or element `c` of stored row `i` if `by_columns`. It need not be aligned.
typedef struct {
    const void *base;
    size_t stride;
    const int32_t *rows;
    ckernels_type type;
    int by_columns;
} ckernels_weights;

/// The number of columns that rows are cut into, and the floats from one row of such a block to the next. The distance is not a power of
/// two, so that the rows of a block do not compete for the same lines of a cache.
enum { ckernels_depth = 512, ckernels_row_stride = 528 };

/// Pieces of columns are best multiples of this, which the panels of every instruction set divide.
enum { ckernels_panel_step = 32 };

/// Up to this number of rows weights are not put in panels.
enum { ckernels_few_rows = 3 };

/// The most columns of a product: `ckernels_depth` terms of each take half of the second-level cache.
size_t ckernels_panel_columns(void);

/// The number of floats that the panels of `columns` take.
size_t ckernels_panel_count(size_t columns);

/// The number of floats that `ckernels_arrange` writes for `m` rows of `k`.
size_t ckernels_arranged_count(size_t m, size_t k);

/// Copies row `row` of `a[m][k]` to its places as a product needs it: `ckernels_depth` columns of all rows, then the next ones.
void ckernels_arrange(const float *a, size_t row, size_t m, size_t k, float *arranged);

/// `out[r][c] = sum over i < k of a[r][i] * w[c][i]` for `r < m`, `c < n`.
///
/// `a` is `m` of `a_rows` arranged rows. For more than `ckernels_few_rows`, `n` is at most `ckernels_panel_columns()` and `panels` has room for
/// `ckernels_panel_count(n)` floats; otherwise it is not used. The order of each sum depends only on `k`, on the instruction set, on
/// `by_columns`, and on whether there are few rows.
typedef void ckernels_product(
    const float *a, size_t a_rows, const ckernels_weights *w, float *out, size_t out_stride, size_t m, size_t n, size_t k, float *panels);

/// The kernels for one instruction set.
typedef struct {
    const char *name;
    ckernels_product *product;
} ckernels_set;

/// The sets that this CPU can run, the widest first; the last one runs on every CPU. NULL after the last.
const ckernels_set *ckernels_runnable(size_t index);

#endif
