import Tensors

extension RandomBits {
    /// One to four bytes replaced, removed, inserted, doubled or cut off; half the time near `places`.
    mutating func damage(_ original: [UInt8], near places: [Range<Int>] = []) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let range = Bool.random(using: &self) ? places.randomElement(using: &self) : nil
            let place = min(Int.random(in: range ?? 0..<bytes.count, using: &self), bytes.count - 1)
            let extremes: [UInt8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF]
            switch Int.random(in: 0..<10, using: &self) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(UInt8.random(in: 0...255, using: &self), at: place)
            case 2: bytes.removeLast(Int.random(in: 1...bytes.count, using: &self))
            case 3: bytes.insert(contentsOf: bytes[place..<min(place + 16, bytes.count)], at: place)
            case 4...6: bytes[place] = extremes.randomElement(using: &self)!
            case 7: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            default: bytes[place] = UInt8.random(in: 0...255, using: &self)
            }
        }
        return bytes
    }
}
