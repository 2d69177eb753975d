package import Foundation

/// PyTorch's own file format, a zip archive of one pickle and the tensors' elements, which `torch.load` opens.
package enum TorchFile {
    /// Writes what `torch.save(value, url)` would; equal values give equal files.
    /// - Throws: `.unwritable`, `.notRegular`.
    /// - Complexity: O(elements). The elements of float tensors are not copied, and of `rows` one row at a time is in memory.
    package static func write(_ value: TorchValue, to url: URL) throws(CheckpointError) {
        let (pickle, storages) = TorchPickleWriter.pickle(value)
        try AtomicFile.write(to: url) { sink throws(CheckpointError) in
            var archive = ZipArchiveWriter(sink)
            // One folder of any name contains everything; PyTorch finds it by the first entry.
            try archive.add("archive/data.pkl", .bytes(pickle))
            try archive.add("archive/byteorder", .bytes(Array("little".utf8)))
            for (index, elements) in storages.enumerated() { try archive.add("archive/data/\(index)", elements) }
            try archive.add("archive/version", .bytes(Array("3\n".utf8)))
            try archive.finish()
        }
    }

    /// Hundreds of times as long as a graph's pickle, which does not contain the tensors.
    private static let pickleLimit = 1 << 22

    /// Reads what `torch.save` wrote. The pickle is interpreted, never run: anything that it names beyond tensors and plain values is
    /// refused by name, and tensors are read only on request. The checksum of everything read is compared.
    ///
    /// - Parameter isRecord: whether the caller knows the class of that module and name as a plain record.
    /// - Throws: `.unreadable`, `.notRegular`, `.zip`, `.torch`.
    package static func read(
        _ url: URL, isRecord: @escaping (_ module: String, _ name: String) -> Bool = { _, _ in false }
    ) throws(CheckpointError) -> TorchRecord {
        let archive = try ZipArchive(MappedFile(url: url))
        let members = Dictionary(uniqueKeysWithValues: archive.members.map { ($0.name, $0) })
        let name = "/data.pkl"
        let pickle = archive.members.first { $0.name.hasSuffix(name) && $0.name.dropLast(name.count).allSatisfy { $0 != "/" } }
        guard let pickle else { throw .torch(file: url, fault: .noPickle) }
        let folder = pickle.name.dropLast(name.count)
        guard pickle.byteCount <= pickleLimit else {
            throw .torch(file: url, fault: .pickleSize(byteCount: pickle.byteCount, limit: pickleLimit))
        }
        let big = "big".utf8
        if let order = members["\(folder)/byteorder"], order.byteCount == big.count,
            try archive.contents(of: order, comparesStored: true).withBytes({ $0.elementsEqual(big) })
        {
            throw .torch(file: url, fault: .byteOrder)
        }
        let bytes = try archive.contents(of: pickle, comparesStored: true).withBytes { Array($0) }
        do throws(TorchFault) {
            var reader = PickleReader(bytes, isRecord: isRecord) { key, type, count throws(TorchFault) in
                guard let member = members["\(folder)/data/\(key)"] else { throw .storage(key: key) }
                let (size, overflows) = count.multipliedReportingOverflow(by: type.byteCount)
                guard count >= 0, !overflows, size == member.byteCount else {
                    throw .storageSize(key: key, expected: overflows ? .max : size, found: member.byteCount)
                }
                return TorchStorage(key: key, elementType: type, count: count, archive: archive, member: member, file: url)
            }
            let value = try reader.read()
            var records = PickleRecords(reader.heap)
            return try records.record(value)
        } catch {
            throw .torch(file: url, fault: error)
        }
    }
}
