internal import Foundation

/// Keys held while something is clicked, as the protocol numbers them.
package struct KeyModifiers: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    package static let alt = KeyModifiers(rawValue: 1)
    package static let control = KeyModifiers(rawValue: 2)
    package static let meta = KeyModifiers(rawValue: 4)
    package static let shift = KeyModifiers(rawValue: 8)
}

/// An element of a page: a literal is its `data-testid`.
package struct PageElement: ExpressibleByStringLiteral, CustomStringConvertible, Sendable {
    package let selector: String
    package init(selector: String) { self.selector = selector }
    package init(stringLiteral id: String) { selector = "[data-testid=\"\(id)\"]" }
    /// Of several with the same `data-testid`, the one with another attribute, as `data-id`.
    package init(_ id: String, _ attribute: String, _ value: String) {
        selector = "[data-testid=\"\(id)\"][\(attribute)=\"\(value)\"]"
    }

    /// The expression that finds it in the page.
    package var script: String { "document.querySelector(\(selector.quotedForScript))" }
    package var description: String { selector }
}

extension String {
    /// The text as a literal of JavaScript.
    package var quotedForScript: String { String(decoding: try! JSONEncoder().encode(self), as: UTF8.self) }
}

/// A point of a page's window, in CSS pixels from its upper left corner.
package struct PagePoint: Decodable, Sendable {
    package let x: Double
    package let y: Double
    package init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
}

extension ChromiumPage {
    // MARK: - Elements

    package func text(_ element: PageElement) async throws -> String { try await evaluate("\(element.script).textContent.trim()") }

    package func count(_ element: PageElement) async throws -> Int {
        try await evaluate("document.querySelectorAll(\(element.selector.quotedForScript)).length")
    }

    package func wait(for element: PageElement) async throws { try await wait(until: "\(element.script) !== null") }

    /// The middle of an element, scrolled into view; it must be there, visible, and not covered.
    package func point(_ element: PageElement) async throws -> PagePoint {
        struct Place: Decodable {
            let point: PagePoint?
            let problem: String?
        }
        try await wait(for: element)
        let place: Place = try await evaluate(
            """
            (() => {
              const element = \(element.script);
              element.scrollIntoView({block: "nearest", inline: "nearest", behavior: "instant"});
              const box = element.getBoundingClientRect();
              if (box.width === 0 || box.height === 0) return {problem: "it has no size"};
              const point = {x: box.x + box.width / 2, y: box.y + box.height / 2};
              const top = document.elementFromPoint(point.x, point.y);
              if (top === null) return {problem: `it lies outside the window, at ${point.x}, ${point.y}`};
              if (!element.contains(top) && !top.contains(element)) return {problem: `${top.outerHTML.slice(0, 120)} covers it`};
              return {point};
            })()
            """)
        guard let point = place.point else {
            throw ChromiumError.notClickable(element: element.description, reason: place.problem ?? "?")
        }
        return point
    }

    // MARK: - Pointer

    package func click(_ element: PageElement, holding modifiers: KeyModifiers = []) async throws {
        try await click(at: point(element), holding: modifiers)
    }

    package func click(at point: PagePoint, holding modifiers: KeyModifiers = []) async throws {
        try await hover(at: point, holding: modifiers)
        try await mouse("mousePressed", point, modifiers, count: 1)
        try await mouse("mouseReleased", point, modifiers, count: 1)
    }

    package func hover(at point: PagePoint, holding modifiers: KeyModifiers = []) async throws {
        try await mouse("mouseMoved", point, modifiers)
        // Nobody is so fast that a page has not answered the pointer's coming before its button is pressed.
        try await frame()
    }

    package func drag(from start: PagePoint, to end: PagePoint, steps: Int = 8) async throws {
        try await hover(at: start)
        try await mouse("mousePressed", start, count: 1)
        for step in 1...steps {
            let share = Double(step) / Double(steps)
            let point = PagePoint(x: start.x + share * (end.x - start.x), y: start.y + share * (end.y - start.y))
            try await mouse("mouseMoved", point, isPressed: true)
        }
        try await mouse("mouseReleased", end, count: 1)
    }

    private func mouse(
        _ type: String, _ point: PagePoint, _ modifiers: KeyModifiers = [], count: Int = 0, isPressed: Bool = false
    ) async throws {
        let hasButton = count > 0 || isPressed
        try await send(
            "Input.dispatchMouseEvent",
            [
                "type": type, "x": point.x, "y": point.y, "modifiers": modifiers.rawValue, "clickCount": count,
                "button": hasButton ? "left" : "none", "buttons": type == "mousePressed" || isPressed ? 1 : 0,
            ])
    }

    // MARK: - Keyboard

    /// Presses and releases a key, named as `KeyboardEvent.key` names it.
    package func press(_ key: String, holding modifiers: KeyModifiers = []) async throws {
        try await settle()
        try await keyboard("keyDown", key, modifiers)
        try await keyboard("keyUp", key, modifiers)
    }

    /// Holds a key down meanwhile.
    package func holding(_ key: String, _ body: () async throws -> Void) async throws {
        try await settle()
        try await keyboard("keyDown", key, [])
        try await body()
        try await settle()
        try await keyboard("keyUp", key, [])
    }

    /// Types at the caret, in place of what is selected.
    package func type(_ text: String) async throws {
        try await settle()
        try await send("Input.insertText", ["text": text])
    }

    /// Replaces the text of a field.
    package func fill(_ element: PageElement, _ text: String) async throws {
        try await wait(for: element)
        try await run("const field = \(element.script); field.focus(); field.select()")
        try await type(text)
    }

    /// Moves a slider, or writes a number, as a hand does: `input` all along, `change` at the end.
    package func set(_ element: PageElement, to value: Double) async throws {
        try await wait(for: element)
        try await run(
            """
            const field = \(element.script);
            field.value = "\(value)";
            for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, {bubbles: true}));
            """)
    }

    private func keyboard(_ type: String, _ key: String, _ modifiers: KeyModifiers) async throws {
        let named: [String: (code: Int, text: String?)] = [
            "Enter": (13, "\r"), "Tab": (9, nil), "Escape": (27, nil), "Backspace": (8, nil), "Delete": (46, nil),
            "ArrowLeft": (37, nil), "ArrowUp": (38, nil), "ArrowRight": (39, nil), "ArrowDown": (40, nil), "Home": (36, nil),
            "End": (35, nil), "/": (191, "/"),
        ]
        // Letters have the codes of their capitals.
        let (code, text) = named[key] ?? (Int(key.uppercased().unicodeScalars.first!.value), key)
        var parameters: [String: any Sendable] = [
            "type": type == "keyDown" && text == nil ? "rawKeyDown" : type, "key": key, "modifiers": modifiers.rawValue,
            "windowsVirtualKeyCode": code, "code": key.count > 1 ? key : key == "/" ? "Slash" : "Key\(key.uppercased())",
        ]
        // With Ctrl or Cmd held a letter is a command, not text.
        if type == "keyDown", modifiers.isDisjoint(with: [.control, .meta]) { parameters["text"] = text }
        try await send("Input.dispatchKeyEvent", parameters)
    }
}
