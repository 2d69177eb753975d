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
    func waitForGraph() async throws { try await wait(until: "viewer.state().graph") }

    /// Where a node is drawn, scrolled to if need be; keys are the file's ids, but for an error with the id of a feature.
    func node(_ key: String) async throws -> PagePoint {
        let place = "viewer.nodeAt(\(key.quotedForScript))"
        try await wait(until: "\(place) !== null")
        return try await evaluate(
            """
            (() => {
              const scroller = \(PageElement("link-graph").script).closest(".scroller");
              const {left, right} = scroller.getBoundingClientRect();
              const {x} = \(place);
              if (x < left + 60 || x > right - 10) scroller.scrollLeft += x - (left + right) / 2;
              return \(place);
            })()
            """)
    }

    /// Chooses a graph from the list.
    func choose(_ slug: String) async throws {
        try await run("const list = \(PageElement("graph-select").script); list.value = '\(slug)'; list.dispatchEvent(new Event('change'))")
    }

    func clickNode(_ key: String, holding modifiers: KeyModifiers = []) async throws {
        try await click(at: node(key), holding: modifiers)
    }

    func pin(_ keys: String...) async throws {
        for key in keys { try await clickNode(key, holding: .control) }
        for key in keys { try await wait(for: PageElement("subgraph-node", "data-id", key)) }
    }

    /// A part of the page's state, as it is drawn.
    func state<Value: Decodable>(_ path: String, as: Value.Type = Value.self) async throws -> Value {
        try await evaluate("viewer.state().\(path)")
    }

    func pins() async throws -> [String] { try await state("annotations.pinnedIds") }

    func waitUntilSaved() async throws {
        try await settle()
        try await wait(until: "viewer.state().saving.kind === 'saved'")
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
