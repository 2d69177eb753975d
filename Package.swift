// swift-tools-version: 6.2
import PackageDescription

/// The settings of all targets: Swift 6 mode, and imports with explicit access levels.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one module. If `fixtures` is true, the suite's folder contains a folder `Fixtures`.
func tests(_ name: String, _ dependencies: Target.Dependency..., fixtures: Bool = false) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        exclude: fixtures ? ["Fixtures"] : [],
        swiftSettings: settings)
}

/// The commit that is built and its date, as `make` gives them: SwiftPM remembers what a manifest made of git's state, and would not look again.
let commit = Context.environment["CIRCUIT_TRACER_COMMIT"] ?? ""

let package = Package(
    name: "circuit-tracer",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "circuit-tracer", targets: ["circuit-tracer"]),
        // The library for programs that trace circuits.
        .library(name: "CircuitTracing", targets: ["CircuitTracing"]),
        // Only for tests.
        .library(name: "SystemFaults", type: .dynamic, targets: ["SystemFaults"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        // Level 0: external libraries.
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        // No pkgConfig: readline's .pc file carries -D flags that SwiftPM warns about and drops.
        .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"]), .brew(["readline"])]),
        .systemLibrary(name: "CHeap"),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        // Only for Linux; macOS has CommonCrypto.
        .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
        // Takes libcurl's place in a program that contains Foundation.
        .target(name: "CCurl"),

        // Levels 1 to 7: a module depends only on modules of lower levels (ARCHITECTURE.md).
        .target(name: "CKernels"),
        library("Tensors", "CHeap", "COpenBLAS", "CKernels"),
        library("JSON"),
        library("ShownText"),
        library("Layouts"),
        library("Figures", "Layouts", "ShownText"),
        library("Tokenization", "JSON"),
        library("Checkpoints", "JSON", "Tensors", "CZlib", .product(name: "Yams", package: "Yams")),
        library("Graphs", "Tensors"),
        library("Evidence", "Checkpoints", "Graphs", "JSON"),
        library("Downloads", "CCurl", "Checkpoints", "Evidence", .target(name: "CCrypto", condition: .when(platforms: [.linux]))),
        library("Transformers", "JSON", "Tensors", "Checkpoints"),
        library("Transcoders", "Tensors", "Checkpoints"),
        library("GraphFiles", "Graphs", "Checkpoints", "JSON", "Tensors"),
        library("Replacement", "Tensors", "Graphs", "Transformers", "Transcoders"),
        library("Attribution", "Tensors", "Graphs", "Transformers", "Transcoders", "Replacement"),
        library(
            "FeatureIndex", "Evidence", "Tensors", "Checkpoints", "Graphs", "JSON", "Transformers", "Transcoders", "Replacement",
            .product(name: "GRDB", package: "GRDB.swift")),
        library(
            "Workbench", "FeatureIndex", "Figures", "JSON", "Tensors", "Checkpoints", "Tokenization", "Graphs", "Transformers", "Transcoders",
            "Replacement", "Attribution", "GraphFiles", "Evidence", "Downloads"),
        library(
            "CircuitTracing", "Tensors", "Tokenization", "Graphs", "Transformers", "Transcoders", "Replacement", "Attribution", "GraphFiles",
            "Workbench"),
        library(
            "Console", "FeatureIndex", "Figures", "ShownText", "Workbench", "GraphFiles", "Attribution", "Checkpoints", "Downloads", "Evidence",
            "Replacement", "Graphs", "JSON", "CReadline"),
        library(
            "Benchmarks", "Attribution", "Checkpoints", "Downloads", "Graphs", "JSON", "Replacement", "Tensors", "Transcoders", "Transformers", "Workbench"),
        // The page's files, embedded; their sources are in Viewer/Web.
        .target(name: "CViewerPage"),
        .target(
            name: "Viewer",
            dependencies: [
                "Figures", "Layouts", "Workbench", "Evidence", "GraphFiles", "Graphs", "Checkpoints", "JSON", "Replacement", "Transformers", "CViewerPage",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["Web"], swiftSettings: settings),
        // Runs before the libraries' constructors, so only a program can contain it.
        .target(name: "CStartup"),
        .target(name: "CCommit", cSettings: commit.isEmpty ? [] : [.define("CIRCUIT_TRACER_COMMIT", to: "\"\(commit)\"")]),
        .executableTarget(
            name: "circuit-tracer",
            dependencies: [
                "Benchmarks", "CCommit", "CStartup", "Attribution", "Checkpoints", "Console", "Downloads", "FeatureIndex", "GraphFiles", "Graphs", "JSON",
                "Replacement",
                "Tensors",
                "Tokenization", "Viewer",
                "Workbench",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        .target(
            name: "TestSupport",
            dependencies: ["Tensors", "Checkpoints", "Downloads", "Graphs", "Transformers", "Transcoders", "Replacement", "Attribution"],
            path: "Tests/TestSupport", swiftSettings: settings),
        // The readers of untrusted data, for the tests and for `make fuzz`.
        .target(
            name: "Fuzzing",
            dependencies: [
                "Tensors", "Tokenization", "Checkpoints", "Evidence", "Graphs", "Transformers", "Transcoders", "Replacement", "GraphFiles", "Workbench",
                "Console", "Viewer",
                "TestSupport",
            ],
            path: "Tests/Fuzzing", exclude: ["Corpus"], swiftSettings: settings),
        .testTarget(name: "FuzzTests", dependencies: ["Fuzzing", "TestSupport"], swiftSettings: settings),
        // Tests preload this library to make system calls fail.
        .target(name: "SystemFaults", path: "Tests/SystemFaults"),
        tests("Benchmarks", "Checkpoints", "Replacement", "Tensors", "Transcoders", "Transformers", "Workbench"),
        tests("JSON"),
        tests("Layouts", "Tensors"),
        tests("Figures", "Layouts", "ShownText", "Tensors"),
        tests("Tensors"),
        tests("Tokenization", "JSON", fixtures: true),
        tests("Checkpoints", "JSON", "Tensors", fixtures: true),
        tests("Downloads", "Checkpoints", "Tensors"),
        tests("Graphs", "Tensors"),
        tests("Evidence", "Checkpoints", "Graphs", "JSON", fixtures: true),
        tests("GraphFiles", "Checkpoints", "Graphs", "JSON", "Tensors"),
        tests("Transcoders", "Tensors", "Checkpoints"),
        tests("Transformers", "Tensors", "Checkpoints", fixtures: true),
        tests("Replacement", "Tensors", "Checkpoints", "Graphs", "Transformers", "Transcoders"),
        tests("Attribution", "COpenBLAS", "Tensors", "Checkpoints", "Graphs", "Transformers", "Transcoders", "Replacement"),
        tests("FeatureIndex", "Evidence", "Graphs", "Tensors", "Transformers", "Transcoders", "Replacement"),
        tests("CircuitTracing"),
        tests("Console", "FeatureIndex", "Evidence", "Figures", "GraphFiles", "JSON", "ShownText", "Workbench", "Downloads", "Graphs", "Replacement"),
        tests(
            "Viewer", "Checkpoints", "CZlib", "Evidence", "Graphs", "GraphFiles", "Replacement", "Tensors", "Workbench",
            .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio")),
        .testTarget(
            name: "BrowserTests",
            dependencies: ["TestSupport", "Attribution", "Evidence", "Viewer", "Workbench", "GraphFiles", "Graphs", "Replacement", "Tensors"],
            swiftSettings: settings),
        .testTarget(
            name: "CommandLineTests", dependencies: ["circuit-tracer", "FeatureIndex", "GraphFiles", "TestSupport"], swiftSettings: settings),
        tests(
            "Workbench", "Evidence", "FeatureIndex", "Figures", "GraphFiles", "Tensors", "Checkpoints", "Graphs", "Replacement", "Attribution", "Tokenization",
            "Transcoders", "Transformers"),
    ],
    swiftLanguageModes: [.v6]
)

// The fuzz target has no `main` without libFuzzer's instrumentation.
if Context.environment["CIRCUIT_TRACER_FUZZ"] != nil {
    package.targets.append(.executableTarget(name: "fuzz", dependencies: ["Fuzzing"], path: "Tests/Fuzz", swiftSettings: settings))
}
