import TestSupport
import Testing

/// `#expect` shows no values where it has to await them.
func expect<Value: Equatable>(
    _ found: Value, is expected: Value, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found == expected, comment, sourceLocation: sourceLocation)
}

/// What the tests ask of the viewer's page. Nodes lie on a canvas: the page says where.
extension ChromiumPage {
    func waitForGraph() async throws {
        try await wait(until: "window.viewer?.state().graph && \(PageElement("node-count").script).textContent !== ''")
    }

    /// Where a node is drawn, scrolled to if need be; keys are the file's ids, but for an error with the id of a feature.
    func node(_ key: String) async throws -> PagePoint {
        let place = "viewer.nodeAt(\(key.quotedForScript))"
        try await wait(until: "\(place) !== null")
        try await run(
            """
            const scroller = \(PageElement("link-graph").script).closest(".scroller");
            const {left, right} = scroller.getBoundingClientRect();
            const {x} = \(place);
            if (x < left + 60 || x > right - 10) scroller.scrollLeft += x - (left + right) / 2;
            """)
        return try await evaluate(place)
    }

    func clickNode(_ key: String, holding modifiers: KeyModifiers = []) async throws {
        try await click(at: node(key), holding: modifiers)
    }

    func pin(_ keys: String...) async throws {
        for key in keys { try await clickNode(key, holding: .control) }
        for key in keys { try await wait(for: PageElement("subgraph-node", "data-id", key)) }
    }

    /// A part of the page's state.
    func state<Value: Decodable>(_ path: String, as: Value.Type = Value.self) async throws -> Value {
        try await evaluate("viewer.state().\(path)")
    }

    func pins() async throws -> [String] { try await state("annotations.pinnedIds") }

    func waitUntilSaved() async throws { try await wait(until: "viewer.state().saving.kind === 'saved'") }

    /// The scores' line takes its place a moment after the pins have changed.
    func waitForScores() async throws {
        try await wait(until: "viewer.state().scores !== null")
        try await frame()
    }

    /// The number a text holds.
    func number(_ element: PageElement) async throws -> Int {
        try await evaluate("Number(\(element.script).textContent.replace(/\\D/g, ''))")
    }

    /// An attribute of all rows in a list, from the top.
    func rows(_ list: PageElement, _ value: String = "each.dataset.id") async throws -> [String] {
        try await evaluate("[...\(list.script).querySelectorAll('[data-id]')].map((each) => \(value))")
    }
}
