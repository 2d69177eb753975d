import Testing

@testable import Viewer

private func announcement(
    host: String = "127.0.0.1", _ environment: [String: String], opensBrowser: Bool = true, isMac: Bool = false
) -> Announcement {
    Announcement(host: host, port: 8041, environment: environment, machine: "node17", opensBrowser: opensBrowser, isMac: isMac)
}

@Suite struct AnnouncementTests {
    @Test func `at a desk the browser is opened`() {
        for display in ["DISPLAY", "WAYLAND_DISPLAY"] {
            let announcement = announcement([display: ":0"])
            #expect(announcement.lines == ["Viewer: http://localhost:8041/"])
            #expect(announcement.browser == ["xdg-open", "http://localhost:8041/"])
        }
        #expect(announcement([:], isMac: true).browser == ["open", "http://localhost:8041/"])
    }

    @Test func `without a display, or where nobody wants it, it is not`() {
        #expect(announcement([:]).browser == nil)
        #expect(announcement(["DISPLAY": ""]).browser == nil)
        #expect(announcement(["DISPLAY": ":0"], opensBrowser: false).browser == nil)
    }

    @Test func `over ssh the line to type is shown, and no browser is opened here`() {
        let ssh = ["SSH_CONNECTION": "10.0.0.5 51234 10.0.0.9 22", "USER": "ada", "LOGNAME": "root", "DISPLAY": "localhost:10.0"]
        #expect(
            announcement(ssh).lines == [
                "Viewer: http://localhost:8041/", "From your own machine: ssh -L 8041:localhost:8041 ada@10.0.0.9",
            ])
        #expect(announcement(ssh).browser == nil)
        #expect(announcement(ssh, isMac: true).browser == nil)
        let odd = ["SSH_CONNECTION": "odd", "LOGNAME": "ada"]
        #expect(announcement(odd).lines.last == "From your own machine: ssh -L 8041:localhost:8041 ada@node17")
        #expect(announcement(["SSH_CONNECTION": "odd"]).lines.last == "From your own machine: ssh -L 8041:localhost:8041 node17")
    }

    @Test func `listening on other addresses comes with a warning`() {
        #expect(
            announcement(host: "0.0.0.0", [:]).lines == [
                "Viewer: http://localhost:8041/",
                "Warning: anyone who can reach this machine at 0.0.0.0, port 8041, can read and change the graphs and steer the model.",
            ])
        #expect(announcement(host: "node17", [:]).lines.first == "Viewer: http://node17:8041/")
        #expect(announcement(host: "fe80::1", [:]).lines.first == "Viewer: http://[fe80::1]:8041/")
        #expect(announcement(host: "::1", [:]).lines == ["Viewer: http://localhost:8041/"])
    }
}
