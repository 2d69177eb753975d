internal import Tensors
package import Testing

/// Runs each test of a suite once with every set of kernels that this CPU can run, not only with the one it would take.
package struct EveryKernelSet: SuiteTrait, TestTrait, TestScoping {
    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        for kernels in Kernels.runnable {
            try await Kernels.$current.withValue(kernels, operation: function)
        }
    }
}

extension Trait where Self == EveryKernelSet {
    package static var everyKernelSet: EveryKernelSet { EveryKernelSet() }
}
