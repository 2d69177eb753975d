import Foundation
import TestSupport
import Testing

@testable import Workbench

@Suite struct ControlGroupsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func group(_ path: String, _ files: [String: String]) throws {
        let url = folder.url.appending(path: path)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: url.appending(path: name)) }
    }

    @Test func `the tightest of the groups around a process counts, without what it only caches`() throws {
        try group("slurm", ["memory.max": "4000\n", "memory.current": "1000\n", "memory.stat": "anon 400\nfile 600\n"])
        try group("slurm/job_7", ["memory.max": "2000\n", "memory.current": "900\n", "memory.stat": "anon 700\nfile 200\n"])
        try group("slurm/job_7/step_0", ["memory.max": "max\n", "memory.current": "900\n"])
        func left(_ path: String) -> Int? { ControlGroups(root: folder.url, membership: "0::\(path)\n").memoryLeft }
        #expect(left("/slurm/job_7/step_0") == 1300)
        #expect(left("/slurm") == 3600)
        #expect(left("/") == nil)
        // A path that only the host of a container has.
        #expect(left("/slurm/elsewhere/deep") == 3600)
    }

    @Test func `groups of version 1 are read too`() throws {
        let unlimited = "9223372036854771712\n"
        try group("memory", ["memory.limit_in_bytes": unlimited, "memory.usage_in_bytes": "5\n", "memory.stat": "cache 1\ntotal_cache 9000\n"])
        try group("memory/job", ["memory.limit_in_bytes": "1000\n", "memory.usage_in_bytes": "1200\n", "memory.stat": "cache 0\ntotal_cache 100\n"])
        let membership = "9:name=systemd:/\n4:cpu,memory:/job\n3:cpuset:/job\n0::/\n"
        #expect(ControlGroups(root: folder.url, membership: membership).memoryLeft == 0)
        #expect(ControlGroups(root: folder.url, membership: "4:cpu,memory:/\n0::/\n").memoryLeft == nil)
        #expect(ControlGroups(root: folder.url, membership: "").memoryLeft == nil)
    }
}
