internal import Checkpoints
package import Foundation
internal import JSON

/// A run's measurements, as a file keeps them for a later run to be compared with.
package struct BenchRecord: Sendable, Equatable {
    package let processor: String
    package let limits: MachineLimits
    package var measurements: [BenchFigure]

    package init(processor: String, limits: MachineLimits, measurements: [BenchFigure] = []) {
        self.processor = processor
        self.limits = limits
        self.measurements = measurements
    }

    /// - Throws: `CheckpointError` for a file that cannot be read or is not such a record.
    package init(reading url: URL) throws {
        let root = try JSONFile(url: url).root
        processor = try root.string("processor")
        limits = MachineLimits(memory: try root.number("memory_bytes_per_second"), products: try root.number("product_operations_per_second"))
        measurements = try root.objects("measurements").map { object in
            let name = try object.string("unit")
            guard let unit = BenchFigure.Unit(rawValue: name) else {
                throw CheckpointError.keyValue(
                    file: url, key: object.path(to: "unit"), found: name, allowed: BenchFigure.Unit.allCases.map(\.rawValue))
            }
            return BenchFigure(
                try object.string("subject"), try object.string("step"), unit, try object.number("value"), bound: try object.optionalNumber("bound"))
        }
    }

    /// - Throws: `CheckpointError` where it cannot be written.
    package func write(to url: URL) throws {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("processor")
            writer.string(processor)
            writer.key("memory_bytes_per_second")
            writer.number(limits.memory)
            writer.key("product_operations_per_second")
            writer.number(limits.products)
            writer.key("measurements")
            writer.array(measurements) { writer, measurement in
                writer.object { writer in
                    writer.key("subject")
                    writer.string(measurement.subject)
                    writer.key("step")
                    writer.string(measurement.step)
                    writer.key("unit")
                    writer.string(measurement.unit.rawValue)
                    writer.key("value")
                    writer.number(measurement.value)
                    writer.key("bound")
                    writer.optional(measurement.bound) { $0.number($1) }
                    writer.key("fraction")
                    writer.optional(measurement.fraction) { $0.number($1) }
                }
            }
        }
        try AtomicFile.write(writer.bytes + [0x0A], to: url)
    }

    // MARK: - Comparing

    /// The part of an earlier fraction that may be lost: timings differ by less between runs.
    package static let allowedLoss = 0.15

    /// A step of both runs.
    package struct Change: Sendable, Equatable {
        package let subject: String
        package let step: String
        package let before: Double
        package let now: Double

        package var isLoss: Bool { now < (1 - BenchRecord.allowedLoss) * before }
    }

    /// The fractions of the bounds that both runs have.
    package func changes(since earlier: BenchRecord) -> [Change] {
        let before = Dictionary(earlier.measurements.map { ([$0.subject, $0.step], $0.fraction) }) { $1 }
        return measurements.compactMap { measurement in
            guard let now = measurement.fraction, let before = before[[measurement.subject, measurement.step]] ?? nil else { return nil }
            return Change(subject: measurement.subject, step: measurement.step, before: before, now: now)
        }
    }
}
