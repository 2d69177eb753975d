import Foundation
import Testing

@testable import Viewer

/// Layouts and figures, which need neither graph nor session (docs/http.md).
@Suite struct DrawingRouteTests {
    let example: ExampleFolder
    let client: Client

    init() throws {
        example = try ExampleFolder()
        client = Client(example.folder)
    }

    private struct Layout: Decodable {
        struct Place: Decodable { let x, y: Double }
        let width, height: Double
        let cards: [Place]
        let routes: [[[Double]]]
    }

    private func cards(_ count: Int) -> String {
        (0..<count).map { #"{"width": 100, "height": 30, "order": \#($0), "across": 0}"# }.joined(separator: ", ")
    }

    private func layout(height: Int) async throws -> Layout {
        let links = #"[{"source": 0, "target": 1}, {"source": 1, "target": 2}]"#
        let answer = await client.post("/api/layout", #"{"cards": [\#(cards(3))], "links": \#(links), "room": {"width": 600, "height": \#(height)}}"#)
        return try JSONDecoder().decode(Layout.self, from: Data(answer.body))
    }

    @Test func `cards are in ranks from the bottom, with routes between them`() async throws {
        let layout = try await layout(height: 160)
        #expect(layout.cards.map(\.x) == [0, 0, 0] && layout.width == 100)
        #expect(layout.cards[0].y + 30 == layout.height && layout.cards[2].y == 0)
        #expect(layout.routes == [[[50, layout.cards[0].y], [50, layout.cards[1].y + 30]], [[50, layout.cards[1].y], [50, 30]]])
    }

    @Test(arguments: [(0, 126.0), (126, 126), (150, 150), (180, 180), (9000, 270)])
    func `ranks are nearer in a low room and further apart in a high one`(_ height: Int, _ expected: Double) async throws {
        #expect(try await layout(height: height).height == expected)
    }

    private let figure = #"""
        {"prompt": "Fact: the capital", "target": "“ Austin”", "outputs": [{"token": " Austin", "before": 0.9}],
         "cards": [{"name": "a & b", "kind": "supernode", "layer": 0, "position": 1}, {"name": "c", "kind": "feature", "layer": 1, "position": 1}],
         "links": [{"source": 0, "target": 1, "weight": 0.25}]}
        """#

    @Test(arguments: ["light", "dark"]) func `a figure is an SVG in the theme that is asked for`(_ theme: String) async throws {
        let answer = await client.post("/api/figure", #"{"theme": "\#(theme)", "figure": \#(figure)}"#)
        #expect(answer.status == 200 && answer.field("Content-Type") == "image/svg+xml; charset=utf-8")
        #expect(answer.text.hasPrefix("<svg ") && answer.text.contains("<title>a &amp; b → c: 25%</title>"))
        #expect(answer.text.contains("fill=\"#ffffff\"/>") == (theme == "light"))
    }

    @Test(arguments: [
        (
            "layout", #"{"cards": [], "links": [{"source": 0, "target": 0}], "room": {"width": 1, "height": 1}}"#,
            #""links"[0] names card 0, but there are 0, counted from 0."#
        ),
        ("layout", #"{"cards": [], "links": [], "room": {"width": -1, "height": 1}}"#, "The size of the room must be from 0 to 10000, not -1.0."),
        (
            "layout", #"{"cards": [{"width": 20000, "height": 1, "order": 0, "across": 0}], "links": [], "room": {"width": 1, "height": 1}}"#,
            #"The size of "cards"[0] must be from 0 to 10000, not 20000.0."#
        ),
        ("figure", #"{"theme": "blue", "figure": {"prompt": "", "outputs": [], "cards": [], "links": []}}"#, #"The theme must be light or dark, not "blue"."#),
        (
            "figure",
            #"{"theme": "dark", "figure": {"prompt": "", "outputs": [], "links": [], "cards": [{"name": "", "kind": "x", "layer": 0, "position": 0}]}}"#,
            #"The kind of a card must be supernode, feature, error, token or logit, not "x"."#
        ),
        (
            "figure",
            #"{"theme": "dark", "figure": {"prompt": "", "outputs": [], "links": [], "cards": [{"name": "", "kind": "error", "layer": 0, "position": 0, "replaces": 3}]}}"#,
            #""cards"[0] replaces card 3, but there are 1, counted from 0."#
        ),
    ])
    func `what is wrong is said`(_ route: String, _ body: String, _ error: String) async {
        let answer = await client.post("/api/\(route)", body)
        #expect(answer.status == 400 && answer.error == error)
    }

    @Test func `a circuit of more than 500 cards is refused`() async {
        let answer = await client.post("/api/layout", #"{"cards": [\#(cards(501))], "links": [], "room": {"width": 600, "height": 100}}"#)
        #expect(answer.error == "A circuit may have up to 500 cards, not 501. Pin fewer nodes, or group them.")
    }
}
