internal import Dispatch
public import Foundation
internal import Synchronization

extension TensorArchive {
    /// Opens a NumPy archive, as `numpy.savez` and `numpy.savez_compressed` write them; the tensor `NAME` is its member
    /// `NAME.npy`.
    ///
    /// Stored arrays stay in the mapped file, in their stored type; their checksums are not compared, which would read
    /// all of them. Deflated ones are inflated now, on all cores, each into memory of its own, and compared.
    /// - Throws: `.unreadable`, `.notRegular`; `.zip` for the archive, `.numPy` for an array.
    /// - Complexity: O(members), and O(bytes) of the deflated ones.
    public init(npz url: URL) throws(CheckpointError) {
        let archive = try ZipArchive(MappedFile(url: url))
        let opened = Mutex([Result<StoredTensor, CheckpointError>?](repeating: nil, count: archive.members.count))
        DispatchQueue.concurrentPerform(iterations: archive.members.count) { index in
            let result = Result { () throws(CheckpointError) in
                try StoredTensor(archive.members[index], of: archive, in: url)
            }
            opened.withLock { $0[index] = result }
        }
        var tensors: [String: StoredTensor] = [:]
        for result in opened.withLock({ $0 }) {
            if let tensor = try result?.get() { tensors[tensor.name] = tensor }
        }
        self.init(files: [url], metadata: [:], tensors: tensors)
    }

    /// Opens a safetensors file or a NumPy archive; its first bytes tell which.
    /// - Throws: what `init(safetensors:)` and `init(npz:)` throw.
    public init(contentsOf url: URL) throws(CheckpointError) {
        let isArchive = try MappedFile(url: url).withBytes { $0.starts(with: ZipArchive.signature) }
        if isArchive { try self.init(npz: url) } else { try self.init(safetensors: url) }
    }
}

extension StoredTensor {
    private static let suffix = ".npy"

    fileprivate init(
        _ member: ZipArchive.Member, of archive: ZipArchive, in file: URL
    ) throws(CheckpointError) {
        guard member.name.hasSuffix(Self.suffix) else {
            throw .numPy(file: file, member: member.name, fault: .notAnArray)
        }
        let contents = try archive.contents(of: member)
        let header: NumPyHeader
        do throws(NumPyFault) {
            header = try contents.withBytes(NumPyHeader.init)
        } catch {
            throw .numPy(file: file, member: member.name, fault: error)
        }
        self.init(
            name: String(member.name.dropLast(Self.suffix.count)), elementType: header.elementType, shape: header.shape,
            isColumnMajor: header.isColumnMajor, file: file, bytes: contents.dropFirst(header.byteCount))
    }
}
