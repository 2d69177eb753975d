import Foundation
import TestSupport
import Testing

@testable import circuit_tracer

#if os(Linux)
    /// The program where a shell's limits leave it less than it is used to.
    @Suite(.ownThreads) struct LimitsTests {
        private static let prompt = "Fact: the capital of the state containing Dallas is"

        private func attribute(megabytes: Int, _ options: String = "") throws -> Program {
            try Program(shell: "ulimit -v \(megabytes << 10); exec $CT -c 'prompt \(Self.prompt)' -c 'attribute \(options)'")
        }

        @Test func `too little address space is a sentence, whatever is left`() throws {
            for megabytes in [200, 230, 260, 300, 350, 400, 500, 700] {
                let program = try attribute(megabytes: megabytes)
                #expect([0, 1, 2].contains(program.status), "\(megabytes) MB: \(program.status) \(program.errors)")
                #expect(program.status == 0 || program.errors.contains("error: "), "\(megabytes) MB")
                #expect(!program.errors.contains("OpenBLAS"), "\(megabytes) MB")
            }
        }

        @Test func `a size that is said to fit does`() throws {
            var suggestions = 0
            for megabytes in stride(from: 420, to: 520, by: 4) {
                let errors = try attribute(megabytes: megabytes).errors
                guard let match = errors.firstMatch(of: /--max-feature-nodes (\d+) fits/) else { continue }
                suggestions += 1
                let again = try attribute(megabytes: megabytes, "--max-feature-nodes \(match.1)")
                #expect(again.status == 0, "\(megabytes) MB, \(match.1) nodes: \(again.errors)")
            }
            #expect(suggestions > 0)
        }

        @Test func `too few threads are a sentence`() throws {
            // Root has no such limit, and a user that runs nothing else may have 3.
            let words = geteuid() == 0 ? "--nproc=3 setpriv --reuid 54321 --clear-groups" : "--nproc=1"
            let program = try Program(shell: "exec prlimit \(words) $CT -c help")
            #expect(program.status == 2)
            #expect(program.errors.hasPrefix("error: 4 threads are needed, and "))
        }

        @Test func `threads that can be made are counted`() {
            #expect(Threads.available(upTo: 3) == 3)
        }
    }
#endif
