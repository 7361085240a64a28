using System.Globalization;
using System.Text.Json;
using System.Xml;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Simulation.WhatIf.Files;

/// <summary>
/// A value of a JSON document that people wrote, read strictly: unknown and doubled keys, wrong types and values out of range are noted with the path of
/// the field, all of them, and a value that may stand there is read on with.
/// </summary>
/// <param name="value">The value.</param>
/// <param name="path">Its path in JSON notation; empty at the top.</param>
/// <param name="errors">Where errors are noted.</param>
public sealed class Field(JsonElement value, string path, FieldErrors errors)
{
    /// <summary>Items of one list at most, unless its reader says otherwise.</summary>
    public const int ItemsMax = 5_000;

    /// <summary>Its path.</summary>
    public string Path => path;

    /// <summary>Where errors are noted.</summary>
    public FieldErrors Errors => errors;

    /// <summary>Keys of the object, in order; none when it is something else.</summary>
    public IReadOnlyList<string> Keys => value.ValueKind is JsonValueKind.Object ? [.. value.EnumerateObject().Select(p => p.Name)] : [];

    /// <summary>Notes every key that is not among the known ones, or that stands twice.</summary>
    public Field Only(params string[] known)
    {
        if (value.ValueKind is not JsonValueKind.Object)
        {
            Wrong("an object");
            return this;
        }
        foreach (var key in Keys.GroupBy(k => k))
        {
            if (!known.Contains(key.Key)) errors.Require(false, PathOf(Shown(key.Key)), "unknownKey", $"There is no such key here; known are {string.Join(", ", known)}.");
            else if (key.Count() > 1) errors.Require(false, PathOf(key.Key), "doubledKey", "The key stands here twice.");
        }
        return this;
    }

    /// <summary>A member; null when it is absent or null.</summary>
    public Field? Find(string name) =>
        value.ValueKind is JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null ? new Field(member, PathOf(name), errors) : null;

    /// <summary>A member that must be there; absent, it is noted and read as empty.</summary>
    public Field Need(string name)
    {
        if (Find(name) is { } found) return found;
        errors.Require(false, PathOf(name), "required", $"{name} is missing.");
        return new Field(default, PathOf(name), new FieldErrors());
    }

    /// <summary>Items of a list member; none when it is absent.</summary>
    public IReadOnlyList<Field> Items(string name, int most = ItemsMax)
    {
        if (Find(name) is not { } list) return [];
        return list.List(most);
    }

    /// <summary>As text of 1 to so many characters.</summary>
    public string Text(int most = Limits.NameLengthMax)
    {
        if (value.ValueKind is not JsonValueKind.String) return Wrong("text", "");
        var text = value.GetString()!;
        errors.Require(text.Length > 0 && text.Length <= most, path, "outOfRange", $"1 to {most} characters.");
        return text;
    }

    /// <summary>As an id.</summary>
    public string Key()
    {
        if (value.ValueKind is not JsonValueKind.String) return Wrong("text", "");
        errors.RequireKey(value.GetString(), path);
        return value.GetString()!;
    }

    /// <summary>As one of some words.</summary>
    public T Word<T>(params (string Word, T Value)[] words)
    {
        var text = value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        foreach (var (word, meaning) in words)
        {
            if (word == text) return meaning;
        }
        errors.Require(false, path, "unknownWord", $"One of {string.Join(", ", words.Select(w => w.Word))}.");
        return words[0].Value;
    }

    /// <summary>As true or false.</summary>
    public bool Flag() => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : Wrong("true or false", false);

    /// <summary>As a number between two, ends included.</summary>
    public decimal Number(decimal least, decimal most, string code = "outOfRange")
    {
        if (value.ValueKind is not JsonValueKind.Number) return Wrong("a number", least);
        var fits = value.TryGetDecimal(out var number) && number >= least && number <= most;
        errors.Require(fits, path, code, FormattableString.Invariant($"Between {least} and {most}."));
        return fits ? number : least;
    }

    /// <summary>As a whole number between two, ends included.</summary>
    public int Whole(int least, int most)
    {
        var number = Number(least, most);
        errors.Require(number == decimal.Truncate(number), path, "wrongType", "A whole number.");
        return (int)decimal.Truncate(number);
    }

    /// <summary>As a share of leads: 0 to 1.</summary>
    public decimal Rate() => Number(0, 1, "impossibleRate");

    /// <summary>As an instant, RFC 3339 with an offset.</summary>
    public DateTimeOffset Instant()
    {
        var text = value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
        // A local time without offset means another instant on every machine: it is no instant.
        var hasOffset = text.Length is >= 20 and <= 40 && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-');
        if (hasOffset && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)) return instant.ToUniversalTime();
        errors.Require(false, path, "invalidInstant", "An instant is RFC 3339 with an offset, such as 2026-11-21T09:30:00Z.");
        return DateTimeOffset.UnixEpoch;
    }

    /// <summary>As a duration: ISO 8601 in weeks, days, hours, minutes and seconds, above zero.</summary>
    public TimeSpan Duration()
    {
        var text = value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
        if (IsDuration(text, out var duration) && duration > TimeSpan.Zero && duration <= Limits.DurationMax) return duration;
        errors.Require(false, path, "invalidDuration", "A duration is ISO 8601 in weeks, days, hours, minutes and seconds, such as PT15M or P7D, above zero and at most ten years.");
        return TimeSpan.FromDays(1);
    }

    /// <summary>As money.</summary>
    public Money Money()
    {
        Only("amount", "currency");
        var amount = Need("amount");
        var money = new Money(amount.Amount(), Need("currency").Text(3));
        errors.Require(CampaignProfile.IsMoney(money), path, "invalidMoney", "An amount is not negative and below a billion; a currency has three capital letters.");
        return money;
    }

    /// <summary>Items of this list.</summary>
    public IReadOnlyList<Field> List(int most = ItemsMax)
    {
        if (value.ValueKind is not JsonValueKind.Array)
        {
            Wrong("a list");
            return [];
        }
        var length = value.GetArrayLength();
        errors.Require(length <= most, path, "tooMany", $"At most {most}, not {length}.");
        return [.. value.EnumerateArray().Take(most).Select((item, i) => new Field(item, $"{path}[{i}]", errors))];
    }

    private decimal Amount() =>
        value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out var number) ? number
        : value.ValueKind is JsonValueKind.String && decimal.TryParse(value.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var text) ? text
        : Wrong("an amount such as \"12.50\"", 0m);

    private static bool IsDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length is < 3 or > 40 || text[0] != 'P') return false;
        if (text[^1] == 'W') return int.TryParse(text[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var weeks) && weeks <= 1_000 && (duration = TimeSpan.FromDays(7 * weeks)) > TimeSpan.Zero;
        var time = text.IndexOf('T', StringComparison.Ordinal);
        // Years and months have no fixed length.
        if ((time < 0 ? text : text[..time]).AsSpan().IndexOfAny('Y', 'M') >= 0) return false;
        try
        {
            duration = XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            return false;
        }
    }

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    // A key that nobody knows may be anything: it is shown, not repeated at length.
    private static string Shown(string key) => key.Length <= Limits.KeyLengthMax ? key : key[..Limits.KeyLengthMax];

    private void Wrong(string expected) => errors.Require(false, path, "wrongType", $"This must be {expected}.");

    private T Wrong<T>(string expected, T instead)
    {
        Wrong(expected);
        return instead;
    }
}
