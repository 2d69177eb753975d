#pragma once
#include <stdbool.h>

/// Whether the system has libcurl, as it must before anything is requested. Opens it.
bool curl_is_there(void);
