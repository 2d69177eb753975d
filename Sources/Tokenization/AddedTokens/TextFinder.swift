/// Finds, at each place of a text, the longest of many patterns that begins there, in one pass: Aho and Corasick's automaton
/// over the reversed patterns, run from the end of the text. A match that ends at a place, read backwards, begins there.
struct TextFinder: Sendable {
    /// The last bytes of one or more texts; node 0, the root, is not one of them.
    private struct Node {
        /// The same without their first byte.
        var parent: Int32
        /// The longest node that these bytes begin with.
        var fallback: Int32 = 0
        /// The longest of the texts that these bytes begin with; -1 where they begin with none.
        var text: Int32 = -1
        /// Their first byte.
        var byte: UInt8
    }

    private var nodes = [Node(parent: -1, byte: 0)]
    /// The nodes by parent and byte, except those that follow their parent in `nodes`, as nearly all do: a hash table, a power
    /// of two and at most half full; -1 where free.
    private var slots: [Int32]
    private let seed = UInt64.random(in: .min ... .max)
    /// Which bytes begin a text: most do not.
    private var isFirst = [Bool](repeating: false, count: 256)

    /// - Parameter texts: UTF-8, none empty; of equal ones the first counts.
    init(_ texts: [[UInt8]]) {
        // Each text leaves the path of another once at most.
        var size = 16
        while size < 2 * texts.count { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
        nodes.reserveCapacity(texts.reduce(1) { $0 + $1.count })
        for (index, text) in texts.enumerated() {
            isFirst[Int(text[0])] = true
            var node: Int32 = 0
            for byte in text.reversed() { node = child(of: node, byte) ?? add(to: node, byte) }
            if nodes[Int(node)].text < 0 { nodes[Int(node)].text = Int32(index) }
        }
        link()
    }

    /// Fills in what shorter nodes determine, shortest first.
    private mutating func link() {
        for node in byDepth() {
            let (parent, byte) = (nodes[Int(node)].parent, nodes[Int(node)].byte)
            if parent > 0 { nodes[Int(node)].fallback = next(nodes[Int(parent)].fallback, byte) }
            if nodes[Int(node)].text < 0 { nodes[Int(node)].text = nodes[Int(nodes[Int(node)].fallback)].text }
        }
    }

    /// The nodes but the root, the shortest first.
    private func byDepth() -> [Int32] {
        var depths = [Int32](repeating: 0, count: nodes.count)
        // A parent was made before its children.
        for node in nodes.indices.dropFirst() { depths[node] = depths[Int(nodes[node].parent)] + 1 }
        var starts = [Int](repeating: 0, count: Int(depths.max()!) + 2)
        for depth in depths.dropFirst() { starts[Int(depth) + 1] += 1 }
        for depth in starts.indices.dropFirst() { starts[depth] += starts[depth - 1] }
        var order = [Int32](repeating: 0, count: nodes.count - 1)
        for node in nodes.indices.dropFirst() {
            order[starts[Int(depths[node])]] = Int32(node)
            starts[Int(depths[node])] += 1
        }
        return order
    }

    /// The index of the longest text that begins at each byte of `text`, -1 for none; nil if none begins anywhere.
    /// - Complexity: O(bytes).
    func longest(in text: ArraySlice<UInt8>) -> [Int32]? {
        guard nodes.count > 1, text.contains(where: { isFirst[Int($0)] }) else { return nil }
        var found = [Int32](repeating: -1, count: text.count)
        var node: Int32 = 0
        for position in text.indices.reversed() {
            node = next(node, text[position])
            found[position - text.startIndex] = nodes[Int(node)].text
        }
        return found
    }

    private func next(_ node: Int32, _ byte: UInt8) -> Int32 {
        var node = node
        while true {
            if let child = child(of: node, byte) { return child }
            if node == 0 { return 0 }
            node = nodes[Int(node)].fallback
        }
    }

    private func child(of node: Int32, _ byte: UInt8) -> Int32? {
        let following = Int(node) + 1
        if following < nodes.count, nodes[following].parent == node, nodes[following].byte == byte { return Int32(following) }
        let child = slots[slot(of: node, byte)]
        return child < 0 ? nil : child
    }

    private mutating func add(to node: Int32, _ byte: UInt8) -> Int32 {
        let child = Int32(nodes.count)
        if child != node + 1 { slots[slot(of: node, byte)] = child }
        nodes.append(Node(parent: node, byte: byte))
        return child
    }

    /// Where the child is, or would go.
    private func slot(of node: Int32, _ byte: UInt8) -> Int {
        let key = UInt64(UInt32(bitPattern: node)) << 8 | UInt64(byte)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: (key ^ seed).mixed) & mask
        while slots[slot] >= 0 {
            let other = nodes[Int(slots[slot])]
            if other.parent == node, other.byte == byte { break }
            slot = (slot + 1) & mask
        }
        return slot
    }
}
