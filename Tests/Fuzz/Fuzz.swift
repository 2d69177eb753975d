internal import Foundation
internal import Fuzzing

// `fuzz NAME FOLDER [options of libFuzzer]`: see docs/reliability.md. libFuzzer brings `main`, and calls these two
// (https://llvm.org/docs/LibFuzzer.html).

/// Set once, before the first input.
nonisolated(unsafe) private var reader: FuzzedReader?

/// Takes the reader's name out of the arguments, and puts what it knows into the folder: inputs to start from and a dictionary.
@_cdecl("LLVMFuzzerInitialize") func start(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
    let words = (1..<Int(count.pointee)).map { String(cString: arguments.pointee[$0]!) }
    guard words.count > 1, let named = FuzzedReader.all.first(where: { $0.name == words[0] }) else {
        print("Name a reader and a folder for its inputs. Readers: \(FuzzedReader.all.map(\.name).joined(separator: ", ")).")
        exit(2)
    }
    reader = named
    let folder = URL(filePath: words[1])
    do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (number, seed) in try named.seeds().enumerated() { try Data(seed).write(to: folder.appending(path: "seed-\(number)")) }
        try Data(named.dictionary.utf8).write(to: folder.appendingPathExtension("dict"))
    } catch {
        print("\(error)")
        exit(2)
    }
    // In the place of the name.
    arguments.pointee[1] = strdup("-dict=\(folder.path).dict")
    return 0
}

/// Reads one input; a fault ends the process, which libFuzzer takes down with the input.
@_cdecl("LLVMFuzzerTestOneInput") func read(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    if let fault = reader!.fault(reading: [UInt8](UnsafeBufferPointer(start: bytes, count: count))) { fatalError(fault) }
    return 0
}
