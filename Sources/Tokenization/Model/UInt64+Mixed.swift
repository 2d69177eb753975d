extension UInt64 {
    /// A hash of this number, in which every bit depends on every bit (wyhash's step). `Hasher` would
    /// make reading a large tokenizer.json take a third longer.
    var mixed: UInt64 {
        let (high, low) = (self ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        return high ^ low
    }
}
