namespace CapacityMesh.Web.Auth;

/// <summary>A key as stored: everything but the key.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Note">What it is for.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="Expires">Until when; null means until it is deleted.</param>
/// <param name="Hash">SHA-256 of the key.</param>
/// <param name="BodyHash">Hash of the request that made it, when it came with an idempotency key.</param>
internal sealed record KeyRecord(string Id, Role Role, string? Note, DateTimeOffset CreatedAt, DateTimeOffset? Expires, string Hash, string? BodyHash);

/// <summary>From a key's hash to its record.</summary>
internal sealed record KeyOwner(string Workspace, string Id);
