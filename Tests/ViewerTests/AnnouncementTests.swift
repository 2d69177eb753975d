import Testing

@testable import Viewer

private let token = try? ViewerToken("0123456789abcdef")

private func announcement(
    host: String = "127.0.0.1", token: ViewerToken? = token, slug: String? = nil, _ environment: [String: String], opensBrowser: Bool = true,
    isMac: Bool = false
) -> Announcement {
    Announcement(
        host: host, port: 8041, token: token, slug: slug, environment: environment, machine: "node17", opensBrowser: opensBrowser, isMac: isMac)
}

@Suite struct AnnouncementTests {
    private static let address = "http://localhost:8041/?token=0123456789abcdef"

    @Test func `at a desk the browser is opened`() {
        for display in ["DISPLAY", "WAYLAND_DISPLAY"] {
            let announcement = announcement([display: ":0"])
            #expect(announcement.url == Self.address)
            #expect(announcement.notices == [])
            #expect(announcement.browser == "xdg-open")
        }
        #expect(announcement([:], isMac: true).browser == "open")
    }

    @Test func `without a display, or where nobody wants it, it is not`() {
        #expect(announcement([:]).browser == nil)
        #expect(announcement(["DISPLAY": ""]).browser == nil)
        #expect(announcement(["DISPLAY": ":0"], opensBrowser: false).browser == nil)
    }

    @Test func `over ssh the line to type and the address to open are shown, and no browser is opened here`() {
        let ssh = ["SSH_CONNECTION": "10.0.0.5 51234 10.0.0.9 22", "USER": "ada", "LOGNAME": "root", "DISPLAY": "localhost:10.0"]
        #expect(
            announcement(ssh).notices == [
                "From your own machine: ssh -L 8041:localhost:8041 ada@10.0.0.9", "Then open there: \(Self.address)",
            ])
        #expect(announcement(ssh).browser == nil)
        #expect(announcement(ssh, isMac: true).browser == nil)
        let odd = ["SSH_CONNECTION": "odd", "LOGNAME": "ada"]
        #expect(announcement(odd).notices.first == "From your own machine: ssh -L 8041:localhost:8041 ada@node17")
        #expect(announcement(["SSH_CONNECTION": "odd"]).notices.first == "From your own machine: ssh -L 8041:localhost:8041 node17")
    }

    @Test func `the graph to show is in the address, whatever its name`() {
        #expect(announcement(slug: "a b&c=é?", [:]).url == Self.address + "&slug=a%20b%26c%3D%C3%A9%3F")
        #expect(announcement(token: nil, slug: "dallas", [:]).url == "http://localhost:8041/?slug=dallas")
        #expect(announcement(token: nil, [:]).url == "http://localhost:8041/")
    }

    @Test func `what lets others in comes with a warning`() {
        #expect(
            announcement(token: nil, [:]).notices
                == ["Warning: without a token, every user of this machine can read and change the graphs and steer the model."])
        #expect(
            announcement(host: "0.0.0.0", token: nil, [:]).notices == [
                "Warning: anyone who can reach this machine at 0.0.0.0, port 8041, can read and change the graphs and steer the model."
            ])
        #expect(announcement(host: "0.0.0.0", [:]).notices.first?.hasPrefix("Warning: nothing is encrypted: ") == true)
        #expect(
            announcement(token: try? ViewerToken("0123456789abcde"), [:]).notices
                == ["Warning: a token of fewer than 16 characters can be guessed."])
    }

    @Test func `a page that is not the program's own is named`() {
        #expect(
            announcement(["CIRCUIT_TRACER_WEB": "Sources/Viewer/Web"]).notices == ["The page is read from Sources/Viewer/Web, as set by CIRCUIT_TRACER_WEB."])
        #expect(announcement(["CIRCUIT_TRACER_WEB": ""]).notices == [])
    }

    @Test func `other addresses are said as they are`() {
        #expect(announcement(host: "node17", [:]).url == Self.address.replacing("localhost", with: "node17"))
        #expect(announcement(host: "fe80::1", [:]).url == Self.address.replacing("localhost", with: "[fe80::1]"))
        #expect(announcement(host: "::1", [:]).url == Self.address)
    }
}
