using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Web.Json;

/// <summary>Money: <c>{"amount":"12.50","currency":"EUR"}</c>; an amount may come as a number, and always leaves as text.</summary>
internal sealed class MoneyJson : JsonConverter<Money>
{
    private const NumberStyles AmountStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartObject) throw Wrong();
        decimal? amount = null;
        string? currency = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isAmount = reader.ValueTextEquals("amount"u8);
            var isCurrency = reader.ValueTextEquals("currency"u8);
            reader.Read();
            if (isAmount) amount = ReadAmount(ref reader);
            else if (isCurrency) currency = reader.TokenType is JsonTokenType.String ? reader.GetString() : throw Wrong();
            else reader.Skip();
        }
        return amount is { } known && currency is { Length: 3 } ? new Money(known, currency) : throw Wrong();
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("amount"u8, value.Amount.ToString("0.00############", CultureInfo.InvariantCulture));
        writer.WriteString("currency"u8, value.Currency);
        writer.WriteEndObject();
    }

    private static decimal ReadAmount(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetDecimal(out var number) => number,
        JsonTokenType.String when decimal.TryParse(reader.GetString(), AmountStyle, CultureInfo.InvariantCulture, out var text) => text,
        _ => throw Wrong(),
    };

    private static FieldFormatException Wrong() => new("invalidMoney", "Money is {\"amount\":\"12.50\",\"currency\":\"EUR\"}.");
}
