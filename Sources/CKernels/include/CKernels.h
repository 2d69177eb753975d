// The inner loops that BLAS has not: products of few rows with stored weights, which are read once, and widened in
// registers where they are bfloat16s. sgemm repacks them first, which costs more than the product.

#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>

/// `out[r][c] = sum over i < k of a[r][i] * w[c][i]` for `r < m`, `c < n`. Strides count elements from row to row, and `w` may
/// lie at any address. The order of each sum depends on `k` and on the instruction set alone.
typedef void ckernels_product(
    const float *a, size_t a_stride, const void *w, size_t w_stride, float *out, size_t out_stride, size_t m, size_t n, size_t k);

/// The kernels for one instruction set.
typedef struct {
    const char *name;
    /// For weights in bfloat16, and in float.
    ckernels_product *bfloat16, *float32;
} ckernels_set;

/// Those that this CPU can run, the widest first; the last one runs on every CPU. NULL past the last.
const ckernels_set *ckernels_runnable(size_t index);

#endif
