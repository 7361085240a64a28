using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CapacityMesh.Web.Capture.Platforms;

namespace CapacityMesh.Web.Feedback.Actuators.Clients;

/// <summary>JSON as platforms write it: our own conventions do not apply.</summary>
internal static class PlatformJson
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Writes a value with the names it has; what is null is left out.</summary>
    public static string Of(object value) => JsonSerializer.Serialize(value, Plain);

    /// <summary>A number, as number or text.</summary>
    public static decimal? AsNumber(this JsonElement element) =>
        decimal.TryParse(element.AsText(), NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A number as text, without needless digits.</summary>
    public static string Text(this decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>An id that stands alone in an address or a query: digits only, since anything else could mean something there.</summary>
    public static string Digits(string? id) => new([.. (id ?? "").Where(char.IsAsciiDigit)]);
}
