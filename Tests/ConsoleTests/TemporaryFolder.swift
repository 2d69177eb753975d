#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Removes a folder with the files in it, and the folders in it with theirs. A link is removed, and what it leads to stays.
func removeFolder(_ path: String) {
    if !isLink(path), let folder = opendir(path) {
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { removeFolder(path + "/" + name) }
        }
        closedir(folder)
        rmdir(path)
    } else {
        unlink(path)
    }
}

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
