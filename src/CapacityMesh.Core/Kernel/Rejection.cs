namespace CapacityMesh.Core.Kernel;

/// <summary>Why a command cannot be, as the caller sees it.</summary>
public enum RejectionKind
{
    /// <summary>There is no such entity.</summary>
    NotFound,
    /// <summary>Well formed, but the state does not allow it now.</summary>
    Conflict,
    /// <summary>The machine will never accept this content.</summary>
    Invalid,
}

/// <summary>
/// An expected "no". Every machine lists its rejections in order of descending precedence in one static class;
/// when several apply, the first is answered.
/// </summary>
/// <param name="Code">The typed reason, lower camel case; part of the wire contract.</param>
/// <param name="Kind">What the caller can do about it.</param>
/// <param name="Text">One sentence for people. Holds no personal data.</param>
public sealed record Rejection(string Code, RejectionKind Kind, string Text);

/// <summary>A reason that people and programs see beside a "waiting" or a decision.</summary>
/// <param name="Code">Typed, lower camel case.</param>
/// <param name="Text">One sentence for people. Holds no personal data.</param>
public sealed record Reason(string Code, string Text);
