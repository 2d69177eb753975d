#include "CCurl.h"

#ifdef __linux__

// Foundation's requests go through libcurl, which needs 26 libraries more. Loading them would take a fifth of the program's start, and few
// sessions request anything. A program that contains Foundation calls these functions in place of libcurl's; they open it at the first call.
// Where Foundation is a library of its own, it finds libcurl itself, and these are left out.

#include <dlfcn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

static void *library(void) {
    static void *opened;
    // Opened twice by two threads it is the same.
    if (!opened) opened = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    return opened;
}

bool curl_is_there(void) { return library() != NULL; }

#define HIDDEN __attribute__((visibility("hidden")))

#define FORWARD(result, name, parameters, ...)                     \
    HIDDEN result name parameters {                                \
        static result(*own) parameters;                            \
        if (!own) own = (result(*) parameters)dlsym(library(), #name); \
        return own(__VA_ARGS__);                                   \
    }

// The last argument is a pointer or an integer, never a floating-point number, and is passed on as it came.
#define FORWARD_ANY(name, type)                                       \
    HIDDEN int name(void *handle, int key, ...) {                     \
        static int (*own)(void *, int, ...);                          \
        if (!own) own = (int (*)(void *, int, ...))dlsym(library(), #name); \
        va_list list;                                                 \
        va_start(list, key);                                          \
        type value = va_arg(list, type);                              \
        va_end(list);                                                 \
        return own(handle, key, value);                               \
    }

typedef void *P;
typedef const char *S;

FORWARD(int, curl_global_init, (long flags), flags)
FORWARD(S, curl_version, (void))
FORWARD(P, curl_version_info, (int age), age)
FORWARD(void, curl_free, (P memory), memory)
FORWARD(P, curl_easy_init, (void))
FORWARD(void, curl_easy_cleanup, (P handle), handle)
FORWARD(int, curl_easy_pause, (P handle, int mask), handle, mask)
FORWARD(S, curl_easy_strerror, (int code), code)
FORWARD_ANY(curl_easy_setopt, int64_t)
FORWARD_ANY(curl_easy_getinfo, P)
FORWARD(P, curl_multi_init, (void))
FORWARD(int, curl_multi_cleanup, (P multi), multi)
FORWARD(int, curl_multi_add_handle, (P multi, P handle), multi, handle)
FORWARD(int, curl_multi_remove_handle, (P multi, P handle), multi, handle)
FORWARD(int, curl_multi_assign, (P multi, int socket, P data), multi, socket, data)
FORWARD(int, curl_multi_socket_action, (P multi, int socket, int events, int *running), multi, socket, events, running)
FORWARD(P, curl_multi_info_read, (P multi, int *left), multi, left)
FORWARD_ANY(curl_multi_setopt, int64_t)
FORWARD(P, curl_slist_append, (P list, S text), list, text)
FORWARD(void, curl_slist_free_all, (P list), list)
FORWARD(P, curl_url, (void))
FORWARD(int, curl_url_get, (P url, int part, char **text, unsigned flags), url, part, text, flags)
FORWARD(int, curl_url_set, (P url, int part, S text, unsigned flags), url, part, text, flags)

#else

bool curl_is_there(void) { return true; }

#endif
