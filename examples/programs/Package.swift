// swift-tools-version: 6.2
import PackageDescription

// Small programs that use the library. In your own package, set the path to the folder that you cloned.
let package = Package(
    name: "examples",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "circuit-tracer", path: "../..")],
    targets: ["FirstGraph", "FirstIntervention"].map { name in
        .executableTarget(name: name, dependencies: [.product(name: "CircuitTracing", package: "circuit-tracer")], path: name)
    },
    swiftLanguageModes: [.v6]
)
