namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>What came of a transaction, and when it is durable.</summary>
internal readonly record struct Written<T>(T Result, Task Durable);
