using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;

namespace CapacityMesh.Journal.Tests;

// Goal: the reference implementation keeps the contract that it is the reference of. Method: the conformance suite.
public sealed class MemoryJournalTests : JournalContract
{
    protected override Task<IJournal> OpenAsync() => Task.FromResult<IJournal>(new MemoryJournal());
}
