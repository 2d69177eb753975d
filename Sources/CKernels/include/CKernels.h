// The inner loops that BLAS does not have: products of few rows with stored weights. Weights are read once, and bfloat16s are
// widened in registers. sgemm would repack them first, which costs more than the product.

#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>

/// `out[r][c] = sum over i < k of a[r][i] * w[c][i]` for `r < m`, `c < n`. Strides count elements from row to row, and `w` need
/// not be aligned. The order of each sum depends only on `k` and on the instruction set.
typedef void ckernels_product(
    const float *a, size_t a_stride, const void *w, size_t w_stride, float *out, size_t out_stride, size_t m, size_t n, size_t k);

/// The kernels for one instruction set.
typedef struct {
    const char *name;
    /// The products with weights in bfloat16 and in 32-bit floats.
    ckernels_product *bfloat16, *float32;
} ckernels_set;

/// The sets that this CPU can run, the widest first; the last one runs on every CPU. NULL after the last.
const ckernels_set *ckernels_runnable(size_t index);

#endif
