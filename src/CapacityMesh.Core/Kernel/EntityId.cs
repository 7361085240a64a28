namespace CapacityMesh.Core.Kernel;

/// <summary>The seven machines. The name, in lower camel case, is part of every stored id.</summary>
public enum EntityKind
{
    /// <summary>Identity: which lead is this person.</summary>
    Contact,
    /// <summary>A lead's journey.</summary>
    Lead,
    /// <summary>One person's capacity.</summary>
    Salesperson,
    /// <summary>One delivery slot.</summary>
    DeliverySlot,
    /// <summary>The queue in front of one resource.</summary>
    Pool,
    /// <summary>Money, outcomes and the spend signal of one campaign.</summary>
    Campaign,
    /// <summary>Counts, headroom, gate, constraint and spend plan of one workspace.</summary>
    Flow,
}

/// <summary>Names one entity. Equal ids mean the same entity on every host.</summary>
/// <param name="Workspace">The tenant; nothing crosses it.</param>
/// <param name="Kind">Which machine.</param>
/// <param name="Key">Unique within the workspace and kind; 1 to <see cref="Limits.KeyLengthMax"/> characters.</param>
public readonly record struct EntityId(string Workspace, EntityKind Kind, string Key)
{
    private static readonly string[] Names = ["contact", "lead", "salesperson", "deliverySlot", "pool", "campaign", "flow"];

    /// <summary>The stored name of a kind.</summary>
    public static string NameOf(EntityKind kind) => Names[(int)kind];

    /// <summary>The one Flow of a workspace.</summary>
    public static EntityId Flow(string workspace) => new(workspace, EntityKind.Flow, "flow");

    /// <summary>Another entity of the same workspace.</summary>
    public EntityId Sibling(EntityKind kind, string key) => new(Workspace, kind, key);

    /// <summary>The workspace's Flow.</summary>
    public EntityId SiblingFlow => Flow(Workspace);

    /// <summary><c>workspace/kind/key</c>: the stored form.</summary>
    public override string ToString() => string.Concat(Workspace, "/", Names[(int)Kind], "/" + Key);

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="FormatException">The text is not an id.</exception>
    public static EntityId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = text.IndexOf('/', StringComparison.Ordinal);
        var second = first < 0 ? -1 : text.IndexOf('/', first + 1);
        if (second < 0) throw new FormatException($"'{text}' is not an entity id.");
        var kind = Array.IndexOf(Names, text[(first + 1)..second]);
        if (kind < 0) throw new FormatException($"'{text}' names no machine.");
        return new EntityId(text[..first], (EntityKind)kind, text[(second + 1)..]);
    }
}
