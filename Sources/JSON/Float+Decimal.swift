extension Float {
    /// The number that its shortest digits spell: 0.8, not the 64-bit value of a 32-bit 0.8.
    package var decimal: Double { Double(description)! }
}
