#include "CKernels.h"

#include <stdint.h>
#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

// One source for every instruction set and stored type: product.inc is written in vectors of WIDTH floats, and compiled once for
// each.

#define TARGET
#define WIDTH 4
#define SUFFIX portable
#include "product.inc"

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2,fma")))
#define WIDTH 8
#define SUFFIX avx2
#include "product.inc"

#define TARGET __attribute__((target("avx512f,avx512bw,avx2,fma")))
#define WIDTH 16
#define SUFFIX avx512
#include "product.inc"

static ckernels_product *chosen(ckernels_product *portable, ckernels_product *avx2, ckernels_product *avx512) {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) return avx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? avx2 : portable;
}

#define CHOSEN(type) chosen(multiply_##type##_portable, multiply_##type##_avx2, multiply_##type##_avx512)

#else

#define CHOSEN(type) multiply_##type##_portable

#endif

void ckernels_multiply_bfloat16(
    const float *a, size_t a_stride, const void *w, size_t w_stride, float *out, size_t out_stride, size_t m, size_t n, size_t k) {
    CHOSEN(bfloat16)(a, a_stride, w, w_stride, out, out_stride, m, n, k);
}

void ckernels_multiply_float32(
    const float *a, size_t a_stride, const void *w, size_t w_stride, float *out, size_t out_stride, size_t m, size_t n, size_t k) {
    CHOSEN(float32)(a, a_stride, w, w_stride, out, out_stride, m, n, k);
}

void ckernels_multiply_bfloat16_portable(
    const float *a, size_t a_stride, const void *w, size_t w_stride, float *out, size_t out_stride, size_t m, size_t n, size_t k) {
    multiply_bfloat16_portable(a, a_stride, w, w_stride, out, out_stride, m, n, k);
}

void ckernels_multiply_float32_portable(
    const float *a, size_t a_stride, const void *w, size_t w_stride, float *out, size_t out_stride, size_t m, size_t n, size_t k) {
    multiply_float32_portable(a, a_stride, w, w_stride, out, out_stride, m, n, k);
}
