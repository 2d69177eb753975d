// What Swift's module of the C library lacks.

#ifndef CHEAP_SHIM_H
#define CHEAP_SHIM_H

#include <stdlib.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

/// Gives memory that was freed back to the system. Only glibc keeps much.
static inline void heap_give_back(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

#endif
