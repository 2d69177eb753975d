public import Foundation

/// PyTorch's own file format, a zip archive of one pickle and the tensors' elements, which `torch.load` opens.
public enum TorchFile {
    /// Writes what `torch.save(value, url)` would; equal values give equal files.
    /// - Throws: `.unwritable`, `.notRegular`.
    /// - Complexity: O(elements). The elements of float tensors are not copied.
    public static func write(_ value: TorchValue, to url: URL) throws(CheckpointError) {
        let (pickle, storages) = TorchPickleWriter.pickle(value)
        try AtomicFile.write(to: url) { sink throws(CheckpointError) in
            var archive = ZipArchiveWriter(sink)
            // One folder holds all, whatever its name; PyTorch finds it by the first entry.
            try archive.add("archive/data.pkl", .bytes(pickle))
            try archive.add("archive/byteorder", .bytes(Array("little".utf8)))
            for (index, elements) in storages.enumerated() { try archive.add("archive/data/\(index)", elements) }
            try archive.add("archive/version", .bytes(Array("3\n".utf8)))
            try archive.finish()
        }
    }
}
