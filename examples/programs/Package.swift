// swift-tools-version: 6.2
import PackageDescription

// Small programs over the library, each the whole of what it shows. In a package of your own the dependency is
// `.package(url: "...", branch: "main")`, with the address that you cloned.
let package = Package(
    name: "examples",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "circuit-tracer", path: "../..")],
    targets: ["FirstGraph", "FirstIntervention"].map { name in
        .executableTarget(name: name, dependencies: [.product(name: "CircuitTracing", package: "circuit-tracer")], path: name)
    },
    swiftLanguageModes: [.v6]
)
