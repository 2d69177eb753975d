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

#define SET(suffix) {#suffix, multiply_bfloat16_##suffix, multiply_float32_##suffix}

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2,fma")))
#define WIDTH 8
#define SUFFIX avx2
#include "product.inc"

#define TARGET __attribute__((target("avx512f,avx512bw,avx2,fma")))
#define WIDTH 16
#define SUFFIX avx512
#include "product.inc"

static const ckernels_set sets[] = {SET(avx512), SET(avx2), SET(portable)};

static int runs(size_t index) {
    switch (index) {
    case 0: return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    case 1: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    default: return 1;
    }
}

#else

static const ckernels_set sets[] = {SET(portable)};

static int runs(size_t index) {
    (void)index;
    return 1;
}

#endif

const ckernels_set *ckernels_runnable(size_t index) {
    for (size_t set = 0; set < sizeof sets / sizeof *sets; set++) {
        if (runs(set) && index-- == 0) return &sets[set];
    }
    return NULL;
}
