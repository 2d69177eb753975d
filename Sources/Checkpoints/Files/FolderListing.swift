import Foundation

enum FolderListing {
    /// Throws if a folder exists without that file; a dangling link counts as the file.
    /// - Throws: `.missingFile`.
    static func expect(_ name: String, in folder: URL) throws(CheckpointError) {
        guard let names = try? names(in: folder), !names.contains(name) else { return }
        throw .missingFile(name: name, folder: folder)
    }

    /// The names in a folder, sorted, including hidden files.
    /// - Throws: `.unreadable`.
    static func names(in folder: URL) throws(CheckpointError) -> [String] {
        guard let stream = opendir(folder.path) else { throw .unreadable(file: folder, reason: .last) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
