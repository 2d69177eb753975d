#ifndef CVIEWERPAGE_H
#define CVIEWERPAGE_H
#include <stddef.h>

/// A file of the page, as it is in Sources/Viewer/Web.
struct viewer_file {
    const char *_Nonnull name;
    /// The file's text, followed by a zero byte.
    const unsigned char *_Nonnull text;
};

/// The file with this number, counted from 0; NULL after the last.
const struct viewer_file *_Nullable viewer_file(size_t number);

#endif
