using System.Text.Json;

namespace CapacityMesh.Web.Json;

/// <summary>A value that has the wrong form; the serializer adds the path of its field.</summary>
internal sealed class FieldFormatException(string code, string text) : JsonException(text)
{
    /// <summary>Typed reason, lower camel case.</summary>
    public string Code { get; } = code;
}
