namespace CapacityMesh.Core.Kernel;

/// <summary>One thing wrong with one field of a request.</summary>
/// <param name="Field">Path of the field in JSON notation, such as <c>stages[0].pool</c>.</param>
/// <param name="Code">Typed reason, lower camel case.</param>
/// <param name="Text">One sentence for people.</param>
public sealed record FieldError(string Field, string Code, string Text);

/// <summary>Collects what is wrong with a request, so that the caller learns all of it at once.</summary>
public sealed class FieldErrors
{
    private readonly List<FieldError> errors = [];

    /// <summary>What was found, in the order of the checks.</summary>
    public IReadOnlyList<FieldError> All => errors;

    /// <summary>Whether nothing was found.</summary>
    public bool None => errors.Count == 0;

    /// <summary>Notes an error when <paramref name="holds"/> is false.</summary>
    public FieldErrors Require(bool holds, string field, string code, string text)
    {
        if (!holds) errors.Add(new FieldError(field, code, text));
        return this;
    }

    /// <summary>An id that users choose: 1 to 64 letters, digits, '-', '_', '.' or ':'.</summary>
    public FieldErrors RequireKey(string? value, string field) =>
        Require(IsKey(value), field, "invalidId", "An id has 1 to 64 letters, digits, '-', '_', '.' or ':'.");

    /// <summary>A name for people: not blank, at most <see cref="Limits.NameLengthMax"/> characters.</summary>
    public FieldErrors RequireName(string? value, string field) =>
        Require(!string.IsNullOrWhiteSpace(value) && value.Length <= Limits.NameLengthMax, field, "invalidName", "A name is not blank and has at most 200 characters.");

    /// <summary>Whether a text is an id that users may choose.</summary>
    public static bool IsKey(string? value) =>
        value is { Length: > 0 and <= Limits.KeyLengthMax } && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');
}
