/// A directed graph drawn in ranks, sources below their targets, with links that go round the cards.
package struct LayeredLayout: Sendable, Equatable {
}
