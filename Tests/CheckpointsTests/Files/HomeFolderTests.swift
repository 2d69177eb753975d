import Testing

@testable import Checkpoints

@Suite struct HomeFolderTests {
    @Test(arguments: [("~", "/h"), ("~/a", "/h/a"), ("a/~", "a/~"), ("~root/a", "~root/a"), ("", "")])
    func `a tilde at the start is the home folder`(path: String, expanded: String) { #expect(path.expandingHome("/h") == expanded) }
}
