#include "CKernels.h"

#include <stdint.h>
#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

// product.inc is the source for every instruction set and stored type. It is written in vectors of WIDTH floats and compiled once
// for each instruction set.

#define TARGET
#define WIDTH 4
#define SUFFIX portable
#include "product.inc"

/// A set and whether this CPU can run it.
typedef struct {
    ckernels_set set;
    int (*runs)(void);
} candidate;

#define CANDIDATE(suffix) {{#suffix, multiply_bfloat16_##suffix, multiply_float32_##suffix}, runs_##suffix}

static int runs_portable(void) { return 1; }

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2,fma")))
#define WIDTH 8
#define SUFFIX avx2
#include "product.inc"

#define TARGET __attribute__((target("avx512f,avx512bw,avx2,fma")))
#define WIDTH 16
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
