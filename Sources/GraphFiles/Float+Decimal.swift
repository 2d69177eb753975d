extension Float {
    /// The number that its shortest digits spell: 0.8, not what a 32-bit 0.8 is in 64 bits.
    package var decimal: Double { Double(description)! }
}
