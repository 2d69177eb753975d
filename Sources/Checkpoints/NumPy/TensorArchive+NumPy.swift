internal import Dispatch
package import Foundation
internal import Synchronization

extension TensorArchive {
    /// Opens a NumPy archive, as `numpy.savez` and `numpy.savez_compressed` write them; the tensor `NAME` is its member
    /// `NAME.npy`.
    ///
    /// Stored arrays stay in the mapped file, in their stored type; their checksums are not compared, because that would read
    /// all of them. Of deflated arrays only the headers are inflated now, on all cores; the elements are inflated into memory
    /// of their own, and compared, when somebody asks for them or `inflateAll` is called.
    /// - Throws: `.unreadable`, `.notRegular`; `.zip` for the archive, `.numPy` for an array.
    /// - Complexity: O(members).
    package init(npz url: URL) throws(CheckpointError) {
        let archive = try ZipArchive(MappedFile(url: url))
        var tensors: [String: StoredTensor] = [:]
        for result in onAllCores(
            archive.members.count,
            { index throws(CheckpointError) in
                try StoredTensor(archive.members[index], of: archive, in: url)
            })
        {
            let tensor = try result.get()
            tensors[tensor.name] = tensor
        }
        self.init(files: [url], metadata: [:], tensors: tensors)
    }

    /// Inflates everything that is deflated, on all cores, so that later uses need not wait.
    /// - Throws: `.zip`.
    /// - Complexity: O(bytes) of the deflated tensors.
    package func inflateAll() throws(CheckpointError) {
        let deflated = tensors.values.filter(\.isDeflated)
        for result in onAllCores(deflated.count, { index throws(CheckpointError) in try deflated[index].bytes() }) { _ = try result.get() }
    }

    /// Opens a safetensors file or a NumPy archive, recognised by its first bytes.
    /// - Throws: what `init(safetensors:)` and `init(npz:)` throw.
    package init(contentsOf url: URL) throws(CheckpointError) {
        let isArchive = try MappedFile(url: url).withBytes { $0.starts(with: ZipArchive.signature) }
        if isArchive { try self.init(npz: url) } else { try self.init(safetensors: url) }
    }
}

/// The results of `body` for each number below `count`.
private func onAllCores<R: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws(CheckpointError) -> R
) -> [Result<R, CheckpointError>] {
    let made = Mutex([Result<R, CheckpointError>?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
        let result = Result { () throws(CheckpointError) in try body(index) }
        made.withLock { $0[index] = result }
    }
    return made.withLock { $0.compactMap(\.self) }
}

extension StoredTensor {
    private static let suffix = ".npy"

    fileprivate init(
        _ member: ZipArchive.Member, of archive: ZipArchive, in file: URL
    ) throws(CheckpointError) {
        func refused(_ fault: NumPyFault) -> CheckpointError { .numPy(file: file, member: member.name, fault: fault) }
        guard member.name.hasSuffix(Self.suffix) else { throw refused(.notAnArray) }
        // Most headers take 128 bytes.
        var beginning = try archive.beginning(of: member, count: 1 << 10)
        if beginning.withBytes({ NumPyHeader.byteCount($0) }) > beginning.count {
            beginning = try archive.beginning(of: member, count: NumPyHeader.byteLimit)
        }
        let header: NumPyHeader
        do throws(NumPyFault) {
            header = try beginning.withBytes { bytes throws(NumPyFault) in try NumPyHeader(bytes, fileByteCount: member.byteCount) }
        } catch {
            throw refused(error)
        }
        let elements: StoredContents =
            switch member.method {
            case .stored: .here(try archive.contents(of: member).dropFirst(header.byteCount))
            case .deflated: .deflated(DeflatedContents(member, of: archive, headerByteCount: header.byteCount))
            }
        self.init(
            name: String(member.name.dropLast(Self.suffix.count)), elementType: header.elementType, shape: header.shape,
            isColumnMajor: header.isColumnMajor, file: file, elements: elements)
    }
}
