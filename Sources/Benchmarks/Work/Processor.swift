internal import Foundation

/// The processor of this machine.
package enum Processor {
    /// As it calls itself.
    package static let name: String = {
        #if os(Linux)
            let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
            return name(cpuinfo: lines) ?? "unknown processor"
        #else
            var size = 0
            guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 0 else { return "unknown processor" }
            var bytes = [UInt8](repeating: 0, count: size)
            guard sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else { return "unknown processor" }
            return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        #endif
    }()

    /// ARM's processors have numbers in place of a name.
    static func name(cpuinfo lines: [Substring]) -> String? {
        func value(_ key: String) -> String? {
            lines.first { $0.hasPrefix(key) }.flatMap { line in line.split(separator: ":", maxSplits: 1).last }
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        if let name = value("model name") { return name }
        guard let implementer = value("CPU implementer"), let part = value("CPU part") else { return nil }
        return "ARM implementer \(implementer), part \(part)"
    }
}
