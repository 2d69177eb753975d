import Foundation
import Tensors
import TestSupport
import Testing

@testable import Attribution

@Suite struct KnownRowsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [true, false]) func `rows come back in the order of their features, without the columns of others`(_ inFile: Bool) throws {
        // Four features, of which 3 and 1 are visited, and two other sources.
        var known = try KnownRows(features: 4, columns: 6, count: 3, scratchIn: inFile ? folder.url : nil, largestInMemory: 0)
        // The file has no name.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
        known.append([3], Matrix(rows: 1, columns: 6, elements: [30, 31, 32, 33, 34, -35]))
        known.append([1], Matrix(rows: 1, columns: 6, elements: [10, 11, 12, 13, 14, 15]))
        #expect(known.visited == [3, 1] && known.sums == [195, 75] && Array(known[1]) == [10, 11, 12, 13, 14, 15])
        let edges = known.edges(targetRows: Matrix(rows: 1, columns: 6, elements: [1, 2, 3, 4, 5, 6]))
        #expect(edges == Matrix(rows: 3, columns: 4, elements: [11, 13, 14, 15, 31, 33, 34, -35, 2, 4, 5, 6]))
    }

    @Test func `a disk without room is an error that says so`() throws {
        let error = #expect(throws: ScratchError.self) {
            try KnownRows(features: 1, columns: 1 << 20, count: 1 << 38, scratchIn: folder.url, largestInMemory: 0)
        }
        let message = try #require(error).description
        #expect(message.hasPrefix("There is no room for a temporary file of 1152921504.6 GB in \(folder.url.path): "))
        #expect(message.hasSuffix("ask for fewer nodes with --max-feature-nodes."))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }
}
