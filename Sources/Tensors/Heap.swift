internal import CHeap

/// What the allocator keeps of memory that was freed.
package enum Heap {
    /// Gives it back to the system, where the allocator does not do so by itself: after matrices of megabytes glibc keeps as much again.
    package static func giveBack() { heap_give_back() }
}
