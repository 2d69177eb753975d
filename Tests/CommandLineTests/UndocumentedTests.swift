import Foundation
import TestSupport
import Testing

/// `Tools/undocumented`, by which nothing public stays without a doc comment.
@Suite(.ownThreads) struct UndocumentedTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What it lists of a file of that text, and how it ends.
    private func list(_ text: String) throws -> (lines: [String], status: Int32) {
        try folder.write(text, to: "Sources/a.swift")
        let (process, output) = (Process(), Pipe())
        process.executableURL = Fixtures.root.appending(path: "Tools/undocumented")
        process.arguments = ["Sources"]
        process.currentDirectoryURL = folder.url
        process.standardOutput = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init), process.terminationStatus)
    }

    @Test func `every kind of public declaration is listed with its place`() throws {
        let found = try list(
            """
            import Foundation
            public import Testing
            public struct A: Sendable {
                public let a: Int, b = ["{": 1]
                public private(set) var c = 0
                public static var d: Int { 1 }
                @discardableResult
                public func e<T>(
                    _ t: T, u: () -> Void = { }
                ) throws -> T { t }
                public init(_ a: Int,
                    b: Int) { self.a = a }
                public subscript(index: Int) -> Int { index }
                public typealias F = Int
                var g = 0
                package func h() {}
                private struct I { public var j = 0 }
            }
            public enum K {
                case l, m(Int)
                indirect case n
                static let o = 0
            }
            public protocol P {
                associatedtype Q
                var r: Int { get }
                func s()
                init(t: Int)
            }
            public extension A {
                func u() {}
                private func v() {}
            }
            extension A {
                public func w() {}
                func x() {}
            }
            public func y() { func z() {}; enum Z { case z } }
            """)
        #expect(
            found.lines == [
                "3: struct A", "4: let a", "5: var c", "6: var d", "8: func e", "11: init(_ a:)", "13: subscript(index:)", "14: typealias F",
                "19: enum K", "20: case l", "21: case n", "24: protocol P", "25: associatedtype Q", "26: var r", "27: func s", "28: init(t:)",
                "31: func u", "35: func w", "38: func y",
            ].map { "Sources/a.swift:" + $0 } + ["19 public declarations without a doc comment"])
        #expect(found.status == 1)
    }

    @Test func `what has a doc comment is not listed`() throws {
        let found = try list(
            """
            /// A.
            @frozen
            public struct A {
                /// B.
                // And why.

                @available(macOS 15, *) public var b: Int {
                    get { 1 }
                }
                /** C. */
                public init() {}
                /// D, of two
                /// lines.
                #if os(Linux)
                public func d() {}
                #endif
            }
            /// E.
            public enum E: String { case f = "}" }
            """)
        #expect(found.lines == ["Sources/a.swift:19: case f", "1 public declaration without a doc comment"])
    }

    @Test func `what the standard library's protocols explain is not listed`() throws {
        let found = try list(
            """
            /// A.
            public struct A {
                public var description: String { "" }
                public let debugDescription: String
                public static func == (a: A, b: A) -> Bool { true }
                public static func < (a: A, b: A) -> Bool { true }
                public static func + (a: A, b: A) -> A { a }
                public func hash(into hasher: inout Hasher) {}
                public func hash(of text: String) {}
                public func encode(to encoder: any Encoder) throws {}
                public init(from decoder: any Decoder) throws {}
                public init(from text: String) {}
            }
            """)
        #expect(
            found.lines == [
                "Sources/a.swift:7: func +", "Sources/a.swift:9: func hash", "Sources/a.swift:12: init(from text:)",
                "3 public declarations without a doc comment",
            ])
    }

    @Test func `strings, comments and patterns are not taken for code`() throws {
        let found = try list(
            ##"""
            /// A.
            public struct A {
                /// B.
                public let b = "\(["{": "}"]["{"]!) { \" /*", c = #"{ " \#("}")"#, d = /[{"]\//
                /* public var e = 0 { */
                // public var f = 0
                private let g = """
                    public var h = 0 { " \("""
                        public var i = 0
                        """)
                    """
            }
            """##)
        #expect(found.lines == [] && found.status == 0)
    }

    @Test func `a file that is not understood is an error`() throws {
        let found = try list("public struct A {\n")
        #expect(found.lines.contains("Sources/a.swift: not understood: its braces or quotes do not match"))
        #expect(found.status == 2)
    }
}
