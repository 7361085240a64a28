namespace CapacityMesh.Simulation.Replay;

/// <summary>Which columns of the files hold what: <c>id=mql_id,at=first_contact_date,campaign=origin,won=won_date,person=sr_id</c>.</summary>
/// <param name="Id">The lead's id, in both files.</param>
/// <param name="At">When it came: a date or an instant.</param>
/// <param name="Campaign">Where it came from; may be blank.</param>
/// <param name="Won">In the deals: when it was won.</param>
/// <param name="Person">In the deals: who won it.</param>
public sealed record ColumnMap(string Id, string At, string Campaign, string Won, string Person)
{
    /// <summary>Columns with our own names.</summary>
    public static ColumnMap Default { get; } = new("id", "at", "campaign", "won", "person");

    /// <summary>The columns of the Olist marketing funnel files.</summary>
    public static ColumnMap Olist { get; } = new("mql_id", "first_contact_date", "origin", "won_date", "sr_id");

    /// <summary>Reads a map: <c>olist</c>, or pairs that change the default.</summary>
    /// <exception cref="FormatException">A pair is not of the form name=column, or the name is none of ours.</exception>
    public static ColumnMap Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Default;
        if (text == "olist") return Olist;
        var map = Default;
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = pair.Split('=', 2);
            if (parts.Length != 2 || parts[1].Length == 0) throw new FormatException($"'{pair}' is not of the form name=column.");
            map = parts[0] switch
            {
                "id" => map with { Id = parts[1] },
                "at" => map with { At = parts[1] },
                "campaign" => map with { Campaign = parts[1] },
                "won" => map with { Won = parts[1] },
                "person" => map with { Person = parts[1] },
                _ => throw new FormatException($"'{parts[0]}' is none of id, at, campaign, won, person."),
            };
        }
        return map;
    }
}
