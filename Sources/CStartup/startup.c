#define _GNU_SOURCE
#include "CStartup.h"

#ifdef __linux__

#include <malloc.h>
#include <pthread.h>

// Whether OpenBLAS's threads run. It is absent in builds that hide it; those start their threads when they are loaded.
extern int blas_server_avail __attribute__((weak));

// Runs before the libraries' constructors.
static void hold(void) {
    if (&blas_server_avail) blas_server_avail = 1;
}

__attribute__((section(".preinit_array"), used)) static void (*const holdEarly)(void) = hold;

// Runs after the libraries' constructors.
__attribute__((constructor)) static void release(void) {
    if (&blas_server_avail) blas_server_avail = 0;
}

#endif

void startup_save_address_space(void) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 256 << 10);
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes)) return;
    pthread_attr_setstacksize(&attributes, 2 << 20);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
#endif
}
