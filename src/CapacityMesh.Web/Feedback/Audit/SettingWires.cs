using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Audit;

/// <summary>What a connector lacks to call its platform.</summary>
internal static class SettingWires
{
    /// <summary>One missing wire for each secret of the token, and for the setting that a client asks for.</summary>
    /// <param name="connector">Which, opened.</param>
    /// <param name="of">What it is needed for: the first word of the code.</param>
    /// <param name="setting">What the client misses: <c>map.NAME</c> or <c>secrets.NAME</c>; null when nothing.</param>
    public static IEnumerable<ChannelWire> Of(Connector connector, string of, string? setting)
    {
        var missing = PlatformTokens.Missing(connector).Select(s => $"secret.{s}");
        if (setting is not null) missing = missing.Append(setting.Replace("secrets.", "secret.", StringComparison.Ordinal));
        return missing.Distinct().Select(m => new ChannelWire(Layer.Feedback, $"{of}.{m}", false, $"The connector {ChannelScope.ShortOf(connector.Id)} has no {m}: its platform cannot be called."));
    }
}
