#pragma once
#include <cblas.h>

#ifdef __linux__

// Internal symbols of OpenBLAS, which its header does not declare. They are absent in builds that hide them.
extern void *blas_memory_alloc(int) __attribute__((weak));
extern void blas_memory_free(void *) __attribute__((weak));
extern int blas_server_avail __attribute__((weak));
extern int blas_num_threads __attribute__((weak));

/// Maps the buffers of `count` threads, at most 256, for later products.
static inline void openblas_take_buffers(int count) {
    void *buffers[256];
    if (!blas_memory_alloc || !blas_memory_free || count > 256) return;
    for (int i = 0; i < count; i++) buffers[i] = blas_memory_alloc(0);
    for (int i = 0; i < count; i++) blas_memory_free(buffers[i]);
}

/// Lets OpenBLAS use `threads` threads, which must not be more than it would use.
static inline void openblas_keep_to(int threads) {
    // Otherwise OpenBLAS would first start its default number of threads.
    if (&blas_server_avail && &blas_num_threads && !blas_server_avail) blas_num_threads = threads;
    openblas_set_num_threads(threads);
}

#else

static inline void openblas_take_buffers(int count) {}
static inline void openblas_keep_to(int threads) { openblas_set_num_threads(threads); }

#endif
