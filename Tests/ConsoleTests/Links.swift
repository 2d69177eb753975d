#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The permission bits of a file.
func mode(of path: String) -> mode_t {
    var information = stat()
    return stat(path, &information) == 0 ? information.st_mode & 0o777 : 0
}

func makeLink(_ path: String, to target: String) -> Bool { symlink(target, path) == 0 }

func isLink(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFLNK
}
